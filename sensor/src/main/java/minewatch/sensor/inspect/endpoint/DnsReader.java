package minewatch.sensor.inspect.endpoint;

/// Reads the question of a DNS message, and of its answers the names and addresses it leads to: A,
/// AAAA, CNAME, SVCB and HTTPS. One per thread; allocates nothing.
///
/// - **Limits:** one question (as everybody asks), [#MAX_RECORDS] answers, [#MAX_JUMPS] compression
///   pointers a name, each of which must lead backwards.
///
/// Source: RFC 1035 §4.1, RFC 3596 §2.2, RFC 9460 §2.2 and §7.3.
public final class DnsReader {
    static final int MAX_RECORDS = 64;
    static final int MAX_JUMPS = 16;
    static final int MAX_NAME = 255; // bytes

    private static final int HEADER = 12; // bytes
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int IN = 1;
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int AAAA = 28;
    private static final int SVCB = 64;
    private static final int HTTPS = 65;
    private static final int IPV4_HINT = 4;
    private static final int IPV6_HINT = 6;
    private static final long MAPPED = 0xFFFF_0000_0000L; // RFC 4291 §2.5.5.2

    /// What a message was.
    public enum Result {
        QUESTION,
        /// An answer of a server that asks others in turn for its clients (RA is set).
        ANSWER_OF_RESOLVER,
        ANSWER,
        /// Another kind of message, or not one question.
        OTHER,
        /// Broken off or impossible; what stood before was reported.
        MALFORMED
    }

    /// Receives what a message holds.
    public interface Handler {
        /// A name the question asks for, or that an answer leads on to.
        ///
        /// @param name labels with dots between, `name[0, length)`; valid only during the call
        void onName(byte[] name, int length);

        /// An address, IPv4 mapped.
        ///
        /// @param seconds how long it may be kept, 0 to 2^31 - 1
        void onAddress(long high, long low, long seconds);
    }

    private final byte[] name = new byte[MAX_NAME];
    private int nameLength;
    private int questionType;
    private byte[] data = {};
    private int start;
    private int end;

    /// Reads the message `bytes[from, to)`.
    public Result read(byte[] bytes, int from, int to, Handler handler) {
        data = bytes;
        start = from;
        end = to;
        questionType = 0;
        if (to - from < HEADER) {
            return Result.MALFORMED;
        }
        int flags = u16(from + 2);
        if ((flags & OPCODE) != 0 || u16(from + 4) != 1) {
            return Result.OTHER;
        }
        int at = readName(from + HEADER);
        if (at < 0 || at + 4 > end) {
            return Result.MALFORMED;
        }
        questionType = u16(at);
        handler.onName(name, nameLength);
        if ((flags & RESPONSE) == 0) {
            return Result.QUESTION;
        }
        if (!readAnswers(at + 4, u16(from + 6), handler)) {
            return Result.MALFORMED;
        }
        return (flags & RECURSION_AVAILABLE) != 0 ? Result.ANSWER_OF_RESOLVER : Result.ANSWER;
    }

    /// Whether the question read last was for a service binding, which browsers ask for before they
    /// open a web page, and nothing that mines does.
    public boolean asksLikeBrowser() {
        return questionType == HTTPS;
    }

    private boolean readAnswers(int from, int count, Handler handler) {
        int at = from;
        for (int i = 0; i < Math.min(count, MAX_RECORDS); i++) {
            at = skipName(at);
            if (at < 0 || at + 10 > end) {
                return false;
            }
            int length = u16(at + 8);
            int content = at + 10;
            if (content + length > end) {
                return false;
            }
            if (u16(at + 2) == IN
                    && !readRecord(u16(at), seconds(at + 4), content, length, handler)) {
                return false;
            }
            at = content + length;
        }
        return true;
    }

    private boolean readRecord(int type, long seconds, int at, int length, Handler handler) {
        return switch (type) {
            case A -> length == 4 && address4(at, seconds, handler);
            case AAAA -> length == 16 && address6(at, seconds, handler);
            case CNAME -> readName(at) >= 0 && report(handler);
            case SVCB, HTTPS -> length > 2 && service(at + 2, at + length, seconds, handler);
            default -> true;
        };
    }

    /// Target name and parameters of a service binding; `.` means the name itself.
    private boolean service(int target, int to, long seconds, Handler handler) {
        int at = readName(target);
        if (at < 0 || at > to) {
            return false;
        }
        if (nameLength > 0) {
            report(handler);
        }
        while (at + 4 <= to) {
            int length = u16(at + 2);
            int content = at + 4;
            if (content + length > to) {
                return false;
            }
            hints(u16(at), content, length, seconds, handler);
            at = content + length;
        }
        return at == to;
    }

    private void hints(int key, int at, int length, long seconds, Handler handler) {
        if (key == IPV4_HINT) {
            for (int i = 0; i + 4 <= length; i += 4) {
                address4(at + i, seconds, handler);
            }
        } else if (key == IPV6_HINT) {
            for (int i = 0; i + 16 <= length; i += 16) {
                address6(at + i, seconds, handler);
            }
        }
    }

    private boolean address4(int at, long seconds, Handler handler) {
        handler.onAddress(0, MAPPED | u32(at), seconds);
        return true;
    }

    private boolean address6(int at, long seconds, Handler handler) {
        handler.onAddress(u32(at) << 32 | u32(at + 4), u32(at + 8) << 32 | u32(at + 12), seconds);
        return true;
    }

    private boolean report(Handler handler) {
        handler.onName(name, nameLength);
        return true;
    }

    /// Decodes a name into [#name].
    ///
    /// @return the offset after it, -1 if it is no name
    private int readName(int from) {
        int at = from;
        int after = -1;
        int bound = from; // a pointer must lead before this
        nameLength = 0;
        for (int jumps = 0; jumps <= MAX_JUMPS; ) {
            if (at >= end) {
                return -1;
            }
            int length = data[at] & 0xFF;
            if (length >= 0xC0) {
                int target = at + 1 < end ? start + (u16(at) & 0x3FFF) : bound;
                if (target >= bound) {
                    return -1;
                }
                after = after < 0 ? at + 2 : after;
                at = bound = target;
                jumps++;
            } else if (length == 0) {
                return after < 0 ? at + 1 : after;
            } else if (length >= 0x40 || !append(at + 1, length)) {
                return -1;
            } else {
                at += 1 + length;
            }
        }
        return -1;
    }

    private boolean append(int at, int length) {
        int dot = nameLength == 0 ? 0 : 1;
        if (at + length > end || nameLength + dot + length > MAX_NAME) {
            return false;
        }
        if (dot > 0) {
            name[nameLength++] = '.';
        }
        for (int i = 0; i < length; i++) {
            byte character = data[at + i];
            if (character == '.') {
                return false; // a dot in a label would read as two labels
            }
            name[nameLength++] = character;
        }
        return true;
    }

    private int skipName(int from) {
        int at = from;
        while (at < end) {
            int length = data[at] & 0xFF;
            if (length >= 0xC0) {
                return at + 2;
            }
            if (length == 0) {
                return at + 1;
            }
            at += 1 + length;
        }
        return -1;
    }

    /// RFC 2181 §8: a TTL with the highest bit set counts as 0.
    private long seconds(int at) {
        long seconds = u32(at);
        return seconds > Integer.MAX_VALUE ? 0 : seconds;
    }

    private int u16(int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }

    private long u32(int at) {
        return (long) u16(at) << 16 | u16(at + 2);
    }
}
