package minewatch.signatures.export;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import minewatch.signatures.Dialect;
import minewatch.signatures.language.Shape;
import minewatch.signatures.language.SignatureFile;

/// Messages of signature files as Suricata rules, one a message.
///
/// A rule fires for exactly the messages its shape matches: of the JSON texts with which a segment
/// or a reassembled chunk begins, in any order of keys, with any white space and escapes. What a
/// rule cannot know makes a message inexpressible: what was said before it, masked WebSocket
/// frames. What is left is one message as evidence; weighing it with others is not in a rule, and
/// the weight stands in its metadata.
///
/// Source: Suricata user guide, rules: payload keywords, meta keywords; pcre2pattern(3).
public final class SuricataRules {
    /// Suricata reads no longer rule.
    static final int MAX_RULE = 8191; // characters

    /// Where the local range of rule numbers begins; it has a million.
    private static final int FIRST_SID = 1_000_000;

    private static final int SIDS = 1_000_000;

    /// One message.
    ///
    /// @param message `dialect.message`
    /// @param rule empty where it is refused
    /// @param remark why it is refused, or what the rule accepts beyond the shape; empty if exact
    public record Exported(String message, String rule, String remark) {
        public boolean isRefused() {
            return rule.isEmpty();
        }
    }

    private final boolean supersets;
    private final Set<Integer> taken = new HashSet<>();

    /// @param supersets export as well what can only be said so that a rule fires a little more
    ///   often than the shape matches, with a remark
    public SuricataRules(boolean supersets) {
        this.supersets = supersets;
    }

    /// Every message of every file, as a rule or refused.
    public List<Exported> export(List<SignatureFile> files) {
        List<Exported> all = new ArrayList<>();
        for (SignatureFile file : files) {
            for (SignatureFile.Message message : file.messages()) {
                String name = file.id() + "." + message.name();
                try {
                    all.add(export(name, file, message));
                } catch (Inexpressible e) {
                    all.add(new Exported(name, "", e.reason()));
                }
            }
        }
        return all;
    }

    private Exported export(String name, SignatureFile file, SignatureFile.Message message)
            throws Inexpressible {
        checkContext(file, message);
        JsonPattern pattern = new JsonPattern();
        String body = pattern.of(message.shape());
        String relaxed = String.join(", ", pattern.relaxed());
        if (!relaxed.isEmpty() && !supersets) {
            throw new Inexpressible("a rule would fire more often: unchecked " + relaxed);
        }
        String rule = rule(name, file.revision(), message, body);
        if (rule.length() > MAX_RULE) {
            throw new Inexpressible(
                    "the rule has " + rule.length() + " characters; Suricata reads " + MAX_RULE);
        }
        return new Exported(name, rule, relaxed.isEmpty() ? "" : "superset: unchecked " + relaxed);
    }

    private static void checkContext(SignatureFile file, SignatureFile.Message message)
            throws Inexpressible {
        if (file.framing() != Dialect.Framing.JSON) {
            throw new Inexpressible(
                    "framing "
                            + file.framing().name().toLowerCase(Locale.ROOT)
                            + " hides the text");
        }
        if (message.weight() <= 0) {
            throw new Inexpressible("it speaks against mining: no reason for an alert");
        }
        if (!message.answers().isEmpty()) {
            throw new Inexpressible("a reply: whether it matches depends on the request before it");
        }
        boolean named =
                message.shape() instanceof Shape.Members members
                        && members.members().stream()
                                .anyMatch(member ->
                                        member.required()
                                                && file.dispatch().contains(member.key())
                                                && isLiteral(member.shape()));
        if (!named) {
            throw new Inexpressible("no name of its own: it matches only what is no request");
        }
    }

    private static boolean isLiteral(Shape shape) {
        return switch (shape) {
            case Shape.Literal _ -> true;
            case Shape.OneOf(List<Shape> alternatives) ->
                    alternatives.stream().allMatch(SuricataRules::isLiteral);
            case Shape.Captured(Shape inner, _) -> isLiteral(inner);
            default -> false;
        };
    }

    /// The content is all that can be asked for beforehand: everything else may be escaped.
    private String rule(String name, int revision, SignatureFile.Message message, String body) {
        return "alert tcp any any -> any any (msg:\"Minewatch "
                + name
                + "\"; flow:established; content:\"{\"; pcre:\"/"
                + pattern(body)
                + "/\"; classtype:policy-violation; sid:"
                + sid(name)
                + "; rev:"
                + revision
                + "; metadata:minewatch_from "
                + message.from().name().toLowerCase(Locale.ROOT)
                + ", minewatch_weight "
                + message.weight()
                + ";)";
    }

    /// @param body pattern of one message
    static String pattern(String body) {
        return JsonPattern.DEFINITIONS + "^(?&w)(?:(?:(?&o)|(?&a))(?&w))*?" + body;
    }

    /// The same for a name in every run, but where two names fall on one number.
    private int sid(String name) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int offset = (int) (crc.getValue() % SIDS);
        while (!taken.add(offset)) {
            offset = (offset + 1) % SIDS;
        }
        return FIRST_SID + offset;
    }
}
