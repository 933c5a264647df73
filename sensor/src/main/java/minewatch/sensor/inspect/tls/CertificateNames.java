package minewatch.sensor.inspect.tls;

/// Finds the names in the first certificate of a TLS 1.2 Certificate message: the common name and
/// the DNS names of its subject's alternatives. It looks for their object identifiers and reads
/// what follows, which finds them in a message that was cut short as well.
///
/// Source: RFC 5246 §7.4.2, RFC 5280 §4.1.2.6 and §4.2.1.6.
public final class CertificateNames {
    public static final int TYPE = 11;

    /// Names told of one certificate.
    static final int MAX_NAMES = 64;

    private static final int OID_LENGTH = 5; // tag, length, three bytes
    private static final int COMMON_NAME = 0x550403;
    private static final int ALTERNATIVE_NAMES = 0x551D11;
    private static final int DNS_NAME = 0x82; // context tag 2
    private static final int BOOLEAN = 0x01;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;

    /// Receives each name.
    @FunctionalInterface
    public interface Handler {
        /// `data[start, end)`.
        void onName(byte[] data, int start, int end);
    }

    private CertificateNames() {}

    /// Tells the names in the body of the message, `data[start, end)`.
    public static void read(byte[] data, int start, int end, Handler handler) {
        if (end - start < 6) {
            return;
        }
        int length = (data[start + 3] & 0xFF) << 16 | u16(data, start + 4);
        int to = Math.min(end, start + 6 + length);
        int told = 0;
        for (int at = start + 6; at + OID_LENGTH < to && told < MAX_NAMES; at++) {
            if (data[at] == 0x06 && data[at + 1] == 0x03) {
                int id = (data[at + 2] & 0xFF) << 16 | u16(data, at + 3);
                if (id == COMMON_NAME) {
                    told += commonName(data, at + OID_LENGTH, to, handler);
                } else if (id == ALTERNATIVE_NAMES) {
                    told += alternativeNames(data, at + OID_LENGTH, to, MAX_NAMES - told, handler);
                }
            }
        }
    }

    private static int commonName(byte[] data, int at, int to, Handler handler) {
        int length = length(data, at + 1, to);
        int content = at + 1 + lengthBytes(data, at + 1, to);
        if (length <= 0 || content + length > to) {
            return 0;
        }
        handler.onName(data, content, content + length);
        return 1;
    }

    private static int alternativeNames(byte[] data, int from, int to, int most, Handler handler) {
        int at = from;
        if (at + 3 < to && data[at] == BOOLEAN) {
            at += 3; // critical
        }
        at = enter(data, at, to, OCTETS);
        at = enter(data, at, to, SEQUENCE);
        int told = 0;
        while (at >= 0 && at + 2 < to && told < most && (data[at] & 0xC0) == 0x80) {
            int length = length(data, at + 1, to);
            int content = at + 1 + lengthBytes(data, at + 1, to);
            if (length < 0 || content + length > to) {
                return told;
            }
            if ((data[at] & 0xFF) == DNS_NAME) {
                handler.onName(data, content, content + length);
                told++;
            }
            at = content + length;
        }
        return told;
    }

    /// The content of an element with this tag, or -1.
    private static int enter(byte[] data, int at, int to, int tag) {
        return at < 0 || at + 2 > to || (data[at] & 0xFF) != tag || length(data, at + 1, to) < 0
                ? -1
                : at + 1 + lengthBytes(data, at + 1, to);
    }

    /// The length at `at` in DER, up to 65,535; -1 if it is none.
    private static int length(byte[] data, int at, int to) {
        if (at >= to) {
            return -1;
        }
        int first = data[at] & 0xFF;
        return switch (first) {
            case 0x81 -> at + 1 < to ? data[at + 1] & 0xFF : -1;
            case 0x82 -> at + 2 < to ? u16(data, at + 1) : -1;
            default -> first < 0x80 ? first : -1;
        };
    }

    private static int lengthBytes(byte[] data, int at, int to) {
        int first = at < to ? data[at] & 0xFF : 0;
        return first == 0x81 ? 2 : first == 0x82 ? 3 : 1;
    }

    private static int u16(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }
}
