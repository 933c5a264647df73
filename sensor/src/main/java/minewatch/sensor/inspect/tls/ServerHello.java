package minewatch.sensor.inspect.tls;

/// A TLS ServerHello, read into fields that the next one overwrites. One per thread; reading
/// allocates nothing.
///
/// Source: RFC 8446 §4.1.3.
public final class ServerHello {
    public static final int TYPE = 2;
    private static final int MAX_VALUES = 64;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;

    private final Fields body = new Fields();
    private final Fields extension = new Fields();
    private final int[] extensions = new int[MAX_VALUES];
    private int extensionCount;
    private int version;
    private int cipher;
    private int alpnFirst;
    private int alpnLast;

    /// Reads the body of the message, `data[start, end)`, after its type and length.
    ///
    /// @return false where it breaks off or makes no sense
    public boolean read(byte[] data, int start, int end) {
        extensionCount = 0;
        alpnFirst = -1;
        alpnLast = -1;
        body.wrap(data, start, end);
        version = body.u16();
        body.skip(32); // random
        body.skip(body.u8()); // session id
        cipher = body.u16();
        body.skip(1); // compression method
        boolean sound = !body.isBroken() && version >>> 8 == 3;
        if (body.remaining() > 0) {
            body.narrow(body.u16());
            readExtensions();
        }
        return sound && !body.isBroken();
    }

    /// The fingerprint, `t130200_1301_234ea6891581`. Allocates.
    public String ja4s() {
        return "t"
                + Ja4.version(version)
                + Ja4.count(extensionCount)
                + Ja4.alpn(alpnFirst, alpnLast)
                + "_"
                + Ja4.hex(new int[] {cipher}, 1)
                + "_"
                + Ja4.hash(Ja4.hex(extensions, extensionCount));
    }

    private void readExtensions() {
        while (body.remaining() >= 4) {
            int type = body.u16();
            extension.wrap(body, body.u16());
            if (extensionCount < MAX_VALUES) {
                extensions[extensionCount++] = type;
            }
            if (type == SUPPORTED_VERSIONS && extension.remaining() == 2) {
                version = extension.u16();
            } else if (type == ALPN) {
                readAlpn();
            }
        }
    }

    private void readAlpn() {
        extension.skip(2);
        int length = extension.u8();
        for (int i = 0; i < length && extension.remaining() > 0; i++) {
            alpnLast = extension.u8();
            alpnFirst = i == 0 ? alpnLast : alpnFirst;
        }
    }
}
