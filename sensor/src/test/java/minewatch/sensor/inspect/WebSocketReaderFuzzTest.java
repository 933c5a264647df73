package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class WebSocketReaderFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyFramesInAnyPieces(FuzzedDataProvider data) {
        byte[] open = {(byte) 0x81, 2, '{', '}'};
        FramerFuzz.feed(data, open, WebSocketReader::new);
    }
}
