package minewatch.collector.web;

import com.linecorp.armeria.common.QueryParams;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which projects a reader wants to see; lives in the URL.
///
/// @param region leading digits of a GB/T 2260 code, trailing `00` pairs removed; null for all
/// @param text part of an enterprise name, address or source IP, at most 100 characters; null for
///   all
public record Filter(@Nullable String region, @Nullable String text) {
    static final Set<String> PARAMETERS = Set.of("region", "text");
    static final int TEXT_LENGTH = 100; // characters

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,6}");

    static Filter of(QueryParams query) {
        return new Filter(region(query.get("region", "")), text(query.get("text", "")));
    }

    private static @Nullable String region(String value) {
        if (value.isEmpty()) {
            return null;
        }
        if (!DIGITS.matcher(value).matches()) {
            throw Parameters.invalid("region", value, "1 to 6 leading digits of a GB/T 2260 code");
        }
        String prefix = value;
        while (value.length() == 6 && prefix.length() > 2 && prefix.endsWith("00")) {
            prefix = prefix.substring(0, prefix.length() - 2);
        }
        return prefix;
    }

    private static @Nullable String text(String value) {
        String text = value.strip();
        if (text.length() > TEXT_LENGTH || text.chars().anyMatch(Character::isISOControl)) {
            throw Parameters.invalid(
                    "text",
                    text,
                    "at most " + TEXT_LENGTH + " characters, none of them a control character");
        }
        return text.isEmpty() ? null : text;
    }

    public boolean isEmpty() {
        return region == null && text == null;
    }
}
