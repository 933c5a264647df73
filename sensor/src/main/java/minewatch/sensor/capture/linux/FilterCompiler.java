package minewatch.sensor.capture.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// Compiles a filter expression by libpcap, for one interface.
///
/// A capture of the interface is opened for it and closed again: only for a live one does libpcap
/// look for VLAN tags where the kernel keeps them, beside the frame.
///
/// Source: pcap-filter(7), pcap_compile(3PCAP).
@SuppressWarnings("restricted")
final class FilterCompiler {
    private static final List<String> NAMES =
            List.of("libpcap.so.0.8", "libpcap.so.1", "libpcap.so"); // Debian; others; developers
    private static final int SNAPSHOT_BYTES = 256 << 10;
    private static final int ERROR_BYTES = 256; // PCAP_ERRBUF_SIZE
    private static final int LONGEST_MESSAGE = 4 << 10;
    private static final int NETMASK_UNKNOWN = -1;
    private static final int MOST_INSTRUCTIONS = 4096; // BPF_MAXINSNS

    private final MethodHandle openLive;
    private final MethodHandle compile;
    private final MethodHandle getError;
    private final MethodHandle freeCode;
    private final MethodHandle close;

    private FilterCompiler(SymbolLookup library) {
        openLive =
                function(
                        library,
                        "pcap_open_live",
                        FunctionDescriptor.of(
                                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        compile =
                function(
                        library,
                        "pcap_compile",
                        FunctionDescriptor.of(
                                JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
        getError = function(library, "pcap_geterr", FunctionDescriptor.of(ADDRESS, ADDRESS));
        freeCode = function(library, "pcap_freecode", FunctionDescriptor.ofVoid(ADDRESS));
        close = function(library, "pcap_close", FunctionDescriptor.ofVoid(ADDRESS));
    }

    /// @throws IOException with cause and remedy in one line
    static FilterProgram compile(String networkInterface, String expression) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            FilterCompiler compiler = new FilterCompiler(library(arena));
            return compiler.compile(arena, networkInterface, expression);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("cannot call libpcap", e);
        }
    }

    private FilterProgram compile(Arena arena, String networkInterface, String expression)
            throws Throwable {
        MemorySegment error = arena.allocate(ERROR_BYTES);
        MemorySegment name = arena.allocateFrom(networkInterface);
        MemorySegment capture =
                (MemorySegment) openLive.invokeExact(name, SNAPSHOT_BYTES, 0, 1, error);
        if (capture.equals(MemorySegment.NULL)) {
            throw new IOException(
                    "cannot compile capture.filter for "
                            + networkInterface
                            + ": "
                            + error.getString(0).strip()
                            + "; look at `ip -brief link`, and grant CAP_NET_RAW"
                            + " (docs/how-to/install.md)");
        }
        try {
            return compile(arena, capture, expression);
        } finally {
            close.invokeExact(capture);
        }
    }

    private FilterProgram compile(Arena arena, MemorySegment capture, String expression)
            throws Throwable {
        MemorySegment program = arena.allocate(16, 8); // struct bpf_program
        MemorySegment text = arena.allocateFrom(expression);
        int failed = (int) compile.invokeExact(capture, program, text, 1, NETMASK_UNKNOWN);
        if (failed != 0) {
            MemorySegment message = (MemorySegment) getError.invokeExact(capture);
            throw new IOException(
                    "cannot compile capture.filter: "
                            + expression
                            + ": "
                            + message.reinterpret(LONGEST_MESSAGE).getString(0).strip()
                            + "; write it as pcap-filter(7) says");
        }
        try {
            return copy(program);
        } finally {
            freeCode.invokeExact(program);
        }
    }

    private static FilterProgram copy(MemorySegment program) throws IOException {
        int length = program.get(JAVA_INT, 0);
        if (length < 1 || length > MOST_INSTRUCTIONS) {
            throw new IOException(
                    "cannot attach capture.filter: it takes "
                            + length
                            + " instructions (expected: 1 to "
                            + MOST_INSTRUCTIONS
                            + "); shorten it");
        }
        MemorySegment instructions =
                program.get(ADDRESS, 8)
                        .reinterpret((long) length * FilterProgram.INSTRUCTION_BYTES);
        return new FilterProgram(instructions.toArray(JAVA_LONG.withByteAlignment(4)));
    }

    private static SymbolLookup library(Arena arena) throws IOException {
        for (String name : NAMES) {
            try {
                return SymbolLookup.libraryLookup(name, arena);
            } catch (IllegalArgumentException e) {
                // it may have another name
            }
        }
        throw new IOException(
                "cannot compile capture.filter: libpcap is missing; install it (Debian: libpcap0.8)");
    }

    private static MethodHandle function(
            SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }
}
