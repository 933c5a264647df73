package minewatch.testkit.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls that tests make.
@SuppressWarnings("restricted")
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private static final MethodHandle UNSHARE =
            function("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CAPSET =
            function("capset", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SETSOCKOPT =
            function(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDMMSG =
            function(
                    "sendmmsg",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IF_NAMETOINDEX =
            function("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    @FunctionalInterface
    private interface Call {
        int invoke(MemorySegment state) throws Throwable;
    }

    private Libc() {}

    /// unshare(2): of the calling thread alone.
    static void unshare(int flags) throws IOException {
        call("unshare", state -> (int) UNSHARE.invokeExact(state, flags));
    }

    /// capset(2): the calling thread holds these capabilities only.
    ///
    /// @param held a bit for each, of the first 32 (linux/capability.h)
    static void setCapabilities(int held) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocateFrom(JAVA_INT, 0x20080522, 0); // version 3
            // effective, permitted, inheritable; then those of the next 32
            MemorySegment sets = arena.allocateFrom(JAVA_INT, held, held, 0, 0, 0, 0);
            call("capset", state -> (int) CAPSET.invokeExact(state, header, sets));
        }
    }

    static int socket(int domain, int type, int protocol) throws IOException {
        return call("socket", state -> (int) SOCKET.invokeExact(state, domain, type, protocol));
    }

    static void bind(int socket, MemorySegment address) throws IOException {
        int length = (int) address.byteSize();
        call("bind", state -> (int) BIND.invokeExact(state, socket, address, length));
    }

    static void setsockopt(int socket, int level, int option, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(JAVA_INT, value);
            call(
                    "setsockopt",
                    state -> (int) SETSOCKOPT.invokeExact(state, socket, level, option, number, 4));
        }
    }

    /// sendmmsg(2)
    ///
    /// @return messages sent, 1 or more
    static int sendmmsg(int socket, MemorySegment messages, int count) throws IOException {
        return call(
                "sendmmsg", state -> (int) SENDMMSG.invokeExact(state, socket, messages, count, 0));
    }

    static void close(int file) throws IOException {
        call("close", state -> (int) CLOSE.invokeExact(state, file));
    }

    static int interfaceIndex(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            int index =
                    call("if_nametoindex", state -> (int) IF_NAMETOINDEX.invokeExact(state, text));
            if (index == 0) {
                throw new IOException("no interface " + name);
            }
            return index;
        }
    }

    private static int call(String name, Call call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = call.invoke(state);
            if (result < 0) {
                throw new IOException(name + ": errno " + (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (IOException | RuntimeException | Error e) {
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
