package minewatch.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one setting may be: its [Setting], made usable.
///
/// @param size whether a `long` is a size in bytes: its name ends in `Bytes`
record Rule(
        @Nullable String byDefault,
        @Nullable String min,
        @Nullable String max,
        @Nullable Pattern pattern,
        @Nullable String words,
        boolean size) {

    static Rule of(RecordComponent component) {
        boolean size = component.getName().endsWith("Bytes");
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            return new Rule(null, null, null, null, null, size);
        }
        String pattern = filled(setting.pattern());
        return new Rule(
                filled(setting.byDefault()),
                filled(setting.min()),
                filled(setting.max()),
                pattern == null ? null : Pattern.compile(pattern),
                filled(setting.expected()),
                size);
    }

    /// For a list: the least number of elements.
    int minCount() {
        return min == null || !min.matches("\\d{1,9}") ? 0 : Integer.parseInt(min);
    }

    /// @throws IllegalArgumentException `value (expected: rule)`
    Object read(String text, Class<?> type, @Nullable Path folder) {
        Object value;
        try {
            value = Scalars.read(text, type, size, folder);
        } catch (RuntimeException e) {
            throw broken(text, type);
        }
        boolean fits =
                value instanceof String string
                        ? pattern == null ? !string.isBlank() : pattern.matcher(string).matches()
                        : withinLimits(value, type);
        if (!fits) {
            throw broken(text, type);
        }
        return value;
    }

    String expected(Class<?> type) {
        if (words != null) {
            return words;
        }
        if (!limited(type)) {
            return Scalars.kind(type, size);
        }
        return min != null && max != null
                ? min + " to " + max
                : min != null ? "at least " + min : "at most " + max;
    }

    private IllegalArgumentException broken(String text, Class<?> type) {
        String shown = text.isBlank() ? "empty" : text;
        return new IllegalArgumentException(shown + " (expected: " + expected(type) + ")");
    }

    private boolean limited(Class<?> type) {
        return (min != null || max != null)
                && (type.isPrimitive() || Comparable.class.isAssignableFrom(type))
                && type != String.class
                && type != Path.class;
    }

    private boolean withinLimits(Object value, Class<?> type) {
        return !limited(type)
                || ((min == null || compare(value, min, type) >= 0)
                        && (max == null || compare(value, max, type) <= 0));
    }

    @SuppressWarnings("unchecked") // both sides come from the same reader for the same type
    private int compare(Object value, String limit, Class<?> type) {
        return ((Comparable<Object>) value).compareTo(Scalars.read(limit, type, size, null));
    }

    private static @Nullable String filled(String text) {
        return text.isEmpty() ? null : text;
    }
}
