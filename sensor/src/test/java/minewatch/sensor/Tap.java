package minewatch.sensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import minewatch.feed.v1.Hit;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.EndpointReader;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Packets;

/// A whole worker that frames are handed to one by one.
public final class Tap implements AutoCloseable {
    /// Packet time 0 of a tap: 2026-11-24.
    public static final long START_NANOS = 1_795_478_400_000_000_000L;

    private final List<Hit> hits = new ArrayList<>();
    private final Worker worker;
    private final MemorySegment block = Arena.ofAuto().allocate(1 << 17);
    private final Map<String, Integer> sequences = new HashMap<>();

    public Tap(SignaturePack pack) {
        worker =
                new Worker(
                        new Worker.Settings(
                                FlowConfig.DEFAULT,
                                Inspector.Limits.fitting(1 << 28, 1),
                                Worker.NO_INTERVAL),
                        pack,
                        new HitBuilder("test", null, Privacy.OPEN, PowerTable.builtIn()),
                        hits::addAll,
                        null);
    }

    /// @param rows an endpoint list without its header
    public static Tap withEndpoints(String... rows) throws Exception {
        String list = EndpointReader.HEADER + "\n" + String.join("\n", rows);
        return new Tap(
                CompiledPack.of(List.of(), Endpoints.of(EndpointReader.read("own.csv", list))));
    }

    public Tap at(double seconds, Packets packet) {
        return at(seconds, packet.ethernet());
    }

    /// @param frame of Ethernet
    public Tap at(double seconds, byte[] frame) {
        MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, 0, frame.length);
        long nanos = START_NANOS + (long) (seconds * 1e9);
        worker.onFrame(block, 0, frame.length, frame.length, nanos, LinkType.ETHERNET);
        worker.onBatchEnd();
        return this;
    }

    /// A TCP segment with the sequence number that follows what its sender has sent.
    public Tap say(
            double seconds, String from, int fromPort, String to, int toPort, byte[] payload) {
        String key = from + fromPort + to + toPort;
        int sequence = sequences.getOrDefault(key, 1);
        sequences.put(key, sequence + payload.length);
        return at(
                seconds,
                Packets.tcp(from, fromPort, to, toPort)
                        .sequence(sequence)
                        .flags(Packets.PSH | Packets.ACK)
                        .payload(payload));
    }

    public Worker.Counters counters() {
        return worker.counters();
    }

    /// What was found, after the last packet.
    public List<Hit> hits() {
        worker.finish();
        return hits;
    }

    @Override
    public void close() {
        worker.close();
    }
}
