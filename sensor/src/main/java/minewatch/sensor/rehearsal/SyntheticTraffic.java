package minewatch.sensor.rehearsal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/// Ethernet frames in the mix of a provider's network, one after the other: 80 % TCP, with
/// handshake and end, else UDP; 22 % IPv6; 2 % with a VLAN tag or two; TLS, HTTP, DNS and noise in
/// frames of 60 to 1,514 bytes; some without payload, some flows long and some from their middle
/// on. One TCP flow in [#TALKS_ONE_IN] says what a miner and its pool say, or what sounds like it.
/// The same for a seed. Checksums are left 0.
public final class SyntheticTraffic {
    private static final int TALKS_ONE_IN = 150;
    private static final int MOST_PACKETS = 40;
    private static final int LONG_ONE_IN = 100;
    private static final int LONG_FACTOR = 8;
    private static final int MIDSTREAM_ONE_IN = 25;
    private static final int RESET_ONE_IN = 8;
    private static final int EMPTY_PERCENT = 15;
    private static final int SMALLEST_FRAME = 60;
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;
    private static final int PSH_ACK = 0x18;
    private static final int FIN_ACK = 0x11;
    private static final int RST_ACK = 0x14;
    private static final long IPV6_PREFIX = 0x2001_0DB8_0000_0000L;
    private static final byte[] TIMESTAMPS = {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1}; // RFC 7323

    private final Random random;
    private final Flow[] flows;
    private final boolean varied;
    private int begun;

    /// @param flows that go on at a time, 1 or more
    public SyntheticTraffic(int flows, long seed) {
        this(flows, seed, false);
    }

    /// @param varied whether flows also say what is seldom said
    SyntheticTraffic(int flows, long seed, boolean varied) {
        this.random = new Random(seed);
        this.flows = new Flow[flows];
        this.varied = varied;
    }

    /// The next frame, without a checksum.
    public byte[] next() {
        Flow flow = flow();
        return flow.frame(flow.packet());
    }

    /// Any flow that has a packet to come.
    Flow flow() {
        int slot = random.nextInt(flows.length);
        Flow flow = flows[slot];
        if (flow == null || flow.isOver()) {
            flow = new Flow(begun++);
            flows[slot] = flow;
        }
        return flow;
    }

    private static Talk plain(int number, boolean tcp) {
        if (!tcp) {
            return number % 2 == 0 ? Openings::dns : Openings::noise;
        }
        if (number % TALKS_ONE_IN == 0) {
            return Talks.dialogue(number / TALKS_ONE_IN);
        }
        return switch (number % 3) {
            case 0 -> Openings::plainTls;
            case 1 -> Openings::plainWeb;
            default -> Openings::noise;
        };
    }

    private static Talk varied(int number, boolean tcp) {
        int turn = number / TALKS_ONE_IN;
        if (!tcp) {
            return plain(number, false);
        }
        if (number % TALKS_ONE_IN == 0) {
            return turn % 2 == 0 ? Talks.dialogue(turn / 2) : Talks.examples(turn / 2);
        }
        return switch (number % 10) {
            case 0, 1, 2 -> Openings::tls;
            case 3, 4, 5 -> Openings::web;
            case 6 -> Openings::stray;
            case 7 -> number % 50 == 7 ? Openings::dnsOverTcp : Openings::noise;
            default -> Openings::noise;
        };
    }

    final class Flow {
        private final int number;
        private final boolean ipv6;
        private final boolean tcp;
        private final int tags;
        private final boolean stamped;
        private final boolean reset;
        private final boolean talks;
        private final Talk talk;
        private final short clientPort;
        private final int length;
        private final int[] sequence = {random.nextInt(), random.nextInt()};
        private int sent;

        private Flow(int number) {
            this.number = number;
            this.ipv6 = random.nextInt(100) < 22;
            this.tcp = random.nextInt(100) < 80;
            this.tags = random.nextInt(50) == 0 ? 1 + random.nextInt(2) : 0;
            this.stamped = random.nextBoolean();
            this.reset = random.nextInt(RESET_ONE_IN) == 0;
            this.talks = tcp && number % TALKS_ONE_IN == 0;
            this.talk = varied ? varied(number, tcp) : plain(number, tcp);
            int packets = 4 + random.nextInt(MOST_PACKETS);
            this.length = random.nextInt(LONG_ONE_IN) == 0 ? packets * LONG_FACTOR : packets;
            this.sent = !talks && number % MIDSTREAM_ONE_IN == 2 ? 2 : 0;
            this.clientPort = (short) (1024 + random.nextInt(60_000));
        }

        boolean isOver() {
            return sent == length;
        }

        /// The next IP packet of a flow that is not over.
        byte[] packet() {
            boolean back = sent % 2 == 1;
            int flags = flags();
            boolean opens = sent < 4;
            boolean empty =
                    (flags & (SYN | FIN)) != 0
                            || !talks && !opens && random.nextInt(100) < EMPTY_PERCENT;
            byte[] payload = tcp && empty ? new byte[0] : talk.say(random, back, opens);
            sent++;
            return ip(back, tcp ? segment(back, flags, payload) : datagram(back, payload));
        }

        /// The frame that carries it.
        byte[] frame(byte[] packet) {
            byte[] frame = Encapsulation.ethernet(packet);
            for (int i = 0; i < tags; i++) {
                ByteBuffer tagged = ByteBuffer.allocate(frame.length + 4);
                tagged.put(frame, 0, 12).putInt(i == 0 ? 0x8100_0064 : 0x88A8_0007);
                frame = tagged.put(frame, 12, frame.length - 12).array();
            }
            return frame.length < SMALLEST_FRAME ? Arrays.copyOf(frame, SMALLEST_FRAME) : frame;
        }

        private int flags() {
            return switch (sent) {
                case 0 -> SYN;
                case 1 -> SYN_ACK;
                default -> sent + 2 < length ? PSH_ACK : reset ? RST_ACK : FIN_ACK;
            };
        }

        private byte[] ip(boolean back, byte[] transport) {
            int protocol = tcp ? IpPackets.TCP : IpPackets.UDP;
            if (ipv6) {
                long from = back ? 1 : number;
                long to = back ? number : 1;
                return IpPackets.ipv6(protocol, IPV6_PREFIX, from, IPV6_PREFIX, to, transport);
            }
            int client = 0x0A00_0000 | (number & 0xFF_FFFF);
            int server = 0x1400_0000 | number % 500;
            return IpPackets.ipv4(
                    protocol, back ? server : client, back ? client : server, transport);
        }

        private byte[] datagram(boolean back, byte[] payload) {
            int serverPort = number % 2 == 0 ? 53 : 443;
            return IpPackets.udp(
                    back ? serverPort : clientPort, back ? clientPort : serverPort, payload);
        }

        private byte[] segment(boolean back, int flags, byte[] payload) {
            int header = stamped ? 20 + TIMESTAMPS.length : 20;
            short serverPort = (short) (talks ? 3333 : number % 50 == 7 ? 53 : 443);
            ByteBuffer segment = ByteBuffer.allocate(header + payload.length);
            segment.putShort(back ? serverPort : clientPort);
            segment.putShort(back ? clientPort : serverPort);
            int side = back ? 1 : 0;
            segment.putInt(sequence[side]).putInt(sequence[1 - side]);
            segment.put((byte) (header << 2)).put((byte) flags).putShort((short) -1).putInt(0);
            sequence[side] += payload.length + ((flags & (SYN | FIN)) != 0 ? 1 : 0);
            return segment.put(TIMESTAMPS, 0, header - 20).put(payload).array();
        }
    }
}
