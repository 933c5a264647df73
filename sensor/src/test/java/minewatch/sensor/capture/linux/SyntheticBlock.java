package minewatch.sensor.capture.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A block of a ring as the kernel would leave it (include/uapi/linux/if_packet.h).
final class SyntheticBlock {
    static final long TIME_NANOS = 1_795_478_400_000_000_123L;
    private static final int MAC = 82; // where the kernel puts an Ethernet header

    private final ByteBuffer bytes = ByteBuffer.allocate(64 << 10).order(ByteOrder.nativeOrder());
    private int count;
    private int last = -1;
    private int end = 48;

    /// @param status as in `tp_status`
    /// @param tag VLAN tag control information, and its type
    SyntheticBlock frame(byte[] frame, int wireLength, int status, int tag, int type) {
        if (last >= 0) {
            bytes.putInt(last, end - last);
        }
        last = end;
        bytes.putInt(end + 4, (int) (TIME_NANOS / 1_000_000_000));
        bytes.putInt(end + 8, (int) (TIME_NANOS % 1_000_000_000));
        bytes.putInt(end + 12, frame.length);
        bytes.putInt(end + 16, wireLength);
        bytes.putInt(end + 20, status);
        bytes.putShort(end + 24, (short) MAC);
        bytes.putShort(end + 26, (short) (MAC + 14));
        bytes.putInt(end + 32, tag);
        bytes.putShort(end + 36, (short) type);
        bytes.put(end + MAC, frame);
        end += MAC + frame.length + 7 & ~7;
        count++;
        return this;
    }

    SyntheticBlock frame(byte[] frame) {
        return frame(frame, frame.length, 0, 0, 0);
    }

    /// The direction of the last frame, as in `sll_pkttype`.
    SyntheticBlock direction(int direction) {
        bytes.put(last + 58, (byte) direction);
        return this;
    }

    /// Lets the last frame, or before the first the block, say something else.
    SyntheticBlock lie(int field, int value) {
        bytes.putInt(Math.max(last, 0) + field, value);
        return this;
    }

    byte[] toBytes() {
        bytes.putInt(0, 1).putInt(8, 1);
        bytes.putInt(12, count).putInt(16, 48).putInt(20, end);
        byte[] block = new byte[end];
        bytes.get(0, block);
        return block;
    }

    /// Memory that ends where the block ends: whatever is read beyond it is an exception.
    static MemorySegment memory(byte[] block) {
        MemorySegment memory = Arena.ofAuto().allocate(Math.max(block.length, 1), 8);
        MemorySegment.copy(block, 0, memory, ValueLayout.JAVA_BYTE, 0, block.length);
        return memory.asSlice(0, block.length);
    }
}
