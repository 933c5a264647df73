package minewatch.sensor.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// First payloads of what a provider's network carries most.
final class Openings {
    static final byte[] HTTP_REQUEST =
            """
            GET /static/app.js?v=6 HTTP/1.1\r
            Host: www.example\r
            User-Agent: Mozilla/5.0\r
            Accept: */*\r
            Accept-Encoding: gzip, deflate\r
            Connection: keep-alive\r
            \r
            """
                    .getBytes(US_ASCII);
    static final byte[] HTTP_RESPONSE =
            """
            HTTP/1.1 200 OK\r
            Server: example\r
            X-Cache: HIT\r
            Content-Type: text/html\r
            Content-Length: 18\r
            \r
            <html>text</html>
            """
                    .getBytes(US_ASCII);
    static final byte[] CLIENT_HELLO = clientHello();

    private static final byte[] NAME = "\3www\7example\0".getBytes(US_ASCII);

    private Openings() {}

    /// RFC 1035 §4.1: a question for an address, and its answer.
    static byte[] dns(int id, boolean answers) {
        ByteBuffer message = ByteBuffer.allocate(12 + NAME.length + 4 + (answers ? 16 : 0));
        message.putShort((short) id).putShort((short) (answers ? 0x8180 : 0x0100));
        message.putShort((short) 1).putShort((short) (answers ? 1 : 0)).putInt(0);
        message.put(NAME).putInt(0x0001_0001);
        if (answers) {
            message.putShort((short) 0xC00C).putInt(0x0001_0001).putInt(300);
            message.putShort((short) 4).putInt(0x1400_0001);
        }
        return message.array();
    }

    /// RFC 8446 §4.1.2: of a web client, with a server's name and ALPN.
    private static byte[] clientHello() {
        byte[] host = "www.example".getBytes(US_ASCII);
        ByteBuffer extensions = ByteBuffer.allocate(256);
        extensions.putShort((short) 0).putShort((short) (host.length + 5));
        extensions.putShort((short) (host.length + 3)).put((byte) 0);
        extensions.putShort((short) host.length).put(host);
        extensions.putInt(0x000D_0006).putShort((short) 4).putInt(0x0403_0804); // signatures
        extensions.putInt(0x0010_0005).putShort((short) 3).put((byte) 2).put((byte) 'h');
        extensions.put((byte) '2');
        extensions.putInt(0x002B_0003).put((byte) 2).putShort((short) 0x0304); // versions
        byte[] body = Arrays.copyOf(extensions.array(), extensions.position());
        int length = 2 + 32 + 1 + 2 + 4 + 2 + 2 + body.length;
        ByteBuffer hello = ByteBuffer.allocate(9 + length);
        hello.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + length));
        hello.putInt(1 << 24 | length).putShort((short) 0x0303).put(new byte[32]).put((byte) 0);
        hello.putShort((short) 4).putInt(0x1301_1302).putShort((short) 0x0100);
        hello.putShort((short) body.length).put(body);
        return hello.array();
    }
}
