package minewatch.sensor.command;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import minewatch.sensor.Worker;
import minewatch.sensor.inspect.Inspector;
import minewatch.signatures.SignaturePack;
import minewatch.testkit.Captures;
import minewatch.testkit.Packets;

/// Plays a [Talk] as frames of one TCP connection, whole or as a tap with less luck sees it, and
/// lets the whole sensor read them.
final class TalkCapture {
    static final String OPENER = "10.20.0.7";
    static final String LISTENER = "203.0.113.9";
    private static final int OPENER_PORT = 51234;
    private static final int LISTENER_PORT = 3333;
    private static final int LARGEST_SEGMENT = 1400; // bytes
    private static final long SECOND = 1_000_000_000L;
    private static final String UPGRADE =
            String.join(
                    "\r\n",
                    "GET /ws HTTP/1.1",
                    "Host: a.example",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13",
                    "",
                    "");
    private static final String UPGRADED =
            String.join(
                    "\r\n",
                    "HTTP/1.1 101 Switching Protocols",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                    "",
                    "");
    private static final byte[] MASK = {0x3A, 0x11, (byte) 0xC4, 0x5E};

    /// What the tap sees of it.
    enum Seen {
        WHOLE,
        /// Not the beginning: from half a message on.
        MIDWAY,
        OPENER_HALF,
        LISTENER_HALF,
        ONE_BYTE_SEGMENTS
    }

    private final Seen seen;
    private final Captures capture = Captures.pcap(ByteOrder.LITTLE_ENDIAN);
    private long nanos = 1_800_000_000L * SECOND;
    private int openerSequence = 1000;
    private int listenerSequence = 90_000;

    private TalkCapture(Seen seen) {
        this.seen = seen;
    }

    static FileScan.Outcome scan(Talk talk, Seen seen, SignaturePack pack, Path folder)
            throws IOException {
        Path file = folder.resolve("talk.pcap");
        Files.write(file, new TalkCapture(seen).play(talk));
        return FileScan.run(
                file.toString(),
                pack,
                Inspector.Limits.fitting(1 << 28, 1),
                Worker.NO_INTERVAL,
                null,
                Progress.onTerminal(1));
    }

    private byte[] play(Talk talk) {
        List<Talk.Said> said = talk.said();
        if (seen == Seen.MIDWAY) {
            Talk.Said before = said.get(talk.midway() - 1);
            byte[] bytes = wire(talk, before);
            say(before.byOpener(), Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length));
            said = said.subList(talk.midway(), said.size());
        } else {
            open(talk.webSocket());
        }
        for (Talk.Said one : said) {
            nanos += SECOND;
            say(one.byOpener(), wire(talk, one));
        }
        return capture.bytes();
    }

    private void open(boolean webSocket) {
        segment(true, Packets.SYN, new byte[0]);
        openerSequence++;
        segment(false, Packets.SYN | Packets.ACK, new byte[0]);
        listenerSequence++;
        segment(true, Packets.ACK, new byte[0]);
        if (webSocket) {
            say(true, ascii(UPGRADE));
            say(false, ascii(UPGRADED));
        }
    }

    private static byte[] wire(Talk talk, Talk.Said one) {
        return talk.webSocket() ? frame(one) : one.bytes();
    }

    /// A WebSocket text message (RFC 6455 §5.2), masked where it comes from the opener.
    private static byte[] frame(Talk.Said one) {
        byte[] text = one.bytes();
        boolean extended = text.length > 125;
        int head = (extended ? 4 : 2) + (one.byOpener() ? MASK.length : 0);
        byte[] frame = new byte[head + text.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) ((extended ? 126 : text.length) | (one.byOpener() ? 0x80 : 0));
        if (extended) {
            frame[2] = (byte) (text.length >> 8);
            frame[3] = (byte) text.length;
        }
        if (one.byOpener()) {
            System.arraycopy(MASK, 0, frame, head - MASK.length, MASK.length);
        }
        for (int i = 0; i < text.length; i++) {
            frame[head + i] = (byte) (text[i] ^ (one.byOpener() ? MASK[i % MASK.length] : 0));
        }
        return frame;
    }

    private void say(boolean byOpener, byte[] bytes) {
        int most = seen == Seen.ONE_BYTE_SEGMENTS ? 1 : LARGEST_SEGMENT;
        for (int from = 0; from < bytes.length; from += most) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + most));
            segment(byOpener, Packets.PSH | Packets.ACK, part);
            if (byOpener) {
                openerSequence += part.length;
            } else {
                listenerSequence += part.length;
            }
        }
    }

    private void segment(boolean byOpener, int flags, byte[] payload) {
        nanos += SECOND / 1_000_000;
        if (seen == (byOpener ? Seen.LISTENER_HALF : Seen.OPENER_HALF)) {
            return;
        }
        Packets packet =
                byOpener
                        ? Packets.tcp(OPENER, OPENER_PORT, LISTENER, LISTENER_PORT)
                                .sequence(openerSequence)
                                .acknowledgement(listenerSequence)
                        : Packets.tcp(LISTENER, LISTENER_PORT, OPENER, OPENER_PORT)
                                .sequence(listenerSequence)
                                .acknowledgement(openerSequence);
        capture.frame(nanos, packet.flags(flags).payload(payload).ethernet());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
