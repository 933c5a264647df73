package minewatch.sensor;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import minewatch.testkit.Captures;
import minewatch.testkit.Packets;

/// What a Stratum V1 miner and its pool say to each other, as frames of one TCP connection.
public final class StratumDialogue {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_790_000_000L * SECOND; // packet time of second 0
    private static final int POOL_PORT = 3333;
    private static final String LINK =
            "{\"id\":1,\"result\":[[[\"mining.notify\",\"6b046281\"]],\"8162046b\",8],\"error\":null}";
    private static final String JOB =
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"11\",\"%s\",\"%s\",\"%s\",[],\"20000000\",\"1e0ffff0\",\"6b0464ac\",true]}"
                    .formatted("c9".repeat(32), "01".repeat(40), "0d".repeat(40));

    /// @param nanos packet time
    public record TimedFrame(long nanos, byte[] bytes) {}

    private final String miner;
    private final int port;
    private final String pool;
    private final int poolPort;
    private final List<TimedFrame> frames = new ArrayList<>();
    private int minerSequence = 1000;
    private int poolSequence = 5000;

    /// @param miner address of the side that opens the connection
    public StratumDialogue(String miner, int port, String pool) {
        this(miner, port, pool, POOL_PORT);
    }

    public StratumDialogue(String miner, int port, String pool, int poolPort) {
        this.miner = miner;
        this.port = port;
        this.pool = pool;
        this.poolPort = poolPort;
    }

    /// Subscription, login as `farm01.rig7`, difficulty and a job: a proof.
    public StratumDialogue login(double second) {
        says(second, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cpuminer/2.5.1\"]}");
        answers(second, LINK);
        says(
                second,
                "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"farm01.rig7\",\"x\"]}");
        answers(second, "{\"id\":2,\"result\":true,\"error\":null}");
        answers(second, "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":[8]}");
        return answers(second, JOB);
    }

    /// A share, and the pool's yes.
    public StratumDialogue share(double second) {
        submit(second);
        return answers(second, "{\"id\":4,\"result\":true,\"error\":null}");
    }

    /// A job that voids those before it.
    public StratumDialogue job(double second) {
        return answers(second, JOB);
    }

    /// A share without its reply.
    public StratumDialogue submit(double second) {
        return says(
                second,
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"farm01.rig7\",\"11\",\"0000000000000001\",\"6b046b9d\",\"d82caa00\"]}");
    }

    /// One line of the miner in one segment.
    public StratumDialogue says(double second, String line) {
        byte[] payload = (line + "\n").getBytes(StandardCharsets.UTF_8);
        add(second, Packets.tcp(miner, port, pool, poolPort), minerSequence, poolSequence, payload);
        minerSequence += payload.length;
        return this;
    }

    /// One line of the pool.
    public StratumDialogue answers(double second, String line) {
        byte[] payload = (line + "\n").getBytes(StandardCharsets.UTF_8);
        add(second, Packets.tcp(pool, poolPort, miner, port), poolSequence, minerSequence, payload);
        poolSequence += payload.length;
        return this;
    }

    /// The miner's RST.
    public StratumDialogue resets(double second) {
        byte[] frame =
                Packets.tcp(miner, port, pool, poolPort)
                        .sequence(minerSequence)
                        .flags(Packets.RST)
                        .ethernet();
        frames.add(new TimedFrame(nanos(second), frame));
        return this;
    }

    /// The frames since the last call.
    public List<TimedFrame> drain() {
        List<TimedFrame> drained = List.copyOf(frames);
        frames.clear();
        return drained;
    }

    /// Writes the dialogues, in the order of time, as a capture.
    public static Path write(Path file, StratumDialogue... dialogues) throws IOException {
        return Files.write(file, capture(dialogues));
    }

    public static byte[] capture(StratumDialogue... dialogues) {
        Captures capture =
                Captures.pcap(ByteOrder.LITTLE_ENDIAN, Captures.NANOS, Captures.ETHERNET);
        Arrays.stream(dialogues)
                .flatMap(dialogue -> dialogue.frames.stream())
                .sorted(Comparator.comparingLong(TimedFrame::nanos))
                .forEach(frame -> capture.frame(frame.nanos, frame.bytes));
        return capture.bytes();
    }

    private void add(
            double second, Packets packet, int sequence, int acknowledged, byte[] payload) {
        byte[] frame =
                packet.sequence(sequence)
                        .acknowledgement(acknowledged)
                        .flags(Packets.PSH | Packets.ACK)
                        .payload(payload)
                        .ethernet();
        frames.add(new TimedFrame(nanos(second), frame));
    }

    private static long nanos(double second) {
        return START + (long) (second * SECOND);
    }
}
