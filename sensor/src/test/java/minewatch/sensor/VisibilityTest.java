package minewatch.sensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Captures;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a capture that could not be seen into says of itself.
class VisibilityTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String MINER = "10.0.0.1";
    private static final String POOL = "203.0.113.9";

    private static final byte[] HELLO = "hello".getBytes(UTF_8);

    private final Captures capture =
            Captures.pcap(ByteOrder.LITTLE_ENDIAN, Captures.NANOS, Captures.ETHERNET);
    private long nanos = 1_790_000_000L * SECOND;
    @TempDir Path folder;

    @Test
    void flowWithBothSidesIsVisible() throws Exception {
        add(Packets.tcp(MINER, 4000, POOL, 80).sequence(1).payload(HELLO));
        add(Packets.tcp(POOL, 80, MINER, 4000).sequence(9).payload(HELLO));
        assertThat(visibility()).isEqualTo(new Visibility(1, 0, 0, 0, 0));
    }

    @Test
    void oneDirectionOnlyIsOneSided() throws Exception {
        add(Packets.tcp(POOL, 80, MINER, 4000).sequence(9).payload(HELLO));
        assertThat(visibility()).isEqualTo(new Visibility(1, 1, 0, 0, 0));
    }

    @Test
    void connectionsWithoutDataAreNotCounted() throws Exception {
        add(Packets.tcp(MINER, 4000, POOL, 80).sequence(1).flags(Packets.SYN));
        assertThat(visibility()).isEqualTo(Visibility.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"160301002f01", "1703030020ab", "5353482d322e302d"})
    void tlsAndSshAreEncryptedWhicheverPayloadShowsIt(String start) throws Exception {
        byte[] payload = HexFormat.of().parseHex(start);
        add(Packets.tcp(POOL, 443, MINER, 4000).sequence(9).payload(HELLO));
        add(Packets.tcp(MINER, 4000, POOL, 443).sequence(1).payload(payload));
        assertThat(visibility()).isEqualTo(new Visibility(1, 0, 1, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"160301", "1803030020ab", "1704030020ab", "170303ffff00", "1703030000ab"})
    void whatIsNoRecordIsNot(String start) throws Exception {
        byte[] payload = HexFormat.of().parseHex(start);
        add(Packets.tcp(MINER, 4000, POOL, 443).sequence(1).payload(payload));
        assertThat(visibility().encryptedFlows()).isZero();
    }

    @Test
    void holeInAnInspectedFlowIsALostSegment() throws Exception {
        byte[] line = "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n".getBytes(UTF_8);
        add(Packets.tcp(MINER, 4000, POOL, 3333).sequence(1).payload(line));
        add(Packets.tcp(MINER, 4000, POOL, 3333).sequence(1 + 2 * line.length).payload(line));
        assertThat(visibility()).isEqualTo(new Visibility(1, 1, 0, 1, 0));
    }

    private void add(Packets packet) {
        nanos += SECOND / 10;
        capture.frame(nanos, packet.ethernet());
    }

    private Visibility visibility() throws Exception {
        Path file = Files.write(folder.resolve("a.pcap"), capture.bytes());
        HitBuilder builder = new HitBuilder("test", null, Privacy.OPEN, PowerTable.builtIn());
        Worker.Settings settings =
                new Worker.Settings(
                        FlowConfig.DEFAULT,
                        Inspector.Limits.fitting(1 << 28, 1),
                        Worker.NO_INTERVAL);
        try (Worker worker =
                new Worker(settings, SignaturePacks.builtIn(), builder, _ -> {}, null)) {
            new CaptureReader(worker).read(file.toString(), CaptureProgress.NONE);
            worker.finish();
            return worker.counters().visibility();
        }
    }
}
