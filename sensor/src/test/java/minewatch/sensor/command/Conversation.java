package minewatch.sensor.command;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.sensor.Worker;
import minewatch.sensor.inspect.Inspector;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.Captures;
import minewatch.testkit.Packets;

/// What two ends of one flow say, and the captures of it that a tap may have made.
final class Conversation {
    static final String CLIENT = "10.77.0.2";
    static final String SERVER = "10.88.0.9";
    private static final int CLIENT_PORT = 51234; // of the first; the next has the next
    private static final int SERVER_PORT = 3333;
    private static final long START = 1_795_450_000_000_000_000L;
    private static final long STEP = 100_000_000L;

    /// How much of it the tap sees, and in which pieces.
    enum View {
        WHOLE,
        MIDSTREAM,
        CLIENT_HALF,
        SERVER_HALF,
        ONE_BYTE_SEGMENTS
    }

    private record Segment(boolean fromClient, byte[] bytes) {}

    private final List<Segment> segments = new ArrayList<>();
    private int midstream;

    Conversation client(byte[] bytes) {
        segments.add(new Segment(true, bytes));
        return this;
    }

    Conversation server(byte[] bytes) {
        segments.add(new Segment(false, bytes));
        return this;
    }

    Conversation client(String text) {
        return client(text.getBytes(StandardCharsets.UTF_8));
    }

    Conversation server(String text) {
        return server(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A capture that begins in the middle begins here.
    Conversation midstream() {
        midstream = segments.size();
        return this;
    }

    List<Hit> hits(View view, Path folder) throws IOException {
        return hits(List.of(this), view, folder);
    }

    /// Of many, one after the other in one capture.
    static List<Hit> hits(List<Conversation> talks, View view, Path folder) throws IOException {
        Captures capture = Captures.pcap(ByteOrder.LITTLE_ENDIAN);
        long at = START;
        for (int i = 0; i < talks.size(); i++) {
            at = talks.get(i).write(capture, view, CLIENT_PORT + i, at);
        }
        return scan(capture.bytes(), Worker.NO_INTERVAL, folder);
    }

    /// Reported every `intervalNanos` of packet time.
    List<Hit> hitsOfIntervals(long intervalNanos, Path folder) throws IOException {
        Captures capture = Captures.pcap(ByteOrder.LITTLE_ENDIAN);
        write(capture, View.WHOLE, CLIENT_PORT, START);
        return scan(capture.bytes(), intervalNanos, folder);
    }

    /// Every message as a datagram.
    List<Hit> datagramHits(Path folder) throws IOException {
        Captures capture = Captures.pcap(ByteOrder.LITTLE_ENDIAN);
        long at = START;
        for (Segment segment : segments) {
            Packets packet =
                    segment.fromClient
                            ? Packets.udp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT)
                            : Packets.udp(SERVER, SERVER_PORT, CLIENT, CLIENT_PORT);
            capture.frame(at, packet.payload(segment.bytes).ethernet());
            at += STEP;
        }
        return scan(capture.bytes(), Worker.NO_INTERVAL, folder);
    }

    private static List<Hit> scan(byte[] capture, long intervalNanos, Path folder)
            throws IOException {
        Path file = folder.resolve("capture.pcap");
        Files.write(file, capture);
        return FileScan.run(
                        file.toString(),
                        SignaturePacks.builtIn(),
                        Inspector.Limits.fitting(1 << 28, 1),
                        intervalNanos,
                        null,
                        Progress.onTerminal(1))
                .hits();
    }

    /// @return the time after it
    private long write(Captures capture, View view, int port, long start) {
        int[] next = {1000, 500_000}; // sequence numbers: client, server
        long at = view == View.MIDSTREAM ? start : handshake(capture, view, port, start);
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            int side = segment.fromClient ? 0 : 1;
            boolean seen =
                    switch (view) {
                        case CLIENT_HALF -> segment.fromClient;
                        case SERVER_HALF -> !segment.fromClient;
                        case MIDSTREAM -> i >= midstream;
                        case WHOLE, ONE_BYTE_SEGMENTS -> true;
                    };
            int piece = view == View.ONE_BYTE_SEGMENTS ? 1 : Math.max(1, segment.bytes.length);
            for (int from = 0; from < segment.bytes.length; from += piece) {
                byte[] bytes = Arrays.copyOfRange(segment.bytes, from, from + piece);
                if (seen) {
                    capture.frame(at, packet(segment.fromClient, port, next, bytes));
                }
                next[side] += bytes.length;
                at += STEP / 100;
            }
            at += STEP;
        }
        return at;
    }

    private static long handshake(Captures capture, View view, int port, long at) {
        byte[] syn =
                Packets.tcp(CLIENT, port, SERVER, SERVER_PORT)
                        .sequence(999)
                        .flags(Packets.SYN)
                        .ethernet();
        byte[] synAck =
                Packets.tcp(SERVER, SERVER_PORT, CLIENT, port)
                        .sequence(499_999)
                        .acknowledgement(1000)
                        .flags(Packets.SYN | Packets.ACK)
                        .ethernet();
        if (view != View.SERVER_HALF) {
            capture.frame(at, syn);
        }
        if (view != View.CLIENT_HALF) {
            capture.frame(at + STEP / 10, synAck);
        }
        return at + STEP;
    }

    private static byte[] packet(boolean fromClient, int port, int[] next, byte[] bytes) {
        Packets packet =
                fromClient
                        ? Packets.tcp(CLIENT, port, SERVER, SERVER_PORT)
                                .sequence(next[0])
                                .acknowledgement(next[1])
                        : Packets.tcp(SERVER, SERVER_PORT, CLIENT, port)
                                .sequence(next[1])
                                .acknowledgement(next[0]);
        return packet.flags(Packets.PSH | Packets.ACK).payload(bytes).ethernet();
    }
}
