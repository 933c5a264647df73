package minewatch.sensor.capture.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// The ring's memory, which the kernel writes and we read, block by block in turn.
///
/// A block belongs to the kernel until it sets TP_STATUS_USER, and then to us until we set
/// TP_STATUS_KERNEL. Both are stores that publish what was done before them.
final class MappedRing implements AutoCloseable {
    private static final int STATUS = 8; // in struct tpacket_block_desc
    private static final int USED_BYTES = 20;
    private static final int TP_STATUS_KERNEL = 0;
    private static final int TP_STATUS_USER = 1;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final MemorySegment memory;
    private final int blocks;
    private int current;

    MappedRing(MemorySegment memory, int blocks) {
        this.memory = memory;
        this.blocks = blocks;
    }

    /// Whether the next block is ours.
    boolean isReady() {
        return isOurs(current);
    }

    private boolean isOurs(int block) {
        long status = (long) block * RingSize.BLOCK_BYTES + STATUS;
        return ((int) INT.getAcquire(memory, status) & TP_STATUS_USER) != 0;
    }

    /// Share of the blocks that are ours and not taken yet, 0 to 1. They are filled in turn, so the
    /// first that is not ours ends them.
    double backlog() {
        int ours = 0;
        int notOurs = blocks;
        while (ours < notOurs) {
            int middle = (ours + notOurs) >>> 1;
            if (isOurs((current + middle) % blocks)) {
                ours = middle + 1;
            } else {
                notOurs = middle;
            }
        }
        return (double) ours / blocks;
    }

    /// Copies the next block out and gives it back, so that the kernel has it before anything is
    /// done with it. Only if [#isReady()].
    ///
    /// @param target room for a whole block
    /// @return bytes of it that hold something
    int take(MemorySegment target) {
        long start = start();
        int used = memory.get(ValueLayout.JAVA_INT, start + USED_BYTES);
        int length = used < 0 || used > RingSize.BLOCK_BYTES ? RingSize.BLOCK_BYTES : used;
        MemorySegment.copy(memory, start, target, 0, length);
        INT.setRelease(memory, start + STATUS, TP_STATUS_KERNEL);
        current = current + 1 == blocks ? 0 : current + 1;
        return length;
    }

    @Override
    public void close() throws SystemCallException {
        Libc.munmap(memory);
    }

    private long start() {
        return (long) current * RingSize.BLOCK_BYTES;
    }
}
