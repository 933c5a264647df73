package minewatch.sensor.capture.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A classic BPF program: what it returns for a frame is how many bytes of it are kept
/// (linux/filter.h, `struct sock_filter`).
final class FilterProgram {
    static final int INSTRUCTION_BYTES = 8;

    /// Lets nothing pass: `ret #0`.
    static final FilterProgram NOTHING = new FilterProgram(new long[] {returns(0)});

    /// Lets everything pass, whole: `ret #-1`.
    static final FilterProgram EVERYTHING = new FilterProgram(new long[] {returns(-1)});

    private final long[] instructions; // in memory order of this machine

    FilterProgram(long[] instructions) {
        this.instructions = instructions;
    }

    /// Instructions.
    int length() {
        return instructions.length;
    }

    MemorySegment copyTo(Arena arena) {
        return arena.allocateFrom(ValueLayout.JAVA_LONG, instructions);
    }

    /// `{u16 code, u8 jt, u8 jf, u32 k}` with BPF_RET | BPF_K.
    private static long returns(int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instruction = arena.allocate(INSTRUCTION_BYTES, 8);
            instruction.set(ValueLayout.JAVA_SHORT, 0, (short) 0x06);
            instruction.set(ValueLayout.JAVA_INT, 4, bytes);
            return instruction.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
