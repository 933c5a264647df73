package minewatch.sensor.inspect.tls;

/// Finds the names in the first certificate of a TLS 1.2 Certificate message.
///
/// Common names and the DNS names of its subject's alternatives are what a pool may be called by:
/// it looks for their object identifiers and reads what follows, which finds them in a message that
/// was cut short as well. The issuer is one name, which says something only as a whole: the way to
/// it leads from element to element, and it is among the first.
///
/// Source: RFC 5246 §7.4.2, RFC 5280 §4.1, §4.1.2.4, §4.1.2.6 and §4.2.1.6, X.690 §8.
public final class CertificateNames {
    public static final int TYPE = 11;

    /// Names told of one certificate.
    static final int MAX_NAMES = 64;

    /// Characters of an issuer's name.
    static final int MAX_ISSUER = 128;

    private static final int OID_LENGTH = 5; // tag, length, three bytes
    private static final int HEADER = 6; // of the message, bytes: its length, the certificate's
    private static final int COMMON_NAME = 0x550403;
    private static final int ORGANIZATION = 0x55040A;
    private static final int ORGANIZATIONAL_UNIT = 0x55040B;
    private static final int ALTERNATIVE_NAMES = 0x551D11;
    private static final int DNS_NAME = 0x82; // context tag 2
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int PRINTABLE_STRING = 0x13;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xA0; // context tag 0

    /// Receives each name.
    @FunctionalInterface
    public interface Handler {
        /// `data[start, end)`.
        void onName(byte[] data, int start, int end);
    }

    private CertificateNames() {}

    /// Tells the names in the body of the message, `data[start, end)`.
    public static void read(byte[] data, int start, int end, Handler handler) {
        int to = certificateEnd(data, start, end);
        int told = 0;
        for (int at = start + HEADER; at + OID_LENGTH < to && told < MAX_NAMES; at++) {
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

    /// The issuer's whole name in the body of the message, `data[start, end)`: its attributes in
    /// their order, `/O=…/CN=…/OU=…`. Empty where it is cut short or longer than [#MAX_ISSUER], and
    /// where it has anything but these three kinds of attributes, of printable ASCII without a
    /// slash.
    public static String issuer(byte[] data, int start, int end) {
        int to = certificateEnd(data, start, end);
        int at = enter(data, start + HEADER, to, SEQUENCE);
        at = enter(data, at, to, SEQUENCE);
        int afterVersion = after(data, at, to, VERSION);
        at = after(data, afterVersion < 0 ? at : afterVersion, to, INTEGER); // serial number
        at = after(data, at, to, SEQUENCE); // signature algorithm
        int nameEnd = after(data, at, to, SEQUENCE);
        return nameEnd < 0 ? "" : name(data, enter(data, at, to, SEQUENCE), nameEnd);
    }

    private static String name(byte[] data, int from, int to) {
        StringBuilder name = new StringBuilder(MAX_ISSUER);
        int at = from;
        while (at < to) {
            at = attribute(data, at, to, name);
            if (at < 0 || name.length() > MAX_ISSUER) {
                return "";
            }
        }
        return name.toString();
    }

    /// Adds one attribute, alone in its set, to the name.
    ///
    /// @return what follows the set; -1 where it is something else
    private static int attribute(byte[] data, int at, int to, StringBuilder name) {
        int end = after(data, at, to, SET);
        int pair = enter(data, at, to, SET);
        if (end < 0 || after(data, pair, end, SEQUENCE) != end) {
            return -1;
        }
        int type = enter(data, pair, end, SEQUENCE);
        int value = after(data, type, end, OBJECT_IDENTIFIER);
        if (value - type != OID_LENGTH) {
            return -1;
        }
        int text =
                Math.max( // one of the two is -1
                        enter(data, value, end, UTF8_STRING),
                        enter(data, value, end, PRINTABLE_STRING));
        if (text < 0 || text + length(data, value + 1, end) != end || end - text > MAX_ISSUER) {
            return -1;
        }
        switch ((data[type + 2] & 0xFF) << 16 | u16(data, type + 3)) {
            case COMMON_NAME -> name.append("/CN=");
            case ORGANIZATION -> name.append("/O=");
            case ORGANIZATIONAL_UNIT -> name.append("/OU=");
            default -> {
                return -1;
            }
        }
        for (int i = text; i < end; i++) {
            if (data[i] < ' ' || data[i] > '~' || data[i] == '/') {
                return -1;
            }
            name.append((char) data[i]);
        }
        return end;
    }

    /// Where the first certificate ends, or what is there of it.
    private static int certificateEnd(byte[] data, int start, int end) {
        if (end - start < HEADER) {
            return start;
        }
        return Math.min(
                end, start + HEADER + ((data[start + 3] & 0xFF) << 16 | u16(data, start + 4)));
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

    /// What follows an element with this tag, or -1 where it is not whole.
    private static int after(byte[] data, int at, int to, int tag) {
        int content = enter(data, at, to, tag);
        int end = content < 0 ? -1 : content + length(data, at + 1, to);
        return end > to ? -1 : end;
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
