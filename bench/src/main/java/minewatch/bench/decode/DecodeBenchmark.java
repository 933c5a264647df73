package minewatch.bench.decode;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import minewatch.bench.ImixFrames;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.rehearsal.Encapsulation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpPacket;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;

/// From a frame to addresses, ports and payload: ours beside pcap4j's packet factory. Both read the
/// same frames, which fit in the second-level cache.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {
    private static final int FRAMES = 512;
    private static final String PLAIN = "PLAIN";
    private static final int ETHERNET = 14; // bytes
    private static final int VLAN_TAG = 4;
    private static final int VLAN = 0x81; // begins the EtherType

    /// An [Encapsulation], or [#PLAIN] for the frames as they are.
    @Param({PLAIN, "MPLS", "PPPOE", "IP_IN_IP", "GRE", "ERSPAN_2", "VXLAN", "GENEVE", "GTP"})
    public String encapsulation = PLAIN;

    private ImixFrames frames = new ImixFrames(1, 1, 0);
    private Decoder decoder = new Decoder(new Fields());
    private Fields fields = new Fields();

    @Setup
    public void setUp() {
        frames = new ImixFrames(FRAMES, 200, 1, this::encapsulate);
        fields = new Fields();
        decoder = new Decoder(fields);
    }

    private byte[] encapsulate(byte[] frame) {
        if (encapsulation.equals(PLAIN)) {
            return frame;
        }
        int at = (frame[ETHERNET - 2] & 0xFF) == VLAN ? ETHERNET + VLAN_TAG : ETHERNET;
        byte[] packet = Arrays.copyOfRange(frame, at, frame.length);
        return Encapsulation.valueOf(encapsulation).frame(packet);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long ours() {
        for (int i = 0; i < FRAMES; i++) {
            int length = frames.frame(i).length;
            decoder.onFrame(frames.block(), frames.offset(i), length, length, i, LinkType.ETHERNET);
        }
        decoder.onBatchEnd();
        return fields.sum;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void pcap4j(Blackhole blackhole) throws IllegalRawDataException {
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = frames.frame(i);
            Packet packet = EthernetPacket.newPacket(frame, 0, frame.length);
            IpPacket ip = packet.get(IpPacket.class);
            blackhole.consume(ip.getHeader().getSrcAddr());
            blackhole.consume(ip.getHeader().getDstAddr());
            if (ip.getPayload() instanceof TcpPacket tcp) {
                blackhole.consume(tcp.getHeader().getSrcPort());
                blackhole.consume(tcp.getHeader().getDstPort());
                blackhole.consume(tcp.getPayload());
            } else if (ip.getPayload() instanceof UdpPacket udp) {
                blackhole.consume(udp.getHeader().getSrcPort());
                blackhole.consume(udp.getHeader().getDstPort());
                blackhole.consume(udp.getPayload());
            }
        }
    }

    private static final class Fields implements PacketHandler {
        private long sum;

        @Override
        public void onPacket(PacketView packet) {
            sum +=
                    packet.sourceHigh()
                            + packet.sourceLow()
                            + packet.destinationHigh()
                            + packet.destinationLow()
                            + packet.sourcePort()
                            + packet.destinationPort()
                            + packet.payloadOffset()
                            + packet.payloadLength();
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }
}
