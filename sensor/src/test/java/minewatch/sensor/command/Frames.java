package minewatch.sensor.command;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// Frames of binary protocols as their programs write them.
final class Frames {
    private Frames() {}

    static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return bytes(all);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // BTCAgent

    static byte[] register(int session, String agent, String worker) {
        int length = 4 + 2 + agent.length() + 1 + worker.length() + 1;
        ByteBuffer frame = little(length).put((byte) 0x7F).put((byte) 1).putShort((short) length);
        frame.putShort((short) session).put(ascii(agent)).put((byte) 0);
        return bytes(frame.put(ascii(worker)).put((byte) 0));
    }

    static byte[] submitOfRig(int session, int job, int nonce) {
        ByteBuffer frame = little(23).put((byte) 0x7F).put((byte) 0x13).putShort((short) 23);
        frame.put((byte) job).putShort((short) session).putInt(1).putInt(nonce);
        return bytes(frame.putInt(1_795_450_658).putInt(0x00E0_0000));
    }

    static byte[] setDifficulty(int exponent, int... sessions) {
        int length = 7 + 2 * sessions.length;
        ByteBuffer frame = little(length).put((byte) 0x7F).put((byte) 5).putShort((short) length);
        frame.put((byte) exponent).putShort((short) sessions.length);
        for (int session : sessions) {
            frame.putShort((short) session);
        }
        return bytes(frame);
    }

    static byte[] response(int number, int status) {
        ByteBuffer frame = little(10).put((byte) 0x7F).put((byte) 0x10).putShort((short) 10);
        return bytes(frame.putShort((short) number).putInt(status));
    }

    // Stratum V2 in clear

    static byte[] sv2(int extension, int type, byte[] payload) {
        ByteBuffer frame = little(6 + payload.length).putShort((short) extension).put((byte) type);
        frame.put((byte) payload.length).put((byte) (payload.length >> 8)).put((byte) 0);
        return bytes(frame.put(payload));
    }

    static byte[] setup() {
        ByteBuffer payload = little(200).put((byte) 0).putShort((short) 2).putShort((short) 2);
        string(payload.putInt(1), "10.88.0.9").putShort((short) 34254);
        string(string(string(string(payload, "Bitmain"), "S19"), "braiins-os"), "rig7");
        return sv2(0, 0, bytes(payload));
    }

    private static ByteBuffer string(ByteBuffer buffer, String text) {
        return buffer.put((byte) text.length()).put(ascii(text));
    }

    static byte[] setupSuccess() {
        return sv2(0, 1, bytes(little(6).putShort((short) 2).putInt(0)));
    }

    static byte[] openStandard(String user, float rate) {
        ByteBuffer payload = string(little(200).putInt(1), user).putFloat(rate).put(new byte[32]);
        return sv2(0, 0x10, bytes(payload));
    }

    /// @param zeros leading zero bytes of the target, the rest ones
    static byte[] target(int zeros) {
        byte[] target = new byte[32]; // little-endian: the zeros come last
        Arrays.fill(target, 0, 32 - zeros, (byte) 0xFF);
        return target;
    }

    static byte[] openStandardSuccess(int channel, int zeros) {
        ByteBuffer payload = little(200).putInt(1).putInt(channel).put(target(zeros));
        payload.put((byte) 4).putInt(77).putInt(1);
        return sv2(0, 0x11, bytes(payload));
    }

    static byte[] newJob(int channel, int job) {
        ByteBuffer payload =
                little(200).putInt(channel).putInt(job).put((byte) 0).putInt(0x2000_0000);
        return sv2(0x8000, 0x15, bytes(payload.put(random(new Random(job), 32))));
    }

    static byte[] previousHash(int channel, int job) {
        ByteBuffer payload =
                little(48).putInt(channel).putInt(job).put(random(new Random(job), 32));
        return sv2(0x8000, 0x20, bytes(payload.putInt(1_795_450_658).putInt(0x1703_4219)));
    }

    static byte[] submitStandard(int channel, int sequence, int job) {
        ByteBuffer payload = little(24).putInt(channel).putInt(sequence).putInt(job);
        return sv2(0x8000, 0x1A, bytes(payload.putInt(77).putInt(1_795_450_658).putInt(2)));
    }

    static byte[] submitSuccess(int channel, int last, int count) {
        ByteBuffer payload = little(20).putInt(channel).putInt(last).putInt(count).putLong(count);
        return sv2(0x8000, 0x1C, bytes(payload));
    }

    // Peers

    static byte[] bitcoin(int magic, String command, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(24 + payload.length).putInt(magic);
        frame.put(Arrays.copyOf(ascii(command), 12)).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(payload.length).order(ByteOrder.BIG_ENDIAN);
        return bytes(frame.putInt(payload.length == 0 ? 0x5DF6_E0E2 : 77).put(payload));
    }

    static byte[] version(int magic) {
        ByteBuffer payload = little(200).putInt(70016).putLong(1).putLong(1_795_450_658);
        payload.put(new byte[26]).put(new byte[26]).putLong(77);
        string(payload, "/Satoshi:27.0.0/").putInt(800_000).put((byte) 1);
        return bitcoin(magic, "version", bytes(payload));
    }

    static byte[] levin(int command, boolean request, int length) {
        ByteBuffer frame = little(33 + length).putLong(0x0101_0101_0101_2101L).putLong(length);
        frame.put((byte) (request ? 1 : 0)).putInt(command).putInt(request ? 0 : 1);
        frame.putInt(request ? 1 : 2).putInt(1);
        return bytes(frame.put(new byte[length]));
    }

    static byte[] rlpx(Random random, int length) {
        ByteBuffer frame = ByteBuffer.allocate(2 + length).putShort((short) length).put((byte) 4);
        return bytes(frame.put(random(random, length - 1)));
    }

    static byte[] discovery(Random random, int type, int content) {
        ByteBuffer frame = ByteBuffer.allocate(200 + content).put(random(random, 96));
        frame.put((byte) 1).put((byte) type);
        if (content < 56) {
            frame.put((byte) (0xC0 + content));
        } else if (content < 256) {
            frame.put((byte) 0xF8).put((byte) content);
        } else {
            frame.put((byte) 0xF9).putShort((short) content);
        }
        return bytes(frame.put(random(random, content)));
    }

    static byte[] p2poolSolution(Random random) {
        return join(new byte[] {1}, random(random, 40));
    }

    static byte[] p2poolPortAndRequest() {
        return bytes(little(38).put((byte) 2).putInt(37889).put((byte) 3).put(new byte[32]));
    }

    static byte[] blocks(Random random, int length) {
        return bytes(ByteBuffer.allocate(4 + length).putInt(length).put(random(random, length)));
    }
}
