package minewatch.testkit.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Sends frames as they are from an interface of the caller's network, many with each system call.
///
/// - **Thread:** one.
///
/// Source: packet(7), sendmmsg(2).
public final class FrameSender implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_QDISC_BYPASS = 20;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUF = 7;
    private static final int SEND_BUFFER = 4 << 20; // bytes; the system may allow less
    private static final int MESSAGE = 64; // bytes of a struct mmsghdr
    private static final int VECTOR = 16; // bytes of a struct iovec
    private static final int BATCH = 64;

    private final int socket;

    private FrameSender(int socket) {
        this.socket = socket;
    }

    public static FrameSender open(String networkInterface) throws IOException {
        int index = Libc.interfaceIndex(networkInterface);
        FrameSender sender = new FrameSender(Libc.socket(AF_PACKET, SOCK_RAW, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(20, 4); // struct sockaddr_ll
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_INT, 4, index);
            Libc.bind(sender.socket, address);
            Libc.setsockopt(sender.socket, SOL_PACKET, PACKET_QDISC_BYPASS, 1);
            Libc.setsockopt(sender.socket, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER);
            return sender;
        } catch (IOException e) {
            sender.close();
            throw e;
        }
    }

    /// Returns when all are sent.
    public void send(List<byte[]> frames) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Load load = new Load(frames, arena);
            for (int sent = 0; sent < frames.size(); ) {
                sent += load.sendSome(sent, frames.size() - sent);
            }
        }
    }

    /// Frames made ready to be sent again and again.
    public Load load(List<byte[]> frames) {
        return new Load(frames, Arena.ofAuto());
    }

    @Override
    public void close() throws IOException {
        Libc.close(socket);
    }

    /// Frames in native memory, each with its message header. Of the sender's thread.
    public final class Load {
        private final int count;
        private final MemorySegment messages;

        private Load(List<byte[]> frames, Arena arena) {
            count = frames.size();
            messages = arena.allocate((long) count * MESSAGE, 8);
            MemorySegment vectors = arena.allocate((long) count * VECTOR, 8);
            for (int i = 0; i < count; i++) {
                MemorySegment frame = arena.allocateFrom(JAVA_BYTE, frames.get(i));
                vectors.set(ADDRESS, (long) i * VECTOR, frame);
                vectors.set(JAVA_LONG, (long) i * VECTOR + 8, frame.byteSize());
                // struct msghdr: 16 iovec, 24 how many
                messages.set(
                        ADDRESS,
                        (long) i * MESSAGE + 16,
                        vectors.asSlice((long) i * VECTOR, VECTOR));
                messages.set(JAVA_LONG, (long) i * MESSAGE + 24, 1);
            }
        }

        public int count() {
            return count;
        }

        /// One system call.
        ///
        /// @param from the first frame
        /// @param most frames to send; what is beyond the last, or a system call's fill, stays
        /// @return frames sent, 1 or more
        public int sendSome(int from, int most) throws IOException {
            int some = Math.min(Math.min(most, BATCH), count - from);
            return Libc.sendmmsg(
                    socket, messages.asSlice((long) from * MESSAGE, (long) some * MESSAGE), some);
        }
    }
}
