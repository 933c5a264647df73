package minewatch.signatures.language;

import java.util.List;
import minewatch.signatures.Field;
import org.jspecify.annotations.Nullable;

/// What a JSON value must look like, as a signature file says it.
public sealed interface Shape {
    /// Any value at all.
    record Any() implements Shape {}

    record Null() implements Shape {}

    /// @param value the one value allowed, or null for both
    record Bool(@Nullable Boolean value) implements Shape {}

    /// A string of `min` to `max` bytes of UTF-8 that begins with `prefix`.
    ///
    /// @param visible only printable ASCII and no space
    record Text(int min, int max, String prefix, boolean visible) implements Shape {}

    /// A string of `min` to `max` hexadecimal digits, the `0x` not counted.
    ///
    /// @param prefix digits it begins with, after any `0x`; lower case
    record Hex(int min, int max, ZeroX zeroX, String prefix) implements Shape {}

    /// Whether hexadecimal digits come after `0x`.
    enum ZeroX {
        FORBIDDEN,
        REQUIRED,
        OPTIONAL
    }

    /// A number from `min` to `max`.
    ///
    /// @param integer without fraction and exponent
    record Numeric(double min, double max, boolean integer) implements Shape {}

    /// A string that holds a number from `min` to `max`.
    record Decimal(double min, double max) implements Shape {}

    /// Exactly this string.
    record Literal(String value) implements Shape {}

    record OneOf(List<Shape> alternatives) implements Shape {}

    /// An array position by position.
    ///
    /// @param items the shapes of the first elements
    /// @param required how many of them must be there
    /// @param rest what all further elements must look like; null: there are none
    record Tuple(List<Shape> items, int required, @Nullable Shape rest) implements Shape {}

    /// An array of `min` to `max` like elements.
    record ListOf(int min, int max, Shape element) implements Shape {}

    /// An object.
    ///
    /// @param others what the values of keys not named must look like; null: there are none
    record Members(List<Member> members, @Nullable Shape others) implements Shape {}

    record Member(String key, boolean required, Shape shape) {}

    /// A value that tells a field.
    record Captured(Shape shape, Field field) implements Shape {}
}
