package minewatch.signatures;

import org.jspecify.annotations.Nullable;

/// Holds one message at a time against every dialect of a pack. One per thread: it owns the scratch
/// of the lexer and allocates nothing while parsing and matching.
///
/// Call [#parse] with a complete JSON text, then [#match], then read fields of the templates that
/// matched.
public interface Matcher {
    /// How a text parsed.
    enum Parse {
        /// One JSON object, whole.
        OBJECT,
        /// Valid JSON, but an array or scalar.
        OTHER,
        /// Not JSON, or beyond the bounds (depth, number of nodes).
        INVALID
    }

    /// Receives templates that fit the parsed message.
    @FunctionalInterface
    interface Sink {
        void onMatch(Template template);

        /// Whether [#onMatch] would do anything with this template: what nobody wants is not held
        /// against the message. Asked just before.
        default boolean wants(Template template) {
            return true;
        }
    }

    /// Parses `buffer[start, end)`, which must stay unchanged until the fields have been read.
    Parse parse(byte[] buffer, int start, int end);

    /// Parses the text that `buffer[start, end)` begins with, if it is a whole and valid object or
    /// array; whatever follows it is left alone. Spares a search for its end.
    ///
    /// @return index after its closing bracket, or −1: nothing has been parsed
    int parseFirst(byte[] buffer, int start, int end);

    /// Whether an object has been parsed.
    boolean isObject();

    /// Whether the parsed object has a string `method` (or whatever a dialect dispatches requests
    /// on): a request or notification, not a reply.
    boolean isRequest();

    /// Hash of the `id` value's bytes, 0 if absent or null. Pairs replies with requests.
    long idHash();

    /// Reports every wanted template the message fits. Replies are matched with `request`, the
    /// template of the message they answer, or with null where that was not seen; then only
    /// templates that are distinctive alone match.
    ///
    /// @param from the sender, or null while roles are unknown
    void match(@Nullable Side from, @Nullable Template request, Sink sink);

    /// The text of a field of a template that matched, unescaped; null if absent or empty. Where a
    /// signature names several places for one field, their texts are joined by `/`. Allocates.
    @Nullable String text(Template template, Field field);

    /// The bytes that a field writes in hexadecimal, those of an array's strings one after the
    /// other; null if absent, or not pairs of digits. Allocates.
    byte @Nullable [] bytes(Template template, Field field);

    /// A numeric field, also where it is written as a string: decimal, or hexadecimal after `0x`
    /// and where the signature's shape is hexadecimal. 1 and 0 for true and false; NaN if absent or
    /// no number.
    double number(Template template, Field field);

    /// Hash of a field's bytes, 0 if absent: tells a repeated value without making a string.
    long hash(Template template, Field field);
}
