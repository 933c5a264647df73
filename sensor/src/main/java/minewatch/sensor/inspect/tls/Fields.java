package minewatch.sensor.inspect.tls;

/// Walks over the length-prefixed fields of a TLS message (RFC 8446 §3). Once a length leads beyond
/// the end, everything that follows is empty and [#isBroken] is set.
final class Fields {
    private byte[] data = {};
    private int at;
    private int end;
    private boolean broken;

    void wrap(byte[] bytes, int from, int to) {
        data = bytes;
        at = from;
        end = to;
        broken = false;
    }

    /// A field within this one, of the same bytes.
    void wrap(Fields outer, int length) {
        boolean fits = length <= outer.remaining();
        int size = fits ? length : 0;
        outer.broken |= !fits;
        wrap(outer.data, outer.at, outer.at + size);
        outer.at = fits ? outer.at + size : outer.end;
    }

    /// Ends after so many more bytes.
    void narrow(int length) {
        broken |= length > remaining();
        end = Math.min(end, at + length);
    }

    int at() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    boolean isBroken() {
        return broken;
    }

    int u8() {
        if (at >= end) {
            broken = true;
            return 0;
        }
        return data[at++] & 0xFF;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    int u24() {
        return u16() << 8 | u8();
    }

    void skip(int length) {
        if (length > remaining()) {
            broken = true;
            at = end;
        } else {
            at += length;
        }
    }
}
