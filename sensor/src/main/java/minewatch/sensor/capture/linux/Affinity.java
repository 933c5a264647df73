package minewatch.sensor.capture.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Which processor a thread runs on: sched_setaffinity(2).
public final class Affinity {
    private static final int SET_BYTES = 128; // cpu_set_t: 1024 processors
    private static final int BITS = Long.SIZE;

    private Affinity() {}

    /// The calling thread, and threads it starts from now on, run on this processor only.
    ///
    /// @param core 0 to 1023
    /// @throws IOException with cause and remedy in one line
    public static void pin(int core) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(SET_BYTES, 8);
            set.set(JAVA_LONG, (long) core / BITS * Long.BYTES, 1L << core % BITS);
            Libc.setAffinity(set);
        } catch (SystemCallException e) {
            throw new IOException(
                    "cannot pin a worker to core "
                            + core
                            + ": "
                            + Errno.name(e.errno())
                            + "; set capture.cores to some of `taskset -cp $$`",
                    e);
        }
    }
}
