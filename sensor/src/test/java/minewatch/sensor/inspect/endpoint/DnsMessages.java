package minewatch.sensor.inspect.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Writes DNS messages as clients and servers do, with names compressed.
public final class DnsMessages {
    public static final int A = 1;
    static final int CNAME = 5;
    static final int AAAA = 28;
    static final int HTTPS = 65;
    private static final int QUESTION_NAME = 0xC00C;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int answers;

    private DnsMessages(int flags, String name, int type) {
        u16(0x1234).u16(flags).u16(1).u16(0).u16(0).u16(0).name(name).u16(type).u16(1);
    }

    public static byte[] question(String name, int type) {
        return new DnsMessages(0x0100, name, type).bytes();
    }

    /// An answer of a server that serves its own names only.
    static DnsMessages answer(String name, int type) {
        return new DnsMessages(0x8400, name, type);
    }

    public static DnsMessages resolverAnswer(String name, int type) {
        return new DnsMessages(0x8180, name, type);
    }

    DnsMessages record(int type, long seconds, byte[] content) {
        u16(QUESTION_NAME).u16(type).u16(1).u16((int) (seconds >>> 16)).u16((int) seconds);
        u16(content.length);
        out.writeBytes(content);
        answers++;
        return this;
    }

    public DnsMessages address(String literal, long seconds) {
        byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
        return record(bytes.length == 4 ? A : AAAA, seconds, bytes);
    }

    public byte[] bytes() {
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes).putShort(6, (short) answers);
        return bytes;
    }

    static byte[] encoded(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }

    private DnsMessages name(String name) {
        out.writeBytes(encoded(name));
        return this;
    }

    private DnsMessages u16(int value) {
        out.write(value >>> 8);
        out.write(value);
        return this;
    }
}
