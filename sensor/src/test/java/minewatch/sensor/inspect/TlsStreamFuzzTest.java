package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import minewatch.sensor.inspect.tls.Hellos;

class TlsStreamFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anySegmentsAreReadAndTheMemoryIsGivenBack(FuzzedDataProvider data) {
        BufferBudget budget = new BufferBudget(1 << 20);
        TlsStream stream =
                new TlsStream(
                        budget,
                        new TlsStream.Handler() {
                            @Override
                            public void onHandshake(int type, byte[] bytes, int start, int end) {
                                assertThat(start).isBetween(0, end);
                                assertThat(end).isLessThanOrEqualTo(bytes.length);
                            }

                            @Override
                            public void onData(int length, long timeNanos) {
                                assertThat(length).isPositive();
                            }
                        });
        byte[] hello = Hellos.record(1, Hellos.chrome("example.com"));
        while (data.remainingBytes() > 0) {
            switch (data.consumeInt(0, 3)) {
                case 0 -> stream.onGap();
                case 1 -> {
                    int end = data.consumeInt(0, hello.length);
                    stream.onBytes(hello, data.consumeInt(0, end), end, 1);
                }
                default -> {
                    byte[] bytes = data.consumeBytes(data.consumeInt(0, 300));
                    stream.onBytes(bytes, 0, bytes.length, 1);
                }
            }
            assertThat(budget.usedBytes()).isLessThanOrEqualTo(TlsStream.MAX_HANDSHAKE);
        }
        stream.release();
        assertThat(budget.usedBytes()).isZero();
    }
}
