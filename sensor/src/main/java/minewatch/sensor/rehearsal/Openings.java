package minewatch.sensor.rehearsal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

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

    /// What two sides say line by line: what opens it, then the same question and answer again.
    ///
    /// @param asks the first lines of the originator, and its later ones
    /// @param answers the same of the responder
    record Talk(List<String> asks, List<String> answers) {
        byte[] line(boolean back, boolean opens) {
            return (back ? answers : asks).get(opens ? 0 : 1).getBytes(US_ASCII);
        }
    }

    private static final List<Talk> TALKS =
            List.of(
                    new Talk(
                            List.of(
                                    """
                                    {"id":1,"method":"mining.subscribe","params":["cpuminer/2.5.1"]}
                                    {"id":2,"method":"mining.authorize","params":["example.rig1","x"]}
                                    """,
                                    """
                                    {"id":4,"method":"mining.submit","params":["example.rig1","b1","00000001","6b0464ac","d82caa00"]}
                                    """),
                            List.of(
                                    """
                                    {"id":1,"result":[[["mining.set_difficulty","a1"],["mining.notify","a1"]],"8162046b",4],"error":null}
                                    {"id":2,"result":true,"error":null}
                                    {"id":null,"method":"mining.set_difficulty","params":[8]}
                                    {"id":null,"method":"mining.notify","params":["b1","%s","%s","%s",["%s"],"20000000","1d00ffff","6b0464ac",true]}
                                    """
                                            .formatted(
                                                    "1f".repeat(32),
                                                    "01".repeat(60),
                                                    "02".repeat(60),
                                                    "3e".repeat(32)),
                                    """
                                    {"id":4,"result":true,"error":null}
                                    """)),
                    new Talk(
                            List.of(
                                    """
                                    {"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"4%s","pass":"x","agent":"XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/11.4.0","algo":["rx/0"]}}
                                    """
                                            .formatted("A7".repeat(47)),
                                    """
                                    {"id":2,"jsonrpc":"2.0","method":"submit","params":{"id":"b4c4","job_id":"7c51","nonce":"d0030040","result":"%s"}}
                                    """
                                            .formatted("1c".repeat(32))),
                            List.of(
                                    """
                                    {"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"b4c4","job":{"blob":"%s","job_id":"7c51","target":"b88d0600","algo":"rx/0","height":3000000,"seed_hash":"%s"},"extensions":["algo"],"status":"OK"}}
                                    """
                                            .formatted("10".repeat(76), "2e".repeat(32)),
                                    """
                                    {"id":2,"jsonrpc":"2.0","error":null,"result":{"status":"OK"}}
                                    """)),
                    new Talk(
                            List.of(
                                    """
                                    {"jsonrpc":"2.0","id":1,"method":"session.login","params":{"user":"ann"}}
                                    """,
                                    """
                                    {"jsonrpc":"2.0","id":2,"method":"job.get","params":{"queue":"mail","max":10}}
                                    """),
                            List.of(
                                    """
                                    {"jsonrpc":"2.0","id":1,"result":{"session":"c7","roles":["reader",null]}}
                                    """,
                                    """
                                    {"jsonrpc":"2.0","id":2,"result":[{"job":17,"state":"new"}]}
                                    """)));

    private static final byte[] NAME = "\3www\7example\0".getBytes(US_ASCII);

    private Openings() {}

    static Talk talk(int number) {
        return TALKS.get(number % TALKS.size());
    }

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
