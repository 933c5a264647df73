package minewatch.sensor.inspect.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Writes TLS handshake messages.
public final class Hellos {
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();

    /// A message of Chrome 111 on Windows: the example of the JA4 specification.
    public static byte[] chrome(String server) {
        Hellos hello = new Hellos();
        hello.extension(0x5A5A).serverName(server).extension(0x17).extension(0xFF01, 0);
        hello.extension(0x0A, 0, 2, 0, 0x1D).extension(0x0B, 1, 0).extension(0x23);
        hello.alpn("h2", "http/1.1").extension(5, 1, 0, 0, 0, 0);
        hello.values(0x0D, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601);
        hello.extension(0x12).extension(0x33, 0, 0).extension(0x2D, 1, 1);
        hello.extension(0x2B, 6, 0x7A, 0x7A, 3, 4, 3, 3).extension(0x1B, 2, 0, 2);
        hello.extension(0x4469, 0, 3, 2, 'h', '2').extension(0x15);
        return hello.client(
                0x3A3A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8,
                0xC013, 0xC014, 0x9C, 0x9D, 0x2F, 0x35);
    }

    /// A message that names no server and no protocol.
    public static byte[] bare() {
        return new Hellos()
                .values(0x0D, 0x0403, 0x0804)
                .extension(0x2B, 2, 3, 4)
                .client(0x1301, 0x1302, 0xC02F);
    }

    /// The same with a server's name.
    public static byte[] named(String server) {
        return new Hellos()
                .serverName(server)
                .values(0x0D, 0x0403, 0x0804)
                .extension(0x2B, 2, 3, 4)
                .client(0x1301, 0x1302, 0xC02F);
    }

    /// The message `type` in one TLS record.
    public static byte[] record(int type, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = body.length + 4;
        out.writeBytes(new byte[] {22, 3, 1, (byte) (length >>> 8), (byte) length});
        out.writeBytes(new byte[] {(byte) type, 0, (byte) (body.length >>> 8), (byte) body.length});
        out.writeBytes(body);
        return out.toByteArray();
    }

    /// A record of data that nobody can read.
    public static byte[] data(int length) {
        byte[] record = new byte[5 + length];
        Arrays.fill(record, (byte) 0xA5);
        record[0] = 23;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (length >>> 8);
        record[4] = (byte) length;
        return record;
    }

    private Hellos serverName(String server) {
        byte[] name = server.getBytes(US_ASCII);
        int[] content = new int[5 + name.length];
        content[1] = name.length + 3;
        content[4] = name.length;
        for (int i = 0; i < name.length; i++) {
            content[5 + i] = name[i];
        }
        return extension(0, content);
    }

    private Hellos alpn(String... protocols) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String protocol : protocols) {
            list.write(protocol.length());
            list.writeBytes(protocol.getBytes(US_ASCII));
        }
        byte[] bytes = list.toByteArray();
        int[] content = new int[2 + bytes.length];
        content[1] = bytes.length;
        for (int i = 0; i < bytes.length; i++) {
            content[2 + i] = bytes[i];
        }
        return extension(16, content);
    }

    private Hellos values(int type, int... values) {
        int[] content = new int[2 + 2 * values.length];
        content[1] = 2 * values.length;
        for (int i = 0; i < values.length; i++) {
            content[2 + 2 * i] = values[i] >>> 8;
            content[3 + 2 * i] = values[i] & 0xFF;
        }
        return extension(type, content);
    }

    private Hellos extension(int type, int... content) {
        u16(extensions, type);
        u16(extensions, content.length);
        for (int b : content) {
            extensions.write(b);
        }
        return this;
    }

    private byte[] client(int... ciphers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        u16(out, 0x0303);
        out.writeBytes(new byte[32]);
        out.write(0);
        u16(out, 2 * ciphers.length);
        for (int cipher : ciphers) {
            u16(out, cipher);
        }
        out.write(1);
        out.write(0);
        u16(out, extensions.size());
        out.writeBytes(extensions.toByteArray());
        return out.toByteArray();
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }
}
