package minewatch.sensor.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.decode.OracleComparison.Outcome;
import org.junit.jupiter.api.Test;

/// Compares our decoder with pcap4j's over every frame of the shared captures.
class CapturesOracleTest {
    private static final Map<Outcome, Integer> DIFFERENCES =
            new EnumMap<>(
                    Map.ofEntries(
                            Map.entry(Outcome.LINK_UNKNOWN_TO_BOTH, 152),
                            Map.entry(Outcome.LINK_UNKNOWN_TO_PCAP4J, 145),
                            Map.entry(Outcome.PCAP4J_KNOWS_NO_SUCH_LAYER, 374),
                            Map.entry(Outcome.PCAP4J_OPENS_NO_TUNNEL, 568),
                            Map.entry(Outcome.PCAP4J_THROWS, 9),
                            Map.entry(Outcome.PCAP4J_KNOWS_ONE_VLAN_TAG, 11),
                            Map.entry(Outcome.PCAP4J_STOPS_AT_AH, 66),
                            Map.entry(Outcome.PCAP4J_LEAVES_FRAGMENTS_OPAQUE, 31),
                            Map.entry(Outcome.PCAP4J_MISPLACES_OPTIONS_END, 89),
                            Map.entry(Outcome.PCAP4J_PARSES_LESS_THAN_THE_PAYLOAD, 4),
                            Map.entry(Outcome.PCAP4J_REFUSES_TRANSPORT, 2),
                            Map.entry(Outcome.PCAP4J_IGNORES_VERSION, 8),
                            Map.entry(Outcome.PCAP4J_GIVES_HALF_A_PACKET, 17)));

    @Test
    void decoderAgreesWithPcap4jUpToAClosedListOfDifferences() {
        Path captures = Path.of(System.getProperty("minewatch.root", "."), "../shared/captures");
        assumeThat(Files.isDirectory(captures))
                .as("the shared captures are absent: nothing is compared")
                .isTrue();
        Comparison comparison = new Comparison();
        CaptureReader reader = new CaptureReader(comparison);

        for (String file : CaptureFiles.find(List.of(captures.toString()))) {
            comparison.file = file;
            reader.read(file, CaptureProgress.NONE);
        }

        assertThat(comparison.unexplained).isEmpty();
        assertThat(comparison.outcomes.remove(Outcome.SAME_PACKET)).isGreaterThan(50_000);
        assertThat(comparison.outcomes.remove(Outcome.SAME_NONE)).isGreaterThan(5_000);
        assertThat(comparison.outcomes).isEqualTo(DIFFERENCES);
    }

    private static final class Comparison implements FrameHandler {
        private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        private final List<String> unexplained = new ArrayList<>();
        private String file = "";
        private int frames;

        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            byte[] frame = block.asSlice(offset, capturedLength).toArray(ValueLayout.JAVA_BYTE);
            Outcome outcome = OracleComparison.compare(linkType, frame, wireLength);
            outcomes.merge(outcome, 1, Integer::sum);
            frames++;
            if (outcome == Outcome.UNEXPLAINED) {
                unexplained.add("%s, frame %d of all".formatted(file, frames));
            }
        }

        @Override
        public void onBatchEnd() {
            // each frame was compared at once
        }
    }
}
