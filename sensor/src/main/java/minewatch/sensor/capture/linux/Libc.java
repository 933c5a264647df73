package minewatch.sensor.capture.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of a capture, as the C library has them on 64-bit Linux. None is made per
/// packet.
@SuppressWarnings("restricted")
final class Libc {
    private static final int READ_WRITE = 3; // PROT_READ | PROT_WRITE
    private static final int MAP_SHARED = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKNAME =
            function("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT =
            function(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            function(
                    "getsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle MMAP =
            function(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SCHED_SETAFFINITY =
            function(
                    "sched_setaffinity",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle IF_NAMETOINDEX =
            function("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    /// What is called with the place that `errno` is put to.
    @FunctionalInterface
    private interface Call {
        long invoke(MemorySegment state) throws Throwable;
    }

    private Libc() {}

    /// socket(2)
    static int socket(int domain, int type, int protocol) throws SystemCallException {
        return (int)
                call("socket", state -> (int) SOCKET.invokeExact(state, domain, type, protocol));
    }

    /// bind(2)
    static void bind(int socket, MemorySegment address) throws SystemCallException {
        int length = (int) address.byteSize();
        call("bind", state -> (int) BIND.invokeExact(state, socket, address, length));
    }

    /// getsockname(2)
    ///
    /// @param address filled as far as the kernel knows
    static void getsockname(int socket, MemorySegment address) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
            call(
                    "getsockname",
                    state -> (int) GETSOCKNAME.invokeExact(state, socket, address, length));
        }
    }

    /// setsockopt(2)
    ///
    /// @param name of the option, for messages
    static void setsockopt(int socket, int level, int option, String name, MemorySegment value)
            throws SystemCallException {
        int length = (int) value.byteSize();
        call(
                "setsockopt " + name,
                state -> (int) SETSOCKOPT.invokeExact(state, socket, level, option, value, length));
    }

    /// getsockopt(2)
    static void getsockopt(int socket, int level, int option, String name, MemorySegment value)
            throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            call(
                    "getsockopt " + name,
                    state ->
                            (int)
                                    GETSOCKOPT.invokeExact(
                                            state, socket, level, option, value, length));
        }
    }

    /// mmap(2) of a file from its start, shared, to read and write.
    ///
    /// @return valid until [#munmap]; nothing guards it after that
    static MemorySegment mmap(int file, long bytes) throws SystemCallException {
        long address =
                call(
                        "mmap",
                        state ->
                                (long)
                                        MMAP.invokeExact(
                                                state,
                                                0L,
                                                bytes,
                                                READ_WRITE,
                                                MAP_SHARED,
                                                file,
                                                0L));
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /// munmap(2)
    static void munmap(MemorySegment memory) throws SystemCallException {
        long bytes = memory.byteSize();
        call("munmap", state -> (int) MUNMAP.invokeExact(state, memory, bytes));
    }

    /// poll(2) of one file.
    ///
    /// @param request a `struct pollfd`
    /// @return whether something happened; false as well where a signal ended the wait
    static boolean poll(MemorySegment request, int timeoutMillis) throws SystemCallException {
        try {
            return call("poll", state -> (int) POLL.invokeExact(state, request, 1L, timeoutMillis))
                    > 0;
        } catch (SystemCallException e) {
            if (e.errno() == Errno.EINTR) {
                return false;
            }
            throw e;
        }
    }

    /// sched_setaffinity(2) of the calling thread.
    ///
    /// @param processors a `cpu_set_t`
    static void setAffinity(MemorySegment processors) throws SystemCallException {
        long bytes = processors.byteSize();
        call(
                "sched_setaffinity",
                state -> (int) SCHED_SETAFFINITY.invokeExact(state, 0, bytes, processors));
    }

    /// close(2)
    static void close(int file) throws SystemCallException {
        call("close", state -> (int) CLOSE.invokeExact(state, file));
    }

    /// if_nametoindex(3)
    ///
    /// @throws SystemCallException if this network namespace has no such interface
    static int interfaceIndex(String name) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            // 0 is how it fails
            return (int)
                            call(
                                    "if_nametoindex",
                                    state ->
                                            Integer.toUnsignedLong(
                                                            (int)
                                                                    IF_NAMETOINDEX.invokeExact(
                                                                            state, text))
                                                    - 1)
                    + 1;
        }
    }

    private static long call(String name, Call call) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.invoke(state);
            if (result < 0) {
                throw new SystemCallException(name, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (SystemCallException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("cannot call " + name, e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.captureCallState("errno"));
    }
}
