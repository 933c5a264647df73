package minewatch.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Random;

/// Ethernet frames in the mix of a provider's network: 60 % of 64 bytes, 33 % of 576, 7 % of 1,514;
/// 80 % TCP, else UDP; 22 % IPv6; 5 % with a VLAN tag. The same for a seed. Checksums are left 0.
public final class ImixFrames {
    /// Distance between the starts of two frames in [#block()], bytes.
    public static final int STRIDE = 1536;

    private final byte[][] frames;
    private final MemorySegment block;

    /// @param count frames
    /// @param flows that they belong to
    public ImixFrames(int count, int flows, long seed) {
        Random random = new Random(seed);
        frames = new byte[count][];
        block = Arena.ofAuto().allocate((long) count * STRIDE, 64);
        for (int i = 0; i < count; i++) {
            frames[i] = frame(random, random.nextInt(flows), random.nextBoolean());
            MemorySegment.copy(
                    frames[i], 0, block, ValueLayout.JAVA_BYTE, offset(i), frames[i].length);
        }
    }

    public int count() {
        return frames.length;
    }

    /// A frame by itself.
    public byte[] frame(int index) {
        return frames[index];
    }

    /// All frames in native memory.
    public MemorySegment block() {
        return block;
    }

    /// Where a frame starts in [#block()].
    public long offset(int index) {
        return (long) index * STRIDE;
    }

    private static byte[] frame(Random random, int flow, boolean back) {
        Random ofFlow = new Random(flow);
        boolean ipv6 = ofFlow.nextInt(100) < 22;
        boolean tcp = ofFlow.nextInt(100) < 80;
        boolean tagged = ofFlow.nextInt(100) < 5;
        int kind = random.nextInt(100);
        int length = kind < 60 ? 64 : kind < 93 ? 576 : 1514;
        int headers = 14 + (tagged ? 4 : 0) + (ipv6 ? 40 : 20) + (tcp ? 20 : 8);
        ByteBuffer frame = ByteBuffer.allocate(Math.max(length, headers));
        frame.putInt(0x02000000).putShort((short) 2).putInt(0x02000000).putShort((short) 1);
        if (tagged) {
            frame.putShort((short) 0x8100).putShort((short) 100);
        }
        int transport = frame.capacity() - headers + (tcp ? 20 : 8);
        if (ipv6) {
            putIpv6(frame, flow, back, tcp, transport);
        } else {
            putIpv4(frame, flow, back, tcp, transport);
        }
        putTransport(frame, ofFlow, back, tcp, transport);
        byte[] payload = new byte[frame.remaining()];
        random.nextBytes(payload);
        return frame.put(payload).array();
    }

    private static void putIpv4(
            ByteBuffer frame, int flow, boolean back, boolean tcp, int transport) {
        int client = 0x0A000000 | (flow & 0xFFFFFF);
        int server = 0x14000000 | flow % 5000;
        frame.putShort((short) 0x0800).putShort((short) 0x4500).putShort((short) (20 + transport));
        frame.putInt(0x4000).put((byte) 60).put((byte) (tcp ? 6 : 17)).putShort((short) 0);
        frame.putInt(back ? server : client).putInt(back ? client : server);
    }

    private static void putIpv6(
            ByteBuffer frame, int flow, boolean back, boolean tcp, int transport) {
        long prefix = 0x2001_0DB8_0000_0000L;
        frame.putShort((short) 0x86DD).putInt(0x6000_0000).putShort((short) transport);
        frame.put((byte) (tcp ? 6 : 17)).put((byte) 60);
        frame.putLong(prefix).putLong(back ? 1 : flow).putLong(prefix).putLong(back ? flow : 1);
    }

    private static void putTransport(
            ByteBuffer frame, Random ofFlow, boolean back, boolean tcp, int length) {
        short client = (short) (1024 + ofFlow.nextInt(60_000));
        short server = (short) 443;
        frame.putShort(back ? server : client).putShort(back ? client : server);
        if (tcp) {
            frame.putLong(0).put((byte) 0x50).put((byte) 0x18).putShort((short) -1).putInt(0);
        } else {
            frame.putShort((short) length).putShort((short) 0);
        }
    }
}
