package minewatch.sensor.decode;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import minewatch.sensor.rehearsal.Encapsulation;
import minewatch.testkit.Packets;

class TunnelsFuzzTest {
    private static final int MOST_TUNNELS = Decoder.MAX_TUNNELS + 2;

    /// Tunnels in tunnels, damaged and cut: whatever the headers say, the frame counts once, and a
    /// payload lies inside it (else reading it would throw).
    @FuzzTest(maxDuration = "10s")
    void anyTunnelCountsExactlyOnce(FuzzedDataProvider data) {
        byte[] frame = frame(data);
        while (data.remainingBytes() > 2) {
            frame[data.consumeInt(12, frame.length - 1)] = data.consumeByte();
        }
        int held = frame.length - Math.min(data.consumeByte() & 0x7F, frame.length);
        Decoding decoding = new Decoding();

        decoding.frame(LinkType.ETHERNET, Arrays.copyOf(frame, held), frame.length);

        DecoderFuzzTest.assertCountedOnce(decoding, held, frame.length - held);
    }

    private static byte[] frame(FuzzedDataProvider data) {
        Encapsulation[] all = Encapsulation.values();
        boolean ipv6 = data.consumeBoolean();
        byte[] packet =
                ipv6
                        ? Packets.udp("2001:db8::1", 5000, "2001:db8::2", 53).payload("hello").ip()
                        : Packets.tcp("10.0.0.1", 51234, "10.0.0.2", 3333).payload("hello").ip();
        int tunnels = data.consumeInt(0, MOST_TUNNELS);
        Encapsulation last = Encapsulation.IP_IN_IP;
        for (int i = 0; i < tunnels; i++) {
            last = all[data.consumeInt(0, all.length - 1)];
            if (last.isIp()) {
                packet = last.outerIp(packet);
            }
        }
        return last.isIp() ? Encapsulation.ethernet(packet) : last.frame(packet);
    }
}
