package minewatch.sensor.capture.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a ring's memory is cut up.
///
/// Blocks are what goes back and forth between kernel and reader. They are small enough that one,
/// copied out, stays in a processor's second-level cache beside the flow table's lines, and hold
/// the longest frame there is (receive offload makes frames of 64 KiB).
///
/// @param blocks 2 or more
record RingSize(int blocks) {
    static final int BLOCK_BYTES = 256 << 10;

    /// Not a limit: only what the kernel counts a ring's frames with.
    static final int FRAME_BYTES = 2048;

    /// After so long the kernel hands over a block that is not full.
    static final int RETIRE_MILLIS = 20;

    private static final Pattern AVAILABLE =
            Pattern.compile("^MemAvailable: +([0-9]{1,15}) kB$", Pattern.MULTILINE);

    /// The largest ring of at most so many bytes, but of two blocks at least.
    static RingSize of(long bytes) {
        return new RingSize(Math.clamp(bytes / BLOCK_BYTES, 2, 1 << 20));
    }

    long bytes() {
        return (long) blocks * BLOCK_BYTES;
    }

    /// Memory the kernel could give without swapping, bytes; [Long#MAX_VALUE] where it does not
    /// say.
    ///
    /// @param meminfo `/proc/meminfo`
    static long available(Path meminfo) {
        try {
            Matcher line = AVAILABLE.matcher(Files.readString(meminfo));
            return line.find() ? Long.parseLong(line.group(1)) << 10 : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
