package minewatch.sensor.capture.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A packet socket and its options. It takes nothing in before [#bind]: it is made for no protocol,
/// so that filter and ring are in place before the first frame.
///
/// Source: packet(7), socket(7), include/uapi/linux/if_packet.h.
final class PacketSocket implements AutoCloseable {
    /// `sll_pkttype` of a frame that this machine sent.
    static final int PACKET_OUTGOING = 4;

    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final short ETH_P_ALL = 3;
    private static final int ADDRESS_BYTES = 20; // struct sockaddr_ll

    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_ATTACH_FILTER = 26;

    private static final int SOL_PACKET = 263;
    private static final int PACKET_ADD_MEMBERSHIP = 1;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_TIMESTAMP = 17;
    private static final int PACKET_FANOUT = 18;
    private static final int FANOUT_HASH = 0;
    private static final int FANOUT_ROLLOVER = 0x1000;
    private static final int FANOUT_UNIQUE_ID = 0x2000;
    private static final int FANOUT_DEFRAG = 0x8000;
    private static final int FANOUT = FANOUT_HASH | FANOUT_ROLLOVER | FANOUT_DEFRAG;
    private static final int FANOUT_ID = 0xFFFF;
    private static final int TPACKET_V3 = 2;
    private static final int PACKET_MR_PROMISC = 1;
    private static final int RAW_HARDWARE = 1 << 6; // SOF_TIMESTAMPING_RAW_HARDWARE

    private static final ValueLayout.OfShort BE16 = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final int socket;
    private final MemorySegment statistics = Arena.ofAuto().allocate(12, 4);
    private final MemorySegment address = Arena.ofAuto().allocate(ADDRESS_BYTES, 4);
    private final MemorySegment pollRequest = Arena.ofAuto().allocate(8, 4); // struct pollfd
    private long kernelPackets;
    private long kernelDrops;
    private long freezes;

    private PacketSocket(int socket) {
        this.socket = socket;
    }

    /// @throws SystemCallException EPERM without CAP_NET_RAW
    static PacketSocket open() throws SystemCallException {
        return new PacketSocket(Libc.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0));
    }

    /// Asks for a ring of the third version, whose blocks hold frames of any length.
    MappedRing ring(RingSize size) throws SystemCallException {
        option(PACKET_VERSION, "PACKET_VERSION", TPACKET_V3);
        try (Arena temporary = Arena.ofConfined()) {
            // struct tpacket_req3
            MemorySegment request =
                    temporary.allocateFrom(
                            JAVA_INT,
                            RingSize.BLOCK_BYTES,
                            size.blocks(),
                            RingSize.FRAME_BYTES,
                            size.blocks() * (RingSize.BLOCK_BYTES / RingSize.FRAME_BYTES),
                            RingSize.RETIRE_MILLIS,
                            0,
                            0);
            Libc.setsockopt(socket, SOL_PACKET, PACKET_RX_RING, "PACKET_RX_RING", request);
        }
        return new MappedRing(Libc.mmap(socket, size.bytes()), size.blocks());
    }

    /// Asks for the network card's own times. Frames it has none for carry the kernel's.
    void preferHardwareTime() throws SystemCallException {
        option(PACKET_TIMESTAMP, "PACKET_TIMESTAMP", RAW_HARDWARE);
    }

    /// From now on only what the program lets pass comes in.
    void filter(FilterProgram program) throws SystemCallException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment instructions = program.copyTo(temporary);
            MemorySegment request = temporary.allocate(16, 8); // struct sock_fprog
            request.set(JAVA_SHORT, 0, (short) program.length());
            request.set(ADDRESS, 8, instructions);
            Libc.setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, "SO_ATTACH_FILTER", request);
        }
    }

    /// Frames of every protocol begin to come in.
    void bind(int interfaceIndex) throws SystemCallException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment own = temporary.allocate(ADDRESS_BYTES, 4);
            own.set(JAVA_SHORT, 0, (short) AF_PACKET);
            own.set(BE16, 2, ETH_P_ALL);
            own.set(JAVA_INT, 4, interfaceIndex);
            Libc.bind(socket, own);
        }
    }

    /// Has the interface take in what is not addressed to it, until the socket is closed.
    void joinPromiscuous(int interfaceIndex) throws SystemCallException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment request = temporary.allocate(16, 4); // struct packet_mreq
            request.set(JAVA_INT, 0, interfaceIndex);
            request.set(JAVA_SHORT, 4, (short) PACKET_MR_PROMISC);
            Libc.setsockopt(
                    socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, "PACKET_ADD_MEMBERSHIP", request);
        }
    }

    /// Begins a group of sockets that share what comes in. Only if bound.
    ///
    /// @return the group's id, which no other program's group has
    int foundFanout() throws SystemCallException {
        option(PACKET_FANOUT, "PACKET_FANOUT", (FANOUT | FANOUT_UNIQUE_ID) << 16);
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment group = temporary.allocate(JAVA_INT);
            Libc.getsockopt(socket, SOL_PACKET, PACKET_FANOUT, "PACKET_FANOUT", group);
            return group.get(JAVA_INT, 0) & FANOUT_ID;
        }
    }

    /// Joins such a group. Only if bound to the same device.
    void joinFanout(int group) throws SystemCallException {
        option(PACKET_FANOUT, "PACKET_FANOUT", FANOUT << 16 | group);
    }

    /// What kind of device it is bound to: an ARPHRD_ number (linux/if_arp.h).
    int hardwareType() throws SystemCallException {
        Libc.getsockname(socket, address);
        return Short.toUnsignedInt(address.get(JAVA_SHORT, 8));
    }

    /// Whether the device it was bound to is still there; one of the same name may be another.
    boolean isBound() throws SystemCallException {
        Libc.getsockname(socket, address);
        return address.get(JAVA_INT, 4) > 0;
    }

    /// Waits until a block is ready or something is wrong.
    ///
    /// @return [Wait#ERROR] once for each error, which [#takeError] tells
    Wait await(int timeoutMillis) throws SystemCallException {
        pollRequest.set(JAVA_INT, 0, socket);
        pollRequest.set(JAVA_INT, 4, Wait.POLLIN); // events, and none returned
        if (!Libc.poll(pollRequest, timeoutMillis)) {
            return Wait.NOTHING;
        }
        int returned = Short.toUnsignedInt(pollRequest.get(JAVA_SHORT, 6));
        return (returned & ~Wait.POLLIN) != 0 ? Wait.ERROR : Wait.READY;
    }

    /// The error number that waits to be told, which is then forgotten; 0: none.
    int takeError() throws SystemCallException {
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment error = temporary.allocate(JAVA_INT);
            Libc.getsockopt(socket, SOL_SOCKET, SO_ERROR, "SO_ERROR", error);
            return error.get(JAVA_INT, 0);
        }
    }

    /// Asks the kernel for its counters, which it then sets to zero, and adds them up.
    void readStatistics() throws SystemCallException {
        Libc.getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, "PACKET_STATISTICS", statistics);
        kernelPackets += Integer.toUnsignedLong(statistics.get(JAVA_INT, 0));
        kernelDrops += Integer.toUnsignedLong(statistics.get(JAVA_INT, 4));
        freezes += Integer.toUnsignedLong(statistics.get(JAVA_INT, 8));
    }

    /// Packets that passed the filter, those dropped included, as of [#readStatistics].
    long kernelPackets() {
        return kernelPackets;
    }

    /// Packets among them that found the ring full.
    long kernelDrops() {
        return kernelDrops;
    }

    /// How often the ring was full.
    long freezes() {
        return freezes;
    }

    @Override
    public void close() throws SystemCallException {
        Libc.close(socket);
    }

    private void option(int option, String name, int value) throws SystemCallException {
        try (Arena temporary = Arena.ofConfined()) {
            Libc.setsockopt(
                    socket, SOL_PACKET, option, name, temporary.allocateFrom(JAVA_INT, value));
        }
    }

    /// How a wait ended.
    enum Wait {
        NOTHING,
        READY,
        ERROR;

        private static final int POLLIN = 1;
    }
}
