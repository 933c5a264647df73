package minewatch.sensor.inspect.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import org.junit.jupiter.api.Test;

/// The shape of real dialogues, as if each message were encrypted: recorded miners beside recorded
/// programs that talk alike.
class RecordedShapesTest {
    private static final int TLS_OVERHEAD = 17; // bytes of a TLS 1.3 record
    private static final int SSH_BLOCK = 8;
    private static final int SSH_OVERHEAD = 30; // channel header, padding, authentication

    private static Path folder() {
        Path folder =
                Path.of(System.getProperty("minewatch.root"), "..", "shared", "captures", "own");
        assumeThat(folder).as("labelled captures are not at %s", folder).exists();
        return folder;
    }

    /// Whether some flow of the capture looks like a miner's by its shape alone.
    private static boolean looksLikeMining(Path capture, boolean ssh) {
        Map<String, Cadence> flows = new LinkedHashMap<>();
        Decoder decoder =
                new Decoder(
                        new PacketHandler() {
                            @Override
                            public void onPacket(PacketView packet) {
                                add(flows, packet, ssh);
                            }

                            @Override
                            public void onBatchEnd() {}
                        });
        new CaptureReader(decoder).read(capture.toString(), CaptureProgress.NONE);
        return flows.values().stream()
                .map(cadence -> {
                    Shape one = Shape.of(cadence, true);
                    Shape other = Shape.of(cadence, false);
                    return one.answered() >= other.answered() ? one : other;
                })
                .anyMatch(shape -> shape.hasShares() && shape.isRandom() && shape.hasJobs());
    }

    private static void add(Map<String, Cadence> flows, PacketView packet, boolean ssh) {
        if (packet.protocol() != PacketView.PROTOCOL_TCP || packet.payloadLength() == 0) {
            return;
        }
        boolean lower = packet.sourcePort() < packet.destinationPort();
        String key =
                Math.min(packet.sourcePort(), packet.destinationPort())
                        + "-"
                        + Math.max(packet.sourcePort(), packet.destinationPort());
        int length = packet.payloadLength();
        int size =
                ssh
                        ? (length + SSH_OVERHEAD + SSH_BLOCK - 1) / SSH_BLOCK * SSH_BLOCK
                        : length + TLS_OVERHEAD;
        flows.computeIfAbsent(key, _ -> new Cadence())
                .addSegment(!lower, size, packet.timestampNanos());
    }

    @Test
    void mostRecordedMinersShowAndNothingElse() throws Exception {
        Map<String, Boolean> miners = new TreeMap<>();
        for (String line : Files.readAllLines(folder().resolve("truth.csv"))) {
            String[] row = line.split(",", 4);
            if (row[0].equals("file")) {
                continue;
            }
            for (boolean ssh : new boolean[] {false, true}) {
                boolean found = looksLikeMining(folder().resolve(row[0]), ssh);
                if (row[2].equals("none")) {
                    assertThat(found).as(row[0]).isFalse();
                } else {
                    miners.put(row[0] + (ssh ? " in SSH" : " in TLS"), found);
                }
            }
        }
        assertThat(miners.values().stream().filter(found -> found).count())
                .as("%s", miners)
                .isGreaterThanOrEqualTo(miners.size() * 3 / 4);
    }
}
