package minewatch.sensor.rehearsal;

import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Ethernet frames in the mix of a provider's network, one after the other: 80 % TCP, with
/// handshake and end, else UDP; 22 % IPv6; 5 % with a VLAN tag; TLS, HTTP, DNS and noise in frames
/// of 60 to 1,514 bytes; some without payload, some flows long and some from their middle on. One
/// TCP flow in [#TALKS_ONE_IN] says what a miner and its pool say, or what sounds like it. The same
/// for a seed. Checksums are left 0.
public final class SyntheticTraffic {
    private static final int TALKS_ONE_IN = 150;
    private static final int MOST_PACKETS = 40;
    private static final int LONG_ONE_IN = 100;
    private static final int LONG_FACTOR = 8;
    private static final int MIDSTREAM_ONE_IN = 25;
    private static final int EMPTY_PERCENT = 15;
    private static final int FIN_ACK = 0x11;
    private static final int SYN = 0x02;
    private static final int SYN_ACK = 0x12;
    private static final int PSH_ACK = 0x18;

    private static final byte[] RECORD = {0x17, 3, 3, 2, 0};

    private final Random random;
    private final Flow[] flows;
    private int begun;

    /// @param flows that go on at a time, 1 or more
    public SyntheticTraffic(int flows, long seed) {
        this.random = new Random(seed);
        this.flows = new Flow[flows];
    }

    /// The next frame, without a checksum.
    public byte[] next() {
        int slot = random.nextInt(flows.length);
        Flow flow = flows[slot];
        if (flow == null || flow.isOver()) {
            flow = new Flow(begun++);
            flows[slot] = flow;
        }
        return flow.next();
    }

    private final class Flow {
        private final int number;
        private final boolean ipv6;
        private final boolean tcp;
        private final boolean tagged;
        private final Openings.@Nullable Talk talk;
        private final short clientPort;
        private final int length;
        private final int[] sequence = {random.nextInt(), random.nextInt()};
        private int sent;

        Flow(int number) {
            this.number = number;
            this.ipv6 = random.nextInt(100) < 22;
            this.tcp = random.nextInt(100) < 80;
            this.tagged = random.nextInt(100) < 5;
            this.talk =
                    tcp && number % TALKS_ONE_IN == 0 ? Openings.talk(number / TALKS_ONE_IN) : null;
            int packets = 4 + random.nextInt(MOST_PACKETS);
            this.length = number % LONG_ONE_IN == 1 ? packets * LONG_FACTOR : packets;
            this.sent = talk == null && number % MIDSTREAM_ONE_IN == 2 ? 2 : 0;
            this.clientPort = (short) (1024 + random.nextInt(60_000));
        }

        boolean isOver() {
            return sent == length;
        }

        byte[] next() {
            boolean back = sent % 2 == 1;
            int flags = flags();
            boolean empty =
                    tcp
                            && ((flags & (SYN | 1)) != 0
                                    || (talk == null
                                            && sent > 3
                                            && random.nextInt(100) < EMPTY_PERCENT));
            byte[] payload = empty ? new byte[0] : payload(back);
            sent++;
            return frame(back, flags, payload);
        }

        private int flags() {
            return switch (sent) {
                case 0 -> SYN;
                case 1 -> SYN_ACK;
                default -> sent + 2 >= length ? FIN_ACK : PSH_ACK;
            };
        }

        private byte[] payload(boolean back) {
            if (talk != null) {
                return talk.line(back, sent < 4);
            }
            if (!tcp && number % 2 == 0) {
                return Openings.dns(number, back);
            }
            byte[] opening = sent < 4 ? opening(back) : null;
            if (opening != null) {
                return opening;
            }
            int kind = random.nextInt(100);
            byte[] noise = new byte[kind < 60 ? 12 : kind < 93 ? 520 : 1400];
            random.nextBytes(noise);
            if (number % 3 == 0) { // a TLS record of data
                System.arraycopy(RECORD, 0, noise, 0, RECORD.length);
            }
            return noise;
        }

        private byte @Nullable [] opening(boolean back) {
            return switch (tcp ? number % 3 : -1) {
                case 0 -> back ? null : Openings.CLIENT_HELLO;
                case 1 -> back ? Openings.HTTP_RESPONSE : Openings.HTTP_REQUEST;
                default -> null;
            };
        }

        private byte[] frame(boolean back, int flags, byte[] payload) {
            int transport = (tcp ? 20 : 8) + payload.length;
            int headers = 14 + (tagged ? 4 : 0) + (ipv6 ? 40 : 20);
            ByteBuffer frame = ByteBuffer.allocate(Math.max(60, headers + transport));
            frame.putInt(0x02000000).putShort((short) 2).putInt(0x02000000).putShort((short) 1);
            if (tagged) {
                frame.putShort((short) 0x8100).putShort((short) 100);
            }
            if (ipv6) {
                putIpv6(frame, back, transport);
            } else {
                putIpv4(frame, back, transport);
            }
            putTransport(frame, back, flags, payload.length);
            return frame.put(payload).array();
        }

        private void putIpv4(ByteBuffer frame, boolean back, int transport) {
            int client = 0x0A000000 | (number & 0xFFFFFF);
            int server = 0x14000000 | number % 5000;
            frame.putShort((short) 0x0800).putShort((short) 0x4500);
            frame.putShort((short) (20 + transport)).putInt(0x4000);
            frame.put((byte) 60).put((byte) (tcp ? 6 : 17)).putShort((short) 0);
            frame.putInt(back ? server : client).putInt(back ? client : server);
        }

        private void putIpv6(ByteBuffer frame, boolean back, int transport) {
            long prefix = 0x2001_0DB8_0000_0000L;
            frame.putShort((short) 0x86DD).putInt(0x6000_0000).putShort((short) transport);
            frame.put((byte) (tcp ? 6 : 17)).put((byte) 60);
            frame.putLong(prefix).putLong(back ? 1 : number);
            frame.putLong(prefix).putLong(back ? number : 1);
        }

        private void putTransport(ByteBuffer frame, boolean back, int flags, int payload) {
            short serverPort = (short) (talk != null ? 3333 : tcp || number % 2 == 1 ? 443 : 53);
            frame.putShort(back ? serverPort : clientPort).putShort(back ? clientPort : serverPort);
            if (!tcp) {
                frame.putShort((short) (8 + payload)).putShort((short) 0);
                return;
            }
            int side = back ? 1 : 0;
            frame.putInt(sequence[side]).putInt(sequence[1 - side]);
            frame.put((byte) 0x50).put((byte) flags).putShort((short) -1).putInt(0);
            sequence[side] += payload + ((flags & (SYN | 1)) != 0 ? 1 : 0);
        }
    }
}
