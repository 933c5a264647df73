package minewatch.signatures.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Other ways of writing a JSON object: keys in another order, white space, escapes, a repeated
/// key; and some that change what it says.
final class Variants {
    private static final String EARLIER = "{\"id\":0}\n";

    private Variants() {}

    static List<String> of(String object) {
        List<String> members = members(object);
        List<String> variants = new ArrayList<>();
        variants.add(object);
        variants.add("{" + String.join(",", members.reversed()) + "}");
        variants.add(" \t{ " + String.join(" ,\r\n ", members) + " }\n");
        variants.add(
                "{"
                        + members.stream().map(Variants::escaped).collect(Collectors.joining(","))
                        + "}");
        variants.add("{\"x\":1,\"x\":{\"method\":[\"}\"]}," + String.join(",", members) + "}");
        variants.add("{" + String.join(",", members) + ",\"method\":\"other\"}");
        variants.add("{\"method\":\"other\"," + String.join(",", members) + "}");
        variants.add(EARLIER + object);
        variants.add("[" + object + "]");
        variants.add("{\"log\":" + object + "}");
        variants.add("{\"log\":\"}{\"," + String.join(",", members) + "}");
        variants.add(object.substring(0, object.length() - 1));
        variants.add("{" + String.join(",", members) + ",}");
        variants.add(object.replace("\"", "'"));
        for (int i = 0; i < members.size(); i++) {
            List<String> fewer = new ArrayList<>(members);
            fewer.remove(i);
            variants.add("{" + String.join(",", fewer) + "}");
        }
        variants.addAll(changedValues(object));
        return variants;
    }

    /// Digits and brackets changed here and there: lengths and counts that just fit or just do not.
    private static List<String> changedValues(String object) {
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < object.length(); i += 1 + object.length() / 16) {
            String head = object.substring(0, i);
            String tail = object.substring(i + 1);
            changed.add(head + tail);
            changed.add(head + object.charAt(i) + object.charAt(i) + tail);
            changed.add(head + "g" + tail);
            changed.add(head + "-1" + tail);
        }
        return changed;
    }

    private static String escaped(String member) {
        StringBuilder escaped = new StringBuilder();
        boolean inString = false;
        for (int i = 0; i < member.length(); i++) {
            char c = member.charAt(i);
            if (c == '\\') {
                escaped.append(c).append(member.charAt(++i));
            } else if (c == '"') {
                inString = !inString;
                escaped.append(c);
            } else {
                escaped.append(inString && i % 3 != 0 ? "\\u%04X".formatted((int) c) : "" + c);
            }
        }
        return escaped.toString();
    }

    /// What a reader of JSON texts cuts out last: after a text before it, to its own last bracket.
    static String lastObject(String text) {
        String last = text.startsWith(EARLIER) ? text.substring(EARLIER.length()) : text;
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < last.length(); i++) {
            char c = last.charAt(i);
            if (inString && c == '\\') {
                i++;
            } else if (c == '"') {
                inString = !inString;
            } else if (!inString && (c == '{' || c == '[')) {
                depth++;
            } else if (!inString && (c == '}' || c == ']') && --depth == 0) {
                return last.substring(0, i + 1);
            }
        }
        return last;
    }

    /// The texts of an object's members.
    private static List<String> members(String object) {
        List<String> members = new ArrayList<>();
        String inner = object.strip().substring(1, object.strip().length() - 1);
        int depth = 0;
        int start = 0;
        boolean inString = false;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                inString = !inString;
            } else if (!inString && (c == '{' || c == '[')) {
                depth++;
            } else if (!inString && (c == '}' || c == ']')) {
                depth--;
            } else if (!inString && c == ',' && depth == 0) {
                members.add(inner.substring(start, i).strip());
                start = i + 1;
            }
        }
        members.add(inner.substring(start).strip());
        return members;
    }
}
