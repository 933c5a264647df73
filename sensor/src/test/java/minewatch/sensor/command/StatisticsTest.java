package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import minewatch.sensor.Skipped;
import minewatch.sensor.Visibility;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureResult;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private final Statistics statistics = new Statistics();

    @Test
    void capturesAddUpAndSoDoTheirAnomaliesByName() throws IOException {
        statistics.start(true);
        statistics.add(outcome(100, Map.of("ipv4.truncated", 2L), Map.of("session.refused", 1L)));
        statistics.add(outcome(40, Map.of("ipv4.truncated", 3L, "tcp.truncated", 1L), Map.of()));
        statistics.addHits(2);
        statistics.addHits(1);
        statistics.stop();

        JsonNode json = new ObjectMapper().readTree(statistics.toJson());
        assertThat(json.get("packets").asLong()).isEqualTo(140);
        assertThat(json.get("octets").asLong()).isEqualTo(140_000);
        assertThat(json.get("flows").asLong()).isEqualTo(14);
        assertThat(json.get("inspected_packets").asLong()).isEqualTo(28);
        assertThat(json.get("hits").asLong()).isEqualTo(3);
        assertThat(json.get("decode_anomalies"))
                .hasToString("{\"ipv4.truncated\":5,\"tcp.truncated\":1}");
        assertThat(json.get("inspect_anomalies")).hasToString("{\"session.refused\":1}");
        assertThat(json.get("visibility"))
                .hasToString(
                        "{\"data_flows\":7,\"one_sided_flows\":6,\"encrypted_flows\":4,\"lost_segments\":2,\"cut_segments\":0}");
        assertThat(json.get("packets_per_second").asDouble())
                .isEqualTo(140 / json.get("seconds").asDouble());
        assertThat(json.get("peak_rss_bytes").asLong()).isPositive();
    }

    @Test
    void nothingScannedIsZeroAndNoError() throws IOException {
        statistics.start(true);
        statistics.stop();
        JsonNode json = new ObjectMapper().readTree(statistics.toJson());
        assertThat(json.get("packets_per_second").asDouble()).isZero();
        assertThat(json.get("steady_packets_per_second").asDouble()).isZero();
    }

    @Test
    void memoryIsWatchedNoLongerThanTheScan() {
        statistics.start(true);
        assertThat(samplers()).isPositive();
        statistics.stop();
        await().until(() -> samplers() == 0);
    }

    @Test
    void secondHalfIsThatOfThePackets() {
        PacketClock clock = new PacketClock();
        assertThat(clock.secondHalf()).isEqualTo(new PacketClock.Half(0, 0));
        for (long packets : new long[] {0, 10, 60, 80, 100}) {
            clock.tick(packets);
        }
        assertThat(clock.secondHalf().packets()).isEqualTo(40);
        assertThat(clock.secondHalf().nanos()).isPositive();
    }

    private static long samplers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("rss-sampler"))
                .count();
    }

    private static FileScan.Outcome outcome(
            long packets, Map<String, Long> decode, Map<String, Long> inspect) {
        return new FileScan.Outcome(
                new CaptureResult("a.pcap", packets, packets * 1000, null),
                List.of(),
                new Worker.Counters(
                        packets,
                        packets / 10,
                        packets / 5,
                        0,
                        new Visibility(packets / 20, 3, 2, 1, 0),
                        Skipped.NOTHING,
                        decode,
                        inspect),
                new PacketClock(),
                null);
    }
}
