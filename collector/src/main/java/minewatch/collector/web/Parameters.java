package minewatch.collector.web;

import com.linecorp.armeria.common.QueryParams;
import java.util.Set;
import java.util.regex.Pattern;

/// Strict reading of what a request asks for. What breaks a rule is a [Problem], never a guess.
final class Parameters {
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");
    private static final int SHOWN = 60; // characters of a refused value

    private Parameters() {}

    static long id(String value) {
        if (!ID.matcher(value).matches()) {
            throw invalid("id", value, "a whole number from 1, at most 18 digits");
        }
        return Long.parseLong(value);
    }

    /// @return the number, or `otherwise` where the parameter is absent
    static int number(QueryParams query, String name, int least, int most, int otherwise) {
        String value = query.get(name);
        if (value == null) {
            return otherwise;
        }
        if (ID.matcher(value).matches() && value.length() <= 9) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw invalid(name, value, least + " to " + most);
    }

    /// A misspelt filter would silently show everything; so unknown names are refused.
    static void allowOnly(QueryParams query, Set<String> names) {
        for (String name : query.names()) {
            if (!names.contains(name)) {
                throw new Problem(
                                Problem.Kind.INVALID_PARAMETER,
                                shown(name)
                                        + ": unknown parameter (expected: one of "
                                        + String.join(", ", names.stream().sorted().toList())
                                        + ")")
                        .asException();
            }
        }
    }

    static Problem.RequestException invalid(String name, String value, String rule) {
        return new Problem(
                        Problem.Kind.INVALID_PARAMETER,
                        name + ": " + shown(value) + " (expected: " + rule + ")")
                .asException();
    }

    private static String shown(String value) {
        String safe = value.replaceAll("\\p{Cntrl}", "�");
        return safe.length() <= SHOWN ? safe : safe.substring(0, SHOWN) + "…";
    }
}
