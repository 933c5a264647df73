package minewatch.bench.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Which addresses and ports the frames of a flow have, of many flows that are numbered from 0. The
/// frames are TCP segments over Ethernet, without payload and checksums.
enum Tuples {
    RANDOM_IPV4("random, IPv4", false) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            long one = mixed(2 * flow);
            long other = mixed(2 * flow + 1);
            putIpv4(frame, at, (int) one, (int) (one >>> 32), (int) other, (int) (other >>> 32));
        }
    },
    PORTS("two hosts, ports in sequence", false) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            putIpv4(frame, at, 0x0A000001, 0x0A000002, (int) flow, (int) (flow >>> 16));
        }
    },
    SOURCES("source addresses in sequence, the same ports", false) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            putIpv4(frame, at, 0x0A000000 + (int) flow, 0xC6336401, 50_000, 3333);
        }
    },
    MIRRORED("address and port changed alike", false) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            int address = 0x0A000000 + (int) flow;
            putIpv4(frame, at, address, ~address, (int) flow, (int) ~flow);
        }
    },
    RANDOM_IPV6("random, IPv6", true) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            putIpv6(frame, at, mixed(4 * flow), mixed(4 * flow + 1), (int) mixed(4 * flow + 2));
        }
    },
    ONE_64("one /64, addresses in sequence", true) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            putIpv6(frame, at, 0x2001_0DB8_0000_0001L, flow, 50_000);
        }
    },
    ONE_64_HIGH("one /64, only the high bits of the host differ", true) {
        @Override
        void put(MemorySegment frame, long at, long flow) {
            putIpv6(frame, at, 0x2001_0DB8_0000_0001L, Long.reverse(flow), 50_000);
        }
    };

    static final int IPV4_BYTES = 14 + 20 + 20;
    static final int IPV6_BYTES = 14 + 40 + 20;

    private static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final String label;
    private final boolean ipv6;

    Tuples(String label, boolean ipv6) {
        this.label = label;
        this.ipv6 = ipv6;
    }

    abstract void put(MemorySegment frame, long at, long flow);

    String label() {
        return label;
    }

    /// What its flows are to be compared with.
    Tuples random() {
        return ipv6 ? RANDOM_IPV6 : RANDOM_IPV4;
    }

    int bytes() {
        return ipv6 ? IPV6_BYTES : IPV4_BYTES;
    }

    /// What is the same in all frames.
    void prepare(MemorySegment frame, long at) {
        long tcp = at + bytes() - 20;
        if (ipv6) {
            frame.set(BE16, at + 12, (short) 0x86DD);
            frame.set(ValueLayout.JAVA_BYTE, at + 14, (byte) 0x60);
            frame.set(BE16, at + 18, (short) 20);
            frame.set(ValueLayout.JAVA_BYTE, at + 20, (byte) 6);
        } else {
            frame.set(BE16, at + 12, (short) 0x0800);
            frame.set(BE16, at + 14, (short) 0x4500);
            frame.set(BE16, at + 16, (short) 40);
            frame.set(ValueLayout.JAVA_BYTE, at + 23, (byte) 6);
        }
        frame.set(BE16, tcp + 12, (short) 0x5010); // 20 bytes, ACK
    }

    private static void putIpv4(
            MemorySegment frame, long at, int source, int destination, int port, int otherPort) {
        frame.set(BE32, at + 26, source);
        frame.set(BE32, at + 30, destination);
        frame.set(BE16, at + 34, (short) port);
        frame.set(BE16, at + 36, (short) otherPort);
    }

    private static void putIpv6(MemorySegment frame, long at, long high, long low, int port) {
        frame.set(BE64, at + 22, high);
        frame.set(BE64, at + 30, low);
        frame.set(BE64, at + 38, 0x2001_0DB8_FFFF_0001L);
        frame.set(BE64, at + 46, 1);
        frame.set(BE16, at + 54, (short) port);
        frame.set(BE16, at + 56, (short) 3333);
    }

    /// The finalizer of splitmix64: each number another one.
    private static long mixed(long number) {
        long z = (number + 1) * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
