package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class SocksReaderFuzzTest {
    private static final byte[][] PREFIXES = {{}, {5, 1, 0}, {5, 1, 0, 5, 1, 0, 3}, {4, 1, 13, 5}};

    @FuzzTest(maxDuration = "10s")
    void anyRequestInAnyPieces(FuzzedDataProvider data) {
        byte[] prefix = PREFIXES[data.consumeInt(0, PREFIXES.length - 1)];
        FramerFuzz.feed(data, prefix, (_, handler) -> new SocksReader(handler));
    }
}
