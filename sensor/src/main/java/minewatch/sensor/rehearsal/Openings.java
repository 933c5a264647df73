package minewatch.sensor.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// What a provider's network carries most, and first payloads of much else.
final class Openings {
    private static final byte[] HTTP_REQUEST =
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
    private static final byte[] HTTP_RESPONSE =
            withBody(
                    """
                    HTTP/1.1 200 OK\r
                    Server: example\r
                    X-Cache: HIT\r
                    Content-Type: text/html\r
                    """,
                    "<html>text</html>\n");
    private static final List<byte[]> HTTP_REQUESTS =
            List.of(
                    HTTP_REQUEST,
                    HTTP_REQUEST,
                    HTTP_REQUEST,
                    withBody(
                            """
                            POST /rpc HTTP/1.1\r
                            Host: rpc.example:8545\r
                            Content-Type: application/json\r
                            """,
                            """
                            {"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}
                            """),
                    withBody(
                            """
                            POST / HTTP/1.1\r
                            Host: 192.0.2.7:8332\r
                            Authorization: Basic dTpw\r
                            X-Mining-Extensions: longpoll\r
                            """,
                            """
                            {"id":1,"method":"getblocktemplate","params":[{"mode":"x"}]}\
                            """),
                    ascii("POST /form HTTP/1.1\r\nHost: www.example\r\n\r\nname=value&other=1"),
                    ascii(
                            """
                            GET /chat HTTP/1.1\r
                            Host: www.example\r
                            Upgrade:  websocket\r
                            Connection: Upgrade\r
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                            \r
                            """),
                    ascii("CONNECT www.example:443 HTTP/1.1\r\nHost: www.example:443\r\n\r\n"),
                    ascii("CONNECT pool.example:3333 HTTP/1.1\r\n\r\n"),
                    ascii("GET /a HTTP/1.0\n\n"),
                    ascii("GE"),
                    ascii("HEAD / HTTP/1.1\r\nHost: www.example\r\n\r\n"));
    private static final List<byte[]> HTTP_RESPONSES =
            List.of(
                    HTTP_RESPONSE,
                    HTTP_RESPONSE,
                    HTTP_RESPONSE,
                    ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
                    ascii("HTTP/1.1 200 Connection established\r\n\r\n"),
                    ascii("HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\n"),
                    ascii("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"),
                    withBody(
                            """
                            HTTP/1.1 200 OK\r
                            Content-Type: application/json\r
                            """,
                            """
                            {"jsonrpc":"2.0","id":1,"result":"0x1f"}
                            """),
                    ascii(
                            """
                            HTTP/1.1 200 OK\r
                            Transfer-Encoding: chunked\r
                            \r
                            1b\r
                            {"result":null,"error":[1]}\r
                            0\r
                            \r
                            """));

    /// How other protocols begin, those of the signatures among them.
    private static final List<byte[]> STARTS =
            List.of(
                    ascii("SSH-2.0-OpenSSH_9.6\r\n"),
                    ascii("220 mail.example ESMTP\r\n"),
                    ascii("EHLO client.example\r\n"),
                    ascii("* OK IMAP4rev1\r\n"),
                    ascii("*1\r\n$4\r\nPING\r\n"), // Redis
                    ascii("\u0013BitTorrent protocol"),
                    ascii("JOB,example,LOW\n"),
                    ascii("2.7"),
                    ascii("0123456789abcdef0123456789abcdef,1f,"),
                    ascii("{\"id\":1,"),
                    ascii(" {\"a\":"),
                    ascii("[{"),
                    ascii("{ x"),
                    ascii("\n"),
                    ascii("CAP LS\r\n"),
                    ascii("HELO"),
                    ascii("PUT /x"),
                    hex("00000001"),
                    hex("000001"), // Stratum V2
                    hex("00000000"),
                    hex("0001020304050607"),
                    hex("0121010101010101"), // Levin
                    hex("01"),
                    hex("02"),
                    hex("0204"),
                    hex("030000130EE0"), // remote desktop
                    hex("040101BB7F00000100"), // SOCKS 4
                    hex("050100"), // SOCKS 5
                    hex("05"),
                    hex("101000044D515454"), // MQTT
                    hex("14030300010116"),
                    hex("15030300020228"),
                    hex("1603"),
                    hex("16"),
                    hex("160301020002"),
                    hex("1603030200020000"),
                    hex("1604010200010000"),
                    hex("170303000D"),
                    hex("1703030000"),
                    hex("17030540"),
                    hex("18030300"),
                    hex("1F8B080000000000"),
                    hex("7F01"),
                    hex("7F02000F00"),
                    hex("81057B2261"), // WebSocket
                    hex("81FE007E37FA213D4C9F"),
                    hex("F9BEB4D976657273696F6E0000000000"), // Bitcoin
                    hex("F9BEB4D9"));

    private static final int DATA = 0x17; // RFC 8446 §5.1
    private static final int[] LENGTHS = {1, 2, 3, 4, 5, 6, 7, 8, 16, 20, 39, 45, 64, 170, 234};
    private static final byte[] CLIENT_HELLO = clientHello("www.example");
    private static final byte[] POOL_HELLO = clientHello("btc.f2pool.com");
    private static final byte[] SERVER_HELLO = serverHello();
    private static final byte[] NAME = ascii("\3www\7example\0");
    private static final byte[] POOL = ascii("\3btc\6f2pool\3com\0");
    private static final byte[] SERVICE = ascii("\4_ldap\4_tcp\2dc\7example\0");

    private Openings() {}

    /// One request, one answer, and what they lead to.
    static byte[] plainWeb(Random random, boolean back, boolean opens) {
        return opens ? back ? HTTP_RESPONSE : HTTP_REQUEST : noise(random);
    }

    /// A web client's hello, and records of data.
    static byte[] plainTls(Random random, boolean back, boolean opens) {
        return opens && !back ? CLIENT_HELLO : record(DATA, noise(random));
    }

    static byte[] web(Random random, boolean back, boolean opens) {
        List<byte[]> heads = back ? HTTP_RESPONSES : HTTP_REQUESTS;
        return opens || random.nextInt(8) == 0
                ? heads.get(random.nextInt(heads.size()))
                : noise(random);
    }

    /// RFC 8446 §5: most records hold data, not every segment begins with one.
    static byte[] tls(Random random, boolean back, boolean opens) {
        if (opens) {
            return back ? SERVER_HELLO : random.nextInt(64) == 0 ? POOL_HELLO : CLIENT_HELLO;
        }
        int kind = random.nextInt(100);
        byte[] bytes = noise(random);
        if (kind >= 97) {
            return bytes; // the rest of a record
        }
        return record(kind < 88 ? DATA : kind < 91 ? 0x14 : kind < 94 ? 0x15 : 0x16, bytes);
    }

    private static byte[] record(int type, byte[] bytes) {
        ByteBuffer head = ByteBuffer.wrap(bytes).put((byte) type).putShort((short) 0x0303);
        head.putShort((short) (bytes.length - 5));
        return bytes;
    }

    /// What begins like something known, of any length.
    static byte[] stray(Random random, boolean back, boolean opens) {
        byte[] start = STARTS.get(random.nextInt(STARTS.size()));
        int length =
                switch (random.nextInt(4)) {
                    case 0 -> start.length;
                    case 1 -> LENGTHS[random.nextInt(LENGTHS.length)];
                    default -> start.length + random.nextInt(300);
                };
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        System.arraycopy(start, 0, bytes, 0, Math.min(length, start.length));
        return bytes;
    }

    /// Random bytes: a little, a bit, much.
    static byte[] noise(Random random, boolean back, boolean opens) {
        return noise(random);
    }

    private static byte[] noise(Random random) {
        int kind = random.nextInt(100);
        byte[] bytes = new byte[kind < 60 ? 12 : kind < 93 ? 520 : 1400];
        random.nextBytes(bytes);
        return bytes;
    }

    /// RFC 1035 §4.1: a question, and its answer; mostly for an address and about a host, which
    /// some are a pool's.
    static byte[] dns(Random random, boolean back, boolean opens) {
        int kind = random.nextInt(12);
        byte[] name = kind == 0 ? SERVICE : kind == 10 ? POOL : NAME;
        int type = kind == 0 ? 33 : kind == 1 ? 65 : kind == 2 ? 16 : kind < 6 ? 28 : 1;
        boolean known = back && kind != 11;
        ByteBuffer message = ByteBuffer.allocate(120);
        message.putShort((short) random.nextInt());
        message.putShort((short) (!back ? 0x0100 : known ? 0x8180 : 0x8183));
        message.putShort((short) 1).putShort((short) (known ? 2 : 0)).putInt(0);
        message.put(name).putShort((short) type).putShort((short) 1);
        if (known) { // an alias, whose name points into the question, and what it stands for
            message.putShort((short) 0xC00C).putShort((short) 5).putShort((short) 1).putInt(300);
            message.putShort((short) 4).put((byte) 1).put((byte) 'a').putShort((short) 0xC00C);
            int length = type == 1 ? 4 : 16;
            message.putShort((short) (0xC000 + 12 + name.length + 4 + 12));
            message.putShort((short) type).putShort((short) 1).putInt(300);
            message.putShort((short) length).put(new byte[length - 4]).putInt(0x1400_0001);
        }
        return Arrays.copyOf(message.array(), message.position());
    }

    /// RFC 7766 §8: behind its length.
    static byte[] dnsOverTcp(Random random, boolean back, boolean opens) {
        byte[] message = dns(random, back, opens);
        ByteBuffer bytes = ByteBuffer.allocate(2 + message.length);
        return bytes.putShort((short) message.length).put(message).array();
    }

    /// RFC 8446 §4.1.2: of a web client, with a server's name and ALPN.
    private static byte[] clientHello(String name) {
        byte[] host = ascii(name);
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

    /// RFC 8446 §4.1.3.
    private static byte[] serverHello() {
        byte[] extensions = hex("002B00020304" + "00330024001D0020" + "5A".repeat(32));
        int length = 2 + 32 + 1 + 2 + 1 + 2 + extensions.length;
        ByteBuffer hello = ByteBuffer.allocate(9 + length);
        hello.put((byte) 22).putShort((short) 0x0303).putShort((short) (4 + length));
        hello.putInt(2 << 24 | length).putShort((short) 0x0303).put(new byte[32]).put((byte) 0);
        hello.putShort((short) 0x1301).put((byte) 0).putShort((short) extensions.length);
        return hello.put(extensions).array();
    }

    /// @param head lines, without that of the length
    private static byte[] withBody(String head, String body) {
        return ascii(head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
