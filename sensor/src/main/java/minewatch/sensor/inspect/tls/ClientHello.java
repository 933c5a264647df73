package minewatch.sensor.inspect.tls;

import java.util.Arrays;

/// A TLS ClientHello, read into fields that the next one overwrites. One per thread; reading
/// allocates nothing.
///
/// Source: RFC 8446 §4.1.2, RFC 6066 §3, RFC 7301 §3.1.
public final class ClientHello {
    public static final int TYPE = 1;
    private static final int MAX_VALUES = 128;
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int H2 = 'h' << 8 | '2';

    private final Fields body = new Fields();
    private final Fields list = new Fields();
    private final Fields extension = new Fields();
    private final int[] ciphers = new int[MAX_VALUES];
    private final int[] extensions = new int[MAX_VALUES];
    private final int[] signatures = new int[MAX_VALUES];
    private int cipherCount;
    private int extensionCount;
    private int signatureCount;
    private int version;
    private int alpnFirst;
    private int alpnLast;
    private boolean offersH2;
    private boolean namesServer;
    private int nameStart;
    private int nameEnd;

    /// Reads the body of the message, `data[start, end)`, after its type and length.
    ///
    /// @return false where it breaks off or makes no sense
    public boolean read(byte[] data, int start, int end) {
        clear();
        body.wrap(data, start, end);
        version = body.u16();
        body.skip(32); // random
        body.skip(body.u8()); // session id
        list.wrap(body, body.u16());
        while (list.remaining() >= 2) {
            int cipher = list.u16();
            if (!Ja4.isGrease(cipher) && cipherCount < MAX_VALUES) {
                ciphers[cipherCount++] = cipher;
            }
        }
        body.skip(body.u8()); // compression methods
        if (body.remaining() > 0) {
            body.narrow(body.u16());
            readExtensions();
        }
        return !body.isBroken() && version >>> 8 == 3 && cipherCount > 0;
    }

    /// Where the server's name stands in what was read; [#nameEnd] is the same if there is none.
    public int nameStart() {
        return nameStart;
    }

    public int nameEnd() {
        return nameEnd;
    }

    /// Whether it says what is spoken inside, which web clients do and miners do not.
    public boolean hasAlpn() {
        return alpnFirst >= 0;
    }

    /// Whether HTTP/2 is offered: what says it is a web client.
    public boolean offersHttp2() {
        return offersH2;
    }

    /// The fingerprint, `t13d1516h2_8daaf6152771_e5627efa2ab1`. Allocates.
    public String ja4() {
        int[] sortedCiphers = Arrays.copyOf(ciphers, cipherCount);
        Arrays.sort(sortedCiphers);
        int[] sortedExtensions =
                Arrays.stream(extensions, 0, extensionCount)
                        .filter(type -> type != SERVER_NAME && type != ALPN)
                        .sorted()
                        .toArray();
        String extensionText = Ja4.hex(sortedExtensions, sortedExtensions.length);
        String signatureText = Ja4.hex(signatures, signatureCount);
        return "t"
                + Ja4.version(version)
                + (namesServer ? "d" : "i")
                + Ja4.count(cipherCount)
                + Ja4.count(extensionCount)
                + Ja4.alpn(alpnFirst, alpnLast)
                + "_"
                + Ja4.hash(Ja4.hex(sortedCiphers, cipherCount))
                + "_"
                + Ja4.hash(
                        signatureText.isEmpty()
                                ? extensionText
                                : extensionText + "_" + signatureText);
    }

    private void clear() {
        cipherCount = 0;
        extensionCount = 0;
        signatureCount = 0;
        alpnFirst = -1;
        alpnLast = -1;
        offersH2 = false;
        namesServer = false;
        nameStart = 0;
        nameEnd = 0;
    }

    private void readExtensions() {
        while (body.remaining() >= 4) {
            int type = body.u16();
            extension.wrap(body, body.u16());
            if (Ja4.isGrease(type)) {
                continue;
            }
            if (extensionCount < MAX_VALUES) {
                extensions[extensionCount++] = type;
            }
            switch (type) {
                case SERVER_NAME -> readServerName();
                case SIGNATURE_ALGORITHMS -> readSignatures();
                case ALPN -> readAlpn();
                case SUPPORTED_VERSIONS -> readVersions();
                default -> {}
            }
        }
    }

    private void readServerName() {
        namesServer = true;
        list.wrap(extension, extension.u16());
        if (list.remaining() > 3 && list.u8() == 0) {
            int length = list.u16();
            if (length <= list.remaining()) {
                nameStart = list.at();
                nameEnd = nameStart + length;
            }
        }
    }

    private void readSignatures() {
        list.wrap(extension, extension.u16());
        while (list.remaining() >= 2) {
            int signature = list.u16();
            if (!Ja4.isGrease(signature) && signatureCount < MAX_VALUES) {
                signatures[signatureCount++] = signature;
            }
        }
    }

    private void readAlpn() {
        list.wrap(extension, extension.u16());
        while (list.remaining() > 1) {
            int length = list.u8();
            int first = -1;
            int last = -1;
            for (int i = 0; i < length && list.remaining() > 0; i++) {
                last = list.u8();
                first = i == 0 ? last : first;
            }
            if (alpnFirst < 0 && first >= 0) {
                alpnFirst = first;
                alpnLast = last;
            }
            offersH2 |= length == 2 && (first << 8 | last) == H2;
        }
    }

    private void readVersions() {
        list.wrap(extension, extension.u8());
        int highest = 0;
        while (list.remaining() >= 2) {
            int offered = list.u16();
            if (!Ja4.isGrease(offered)) {
                highest = Math.max(highest, offered);
            }
        }
        version = highest > 0 ? highest : version;
    }
}
