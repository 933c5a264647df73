package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class HttpReaderFuzzTest {
    private static final String[] PREFIXES = {
        "",
        "POST /?a=b HTTP/1.1\r\nContent-Length: 500\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nContent-Encoding: deflate\r\n\r\n",
        "GET / HTTP/1.1\r\nSec-WebSocket-Key: a\r\n\r\n",
        "POST / HTTP/1.1\r\nAuthorization: Basic "
    };

    @FuzzTest(maxDuration = "10s")
    void anyMessageInAnyPieces(FuzzedDataProvider data) {
        String prefix = PREFIXES[data.consumeInt(0, PREFIXES.length - 1)];
        FramerFuzz.feed(
                data,
                prefix.getBytes(StandardCharsets.US_ASCII),
                (budget, handler) ->
                        new HttpReader(budget, handler, new WebSocketReader(budget, handler)));
    }
}
