package minewatch.sensor.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A frame of a protocol that is not JSON, written as a JSON object, so that a signature file
/// describes it like any other message: `{"btcagent":"submit","session":3,"nonce":"6b046b9d"}`. The
/// first key names the protocol, its value the kind of frame.
///
/// Bytes above ASCII are taken as ISO 8859-1, so that any bytes give a valid text.
///
/// - **Memory:** at most [#MAX_BYTES]; a value that does not fit is left out.
final class Rendering {
    static final int MAX_BYTES = 8 << 10;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private byte[] text = new byte[256];
    private int length;

    Rendering(String protocol, String kind) {
        put('{');
        quoted(protocol);
        put(':');
        string(kind);
    }

    Rendering number(String key, long value) {
        return fits(key, 20) ? key(key).ascii(Long.toString(value)) : this;
    }

    Rendering flag(String key, boolean value) {
        return fits(key, 5) ? key(key).ascii(value ? "true" : "false") : this;
    }

    Rendering text(String key, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        return text(key, bytes, 0, bytes.length);
    }

    Rendering text(String key, byte[] data, int start, int end) {
        if (fits(key, 6 * (end - start))) {
            key(key);
            string(data, start, end);
        }
        return this;
    }

    /// An array of texts.
    Rendering texts(String key, List<String> values) {
        int length = 2;
        for (String value : values) {
            length += 6 * value.length() + 3;
        }
        if (fits(key, length)) {
            key(key);
            char separator = '[';
            for (String value : values) {
                put(separator);
                string(value);
                separator = ',';
            }
            ascii(values.isEmpty() ? "[]" : "]");
        }
        return this;
    }

    /// An object of texts.
    Rendering texts(String key, Map<String, String> values) {
        int length = 2;
        for (Map.Entry<String, String> value : values.entrySet()) {
            length += 6 * (value.getKey().length() + value.getValue().length()) + 6;
        }
        if (fits(key, length)) {
            key(key);
            char separator = '{';
            for (Map.Entry<String, String> value : values.entrySet()) {
                put(separator);
                string(value.getKey());
                put(':');
                string(value.getValue());
                separator = ',';
            }
            ascii(values.isEmpty() ? "{}" : "}");
        }
        return this;
    }

    /// The bytes as hexadecimal digits in the order of the wire.
    Rendering hex(String key, byte[] data, int start, int end) {
        if (fits(key, 2 * (end - start))) {
            key(key);
            put('"');
            for (int i = start; i < end; i++) {
                hexByte(data[i]);
            }
            put('"');
        }
        return this;
    }

    void deliver(MessageFramer.Handler handler, long timeNanos) {
        put('}');
        handler.onText(text, 0, length, timeNanos);
    }

    private boolean fits(String key, int valueLength) {
        return length + key.length() + valueLength + 8 <= MAX_BYTES;
    }

    private Rendering key(String key) {
        put(',');
        quoted(key);
        put(':');
        return this;
    }

    private void quoted(String plain) {
        put('"');
        ascii(plain);
        put('"');
    }

    private Rendering ascii(String plain) {
        for (int i = 0; i < plain.length(); i++) {
            put(plain.charAt(i));
        }
        return this;
    }

    private void string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
        string(bytes, 0, bytes.length);
    }

    private void string(byte[] data, int start, int end) {
        put('"');
        for (int i = start; i < end; i++) {
            character(data[i] & 0xFF);
        }
        put('"');
    }

    private void character(int value) {
        if (value == '"' || value == '\\') {
            put('\\');
            put(value);
        } else if (value < 0x20 || value == 0x7F) {
            ascii("\\u00");
            hexByte((byte) value);
        } else if (value < 0x80) {
            put(value);
        } else {
            put(0xC0 | value >> 6);
            put(0x80 | value & 0x3F);
        }
    }

    private void hexByte(byte value) {
        put(DIGITS[value >> 4 & 0x0F]);
        put(DIGITS[value & 0x0F]);
    }

    private void put(int value) {
        if (length == text.length) {
            text = Arrays.copyOf(text, 2 * length);
        }
        text[length++] = (byte) value;
    }
}
