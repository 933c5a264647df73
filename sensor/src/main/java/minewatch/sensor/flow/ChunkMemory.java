package minewatch.sensor.flow;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A piece of zeroed native memory for chunks. A large one asks for huge pages, mmap(2) and
/// madvise(2): of a table of many flows each packet reads another page, whose place the processor
/// cannot remember.
///
/// A small piece, and any on a system that has no such calls, comes from [Arena]: the first native
/// call of a process takes some 0.2 s, which a short scan would not win back.
public final class ChunkMemory implements AutoCloseable {
    /// From this size on huge pages are asked for.
    public static final long LARGE = 32L << 20;

    private static final long HUGE_PAGE = 2L << 20;

    private final Arena arena = Arena.ofShared();
    private final long address;

    /// @param alignment a power of two, at most [#HUGE_PAGE]
    public ChunkMemory(long bytes, long alignment) {
        address =
                bytes >= LARGE && Pages.OFFERED
                        ? Pages.map(bytes, arena)
                        : arena.allocate(bytes, alignment).address();
    }

    long address() {
        return address;
    }

    @Override
    public void close() {
        arena.close();
    }

    /// The calls, as the C library has them on 64-bit Linux.
    private static final class Pages {
        static final boolean OFFERED = System.getProperty("os.name").equals("Linux");

        private static final int READ_WRITE = 3; // PROT_READ | PROT_WRITE
        private static final int PRIVATE_ANONYMOUS = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS
        private static final int ADVICE_HUGE_PAGE = 14; // MADV_HUGEPAGE
        private static final long FAILED = -1;

        private static final MethodHandle MMAP =
                function(
                        "mmap",
                        FunctionDescriptor.of(
                                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                                JAVA_LONG));
        private static final MethodHandle MADVISE =
                function(
                        "madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        private static final MethodHandle MUNMAP =
                function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

        private Pages() {}

        /// @return the address, a multiple of [#HUGE_PAGE]; it holds until `arena` is closed
        @SuppressWarnings("restricted")
        static long map(long bytes, Arena arena) {
            long room = bytes + HUGE_PAGE;
            long start = mmap(room);
            if (start == FAILED) {
                throw new OutOfMemoryError("no " + room + " bytes of memory for flows");
            }
            MemorySegment.ofAddress(start).reinterpret(room, arena, Pages::unmap);
            long aligned = start + HUGE_PAGE - 1 & -HUGE_PAGE;
            advise(aligned, bytes);
            return aligned;
        }

        private static long mmap(long bytes) {
            try {
                return (long) MMAP.invokeExact(0L, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0L);
            } catch (Throwable e) {
                throw new AssertionError(e); // a downcall throws nothing
            }
        }

        /// Where the kernel has no huge pages the memory is as good, only slower.
        private static void advise(long address, long bytes) {
            try {
                int ignored = (int) MADVISE.invokeExact(address, bytes, ADVICE_HUGE_PAGE);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        private static void unmap(MemorySegment memory) {
            try {
                int ignored = (int) MUNMAP.invokeExact(memory, memory.byteSize());
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }
    }
}
