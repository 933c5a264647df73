package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class GzipReaderFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyMembersInAnyPieces(FuzzedDataProvider data) {
        byte[] header = {0x1F, (byte) 0x8B, 8, data.consumeByte((byte) 0, (byte) 0x1F)};
        FramerFuzz.feed(data, header, GzipReader::new);
    }
}
