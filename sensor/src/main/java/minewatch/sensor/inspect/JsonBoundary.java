package minewatch.sensor.inspect;

/// Finds where a JSON text ends by counting brackets outside strings; resumes where it stopped, so
/// that a text that comes byte by byte is read once. Whether it *is* JSON is for the lexer to say.
///
/// - **Thread:** the worker's own.
final class JsonBoundary {
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
        for (int i = from; i < to; i++) {
            byte b = data[i];
            if (inString) {
                if (escaped) {
                    escaped = false;
                } else if (b == '\\') {
                    escaped = true;
                } else if (b == '"') {
                    inString = false;
                }
            } else if (b == '"') {
                inString = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                if (--depth <= 0) {
                    reset();
                    return i + 1;
                }
            }
        }
        return -1;
    }
}
