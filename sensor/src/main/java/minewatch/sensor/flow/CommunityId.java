package minewatch.sensor.flow;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import minewatch.sensor.decode.PacketView;

/// Community ID version 1, seed 0: a name for a flow that other tools compute alike
/// (github.com/corelight/community-id-spec). For protocols with ports. A cold path: it allocates.
public final class CommunityId {
    private static final String VERSION = "1:";
    private static final int ADDRESS_IPV6 = 16; // bytes

    private CommunityId() {}

    /// The same for both directions.
    public static String of(PacketView packet) {
        return of(
                packet.protocol(),
                packet.sourceHigh(),
                packet.sourceLow(),
                packet.sourcePort(),
                packet.destinationHigh(),
                packet.destinationLow(),
                packet.destinationPort());
    }

    /// The same whichever endpoint comes first. Addresses as in [PacketView].
    public static String of(
            int protocol, long aHigh, long aLow, int aPort, long bHigh, long bLow, int bPort) {
        boolean ordered = comesFirst(aHigh, aLow, aPort, bHigh, bLow, bPort);
        ByteBuffer tuple = ByteBuffer.allocate(2 + 2 * ADDRESS_IPV6 + 2 + 4);
        boolean ipv4 = isIpv4(aHigh, aLow) && isIpv4(bHigh, bLow);
        tuple.putShort((short) 0); // seed
        putAddress(tuple, ordered ? aHigh : bHigh, ordered ? aLow : bLow, ipv4);
        putAddress(tuple, ordered ? bHigh : aHigh, ordered ? bLow : aLow, ipv4);
        tuple.put((byte) protocol).put((byte) 0); // padding
        tuple.putShort((short) (ordered ? aPort : bPort));
        tuple.putShort((short) (ordered ? bPort : aPort));
        MessageDigest sha1 = sha1();
        sha1.update(tuple.flip());
        return VERSION + Base64.getEncoder().encodeToString(sha1.digest());
    }

    private static boolean comesFirst(
            long aHigh, long aLow, int aPort, long bHigh, long bLow, int bPort) {
        int order = Long.compareUnsigned(aHigh, bHigh);
        if (order == 0) {
            order = Long.compareUnsigned(aLow, bLow);
        }
        return order == 0 ? aPort <= bPort : order < 0;
    }

    private static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    private static void putAddress(ByteBuffer tuple, long high, long low, boolean ipv4) {
        if (ipv4) {
            tuple.putInt((int) low);
        } else {
            tuple.putLong(high).putLong(low);
        }
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
