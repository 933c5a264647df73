package minewatch.sensor.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.decode.TsharkReading.Outcome;
import minewatch.testkit.Captures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares the innermost packet we find with tshark's, over every frame of the shared captures,
/// which are put into one file so that tshark starts once. The differences were counted with tshark
/// 4.0.
class TsharkOracleTest {
    private static final Map<Outcome, Integer> DIFFERENCES =
            new EnumMap<>(
                    Map.of(
                            Outcome.LINK_UNKNOWN_TO_US, 101,
                            Outcome.ETHERTYPE_UNKNOWN_TO_US, 70,
                            Outcome.TUNNEL_UNKNOWN_TO_US, 25,
                            Outcome.TUNNEL_NOT_GUESSED_BY_US, 15,
                            Outcome.ANOMALY_TO_US, 1817,
                            Outcome.TSHARK_GIVES_NO_LENGTH_ON_WIRE, 51,
                            Outcome.TSHARK_STOPS_AT_LENGTH_OF_ZERO, 10,
                            Outcome.TSHARK_GIVES_ROUTED_ADDRESSES, 1,
                            Outcome.TSHARK_STOPS_AT_DESTINATION_OPTIONS, 1,
                            Outcome.TSHARK_TAKES_AN_ADDRESS_FOR_A_CONTROL_WORD, 1));

    @TempDir Path folder;

    @Test
    void innermostPacketIsTsharksUpToAClosedListOfDifferences() throws Exception {
        Path captures = Path.of(System.getProperty("minewatch.root", "."), "../shared/captures");
        assumeThat(Files.isDirectory(captures))
                .as("the shared captures are absent: nothing is compared")
                .isTrue();
        assumeThat(isInstalled()).as("tshark is not on PATH: nothing is compared").isTrue();
        Collected ours = new Collected();
        CaptureReader reader = new CaptureReader(ours);
        for (String file : CaptureFiles.find(List.of(captures.toString()))) {
            ours.file = file;
            reader.read(file, CaptureProgress.NONE);
        }

        List<String> theirs = tshark(ours.merged.bytes());

        assertThat(theirs).hasSameSizeAs(ours.packets);
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        List<String> unexplained = new ArrayList<>();
        for (int i = 0; i < theirs.size(); i++) {
            TsharkReading reading = TsharkReading.of(theirs.get(i));
            Outcome outcome = reading.compare(ours.packets.get(i), ours.nones.get(i));
            outcomes.merge(outcome, 1, Integer::sum);
            if (outcome == Outcome.UNEXPLAINED) {
                unexplained.add(
                        "%s\n  %s\n  %s"
                                .formatted(
                                        ours.files.get(i),
                                        theirs.get(i),
                                        ours.packets.get(i) + " " + ours.nones.get(i)));
            }
        }
        assertThat(unexplained).isEmpty();
        assertThat(outcomes.remove(Outcome.SAME_PACKET)).isGreaterThan(50_000);
        assertThat(outcomes.remove(Outcome.SAME_NONE)).isGreaterThan(4_000);
        assertThat(outcomes).isEqualTo(DIFFERENCES);
    }

    private static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "tshark")));
    }

    /// A line a frame, as [TsharkReading#of] reads it.
    private List<String> tshark(byte[] capture) throws IOException, InterruptedException {
        Path file = folder.resolve("all.pcapng");
        Files.write(file, capture);
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        for (String protocol : List.of("ip.defragment", "ipv6.defragment")) {
            command.addAll(List.of("-o", protocol + ":FALSE"));
        }
        command.addAll(List.of("-o", "tcp.desegment_tcp_streams:FALSE"));
        command.addAll(List.of("-o", "tcp.analyze_sequence_numbers:FALSE"));
        command.addAll(List.of("-T", "fields", "-E", "occurrence=a", "-E", "separator=/t"));
        for (String field : TsharkReading.FIELDS) {
            command.addAll(List.of("-e", field));
        }
        Path out = folder.resolve("all.txt");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor()).as("exit code of tshark").isZero();
        return Files.readAllLines(out);
    }

    private static final class Collected implements FrameHandler {
        private final Captures merged = Captures.pcapng(ByteOrder.LITTLE_ENDIAN);
        private final Map<Integer, Integer> interfaces = new HashMap<>();
        private final List<Decoding.@Nullable Decoded> packets = new ArrayList<>();
        private final List<@Nullable Object> nones = new ArrayList<>();
        private final long[] counts =
                new long[DecodeAnomaly.values().length + NonIpFrame.values().length];
        private final List<String> files = new ArrayList<>();
        private final Decoding decoding = new Decoding();
        private String file = "";

        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            byte[] frame = block.asSlice(offset, capturedLength).toArray(ValueLayout.JAVA_BYTE);
            Integer iface = interfaces.get(linkType);
            if (iface == null) {
                iface = interfaces.size();
                interfaces.put(linkType, iface);
                merged.iface(linkType, 0, new byte[0]);
            }
            merged.packet(iface, timestampNanos / 1000, frame, wireLength);
            files.add(file);
            decoding.nanos = timestampNanos;
            decoding.frame(linkType, frame, wireLength);
            packets.add(decoding.packets.isEmpty() ? null : decoding.only());
            nones.add(decoding.packets.isEmpty() ? whatWasCounted() : null);
            decoding.packets.clear();
        }

        private @Nullable Object whatWasCounted() {
            Object counted = null;
            int i = 0;
            for (DecodeAnomaly kind : DecodeAnomaly.values()) {
                counted = counts[i] == decoding.decoder.anomalies(kind) ? counted : kind;
                counts[i++] = decoding.decoder.anomalies(kind);
            }
            for (NonIpFrame kind : NonIpFrame.values()) {
                counted = counts[i] == decoding.decoder.nonIpFrames(kind) ? counted : kind;
                counts[i++] = decoding.decoder.nonIpFrames(kind);
            }
            return counted;
        }

        @Override
        public void onBatchEnd() {
            // each frame was decoded at once
        }
    }
}
