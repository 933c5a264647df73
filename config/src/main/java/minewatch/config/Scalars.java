package minewatch.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The types a single value can have, and how each is read.
final class Scalars {
    private static final List<Class<?>> TYPES =
            List.of(
                    String.class,
                    int.class,
                    Integer.class,
                    long.class,
                    Long.class,
                    double.class,
                    Double.class,
                    boolean.class,
                    Boolean.class,
                    Duration.class,
                    Path.class,
                    URI.class,
                    HostPort.class);

    private Scalars() {}

    static boolean canRead(Class<?> type) {
        return type.isEnum() || TYPES.contains(type);
    }

    /// @throws IllegalArgumentException if the text is no such value; its message is not for users
    static Object read(String text, Class<?> type, boolean size, @Nullable Path folder) {
        if (type.isEnum()) {
            return constant(text, type);
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> Integer.valueOf(text);
            case "long", "Long" -> size ? Long.valueOf(Sizes.parse(text)) : Long.valueOf(text);
            case "double", "Double" -> finite(text);
            case "boolean", "Boolean" -> bool(text);
            case "Duration" -> Durations.parse(text);
            case "Path" -> folder == null ? Path.of(text) : folder.resolve(text).normalize();
            case "URI" -> URI.create(text);
            case "HostPort" -> HostPort.parse(text);
            default -> text;
        };
    }

    /// What kind of value it must be, in words.
    static String kind(Class<?> type, boolean size) {
        if (type.isEnum()) {
            return constants(type);
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> "a whole number";
            case "long", "Long" -> size ? "a size such as 64MiB" : "a whole number";
            case "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "Duration" -> "a duration such as 60s, 5m, 1h";
            case "Path" -> "a path";
            case "URI" -> "a URI";
            case "HostPort" -> "host:port";
            default -> "text";
        };
    }

    private static Object constant(String text, Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> Names.key((Enum<?>) c).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(c -> Names.key((Enum<?>) c))
                .collect(Collectors.joining(" or "));
    }

    private static Double finite(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
