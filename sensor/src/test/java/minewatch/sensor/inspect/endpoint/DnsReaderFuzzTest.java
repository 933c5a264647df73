package minewatch.sensor.inspect.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class DnsReaderFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyBytesAreReadWithinBounds(FuzzedDataProvider data) {
        byte[] before = data.consumeBytes(20);
        byte[] content =
                data.consumeBoolean()
                        ? data.consumeBytes(400)
                        : DnsMessages.answer("a.example", DnsMessages.A)
                                .record(data.consumeInt(0, 70), 60, data.consumeBytes(60))
                                .record(data.consumeInt(0, 70), 60, data.consumeBytes(60))
                                .bytes();
        byte[] bytes = new byte[before.length + content.length];
        System.arraycopy(before, 0, bytes, 0, before.length);
        System.arraycopy(content, 0, bytes, before.length, content.length);
        int[] told = new int[2];
        new DnsReader()
                .read(
                        bytes,
                        before.length,
                        bytes.length,
                        new DnsReader.Handler() {
                            @Override
                            public void onName(byte[] name, int length) {
                                assertThat(length).isBetween(0, name.length);
                                told[0]++;
                            }

                            @Override
                            public void onAddress(long high, long low, long seconds) {
                                assertThat(seconds).isBetween(0L, (long) Integer.MAX_VALUE);
                                told[1]++;
                            }
                        });
        assertThat(told[0]).isLessThanOrEqualTo(1 + DnsReader.MAX_RECORDS);
        assertThat(told[1]).isLessThanOrEqualTo(bytes.length / 4);
    }
}
