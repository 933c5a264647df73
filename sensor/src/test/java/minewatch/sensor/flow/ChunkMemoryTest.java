package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkMemoryTest {
    private static final long CHUNK = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {CHUNK, ChunkMemory.LARGE, 3 * ChunkMemory.LARGE})
    void pieceIsAlignedZeroedAndWritableToItsEnd(long bytes) {
        try (ChunkMemory memory = new ChunkMemory(bytes, CHUNK)) {
            MemorySegment piece = segment(memory, bytes);

            assertThat(memory.address() % CHUNK).isZero();
            for (long at = 0; at < bytes; at += 512) {
                assertThat(piece.get(ValueLayout.JAVA_LONG, at)).isZero();
            }
            piece.fill((byte) 1);
        }
    }

    @Test
    void largePieceAsksForHugePagesAndIsGivenBack() throws IOException {
        assumeTrue(Files.exists(Path.of("/sys/kernel/mm/transparent_hugepage/enabled")));
        long address;
        try (ChunkMemory memory = new ChunkMemory(ChunkMemory.LARGE, CHUNK)) {
            address = memory.address();

            assertThat(flags(address)).contains(" hg ");
        }
        assertThat(flags(address)).doesNotContain(" hg ");
    }

    @SuppressWarnings("restricted")
    private static MemorySegment segment(ChunkMemory memory, long bytes) {
        return MemorySegment.ofAddress(memory.address()).reinterpret(bytes);
    }

    /// The `VmFlags` of the mapping that holds an address (proc_pid_smaps(5)); empty if none does.
    private static String flags(long address) throws IOException {
        boolean inMapping = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            String head = line.split(" ", 2)[0];
            if (head.matches("[0-9a-f]+-[0-9a-f]+")) {
                int dash = head.indexOf('-');
                inMapping =
                        HexFormat.fromHexDigitsToLong(head, 0, dash) <= address
                                && address
                                        < HexFormat.fromHexDigitsToLong(
                                                head, dash + 1, head.length());
            } else if (inMapping && head.equals("VmFlags:")) {
                return line + " ";
            }
        }
        return "";
    }
}
