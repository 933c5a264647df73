package minewatch.sensor.inspect;

import minewatch.signatures.lexer.StringRun;

/// Finds where a JSON text ends by counting brackets outside strings; resumes where it stopped, so
/// that a text that comes byte by byte is read once. Whether it *is* JSON is for the lexer to say.
///
/// - **Thread:** the worker's own.
final class JsonBoundary {
    private static final int BRACE_OF_BRACKET = 0x20; // the bit that tells `{` from `[`

    private int depth;
    private boolean inString;
    private boolean escaped;

    void reset() {
        depth = 0;
        inString = false;
        escaped = false;
    }

    /// Scans `data[from, to)`.
    ///
    /// @return index after the bracket that closes the text, or −1 if more bytes are needed
    int scan(byte[] data, int from, int to) {
        int at = inString ? afterString(data, from, to) : from;
        int open = depth;
        while (at < to) {
            int b = data[at++];
            if (b == '"') {
                at = afterString(data, at, to);
            } else if ((b | BRACE_OF_BRACKET) == '{') {
                open++;
            } else if ((b | BRACE_OF_BRACKET) == '}' && --open <= 0) {
                reset();
                return at;
            }
        }
        depth = open;
        return -1;
    }

    /// Goes on within a string.
    ///
    /// @return index after its closing quote, or `to` if that is not there yet
    private int afterString(byte[] data, int from, int to) {
        int at = from;
        if (escaped && at < to) {
            escaped = false;
            at++;
        }
        while (at < to) {
            at = StringRun.end(data, at, to);
            if (at == to) {
                break;
            }
            byte b = data[at++];
            if (b == '"') {
                inString = false;
                return at;
            }
            if (b == '\\') {
                escaped = at == to;
                at = Math.min(at + 1, to);
            }
        }
        inString = true;
        return to;
    }
}
