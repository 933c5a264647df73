package minewatch.sensor.flow;

import java.security.SecureRandom;
import minewatch.sensor.decode.PacketView;

/// What a flow is known by: 128 keyed bits of its two endpoints, protocol and VLAN, the same for
/// both directions. Filled by [#of] and reused.
///
/// Folded 64 × 64 → 128 bit products of key-masked words, as in the wyhash family. The key is
/// random for each process, so that nobody outside can prepare flows that collide; this is no
/// cryptographic authenticator.
final class FlowFingerprint {
    private static final int KEYS = 12;
    private static final int ADDRESS_SHIFT = 16; // an IPv4 endpoint: address, then port
    private static final int META_SHIFT = 48;
    private static final long IPV6 = 1L << 63;

    private final long k0;
    private final long k1;
    private final long k2;
    private final long k3;
    private final long k4;
    private final long k5;
    private final long k6;
    private final long k7;
    private final long k8;
    private final long k9;
    private final long k10;
    private final long k11;

    private long high;
    private long low;
    private boolean fromLower;

    /// @param key 12 words nobody else knows
    FlowFingerprint(long[] key) {
        if (key.length != KEYS) {
            throw new IllegalArgumentException(
                    "key: %d words (expected: %d)".formatted(key.length, KEYS));
        }
        k0 = key[0];
        k1 = key[1];
        k2 = key[2];
        k3 = key[3];
        k4 = key[4];
        k5 = key[5];
        k6 = key[6];
        k7 = key[7];
        k8 = key[8];
        k9 = key[9];
        k10 = key[10];
        k11 = key[11];
    }

    static long[] randomKey() {
        return new SecureRandom().longs(KEYS).toArray();
    }

    void of(PacketView packet) {
        if (packet.ipVersion() == 4) {
            ofIpv4(packet);
        } else {
            ofIpv6(packet);
        }
    }

    long high() {
        return high;
    }

    /// Never 0.
    long low() {
        return low;
    }

    /// Whether the packet came from the endpoint that sorts first; the other direction answers the
    /// opposite.
    boolean fromLower() {
        return fromLower;
    }

    private void ofIpv4(PacketView packet) {
        long source = endpoint(packet.sourceLow(), packet.sourcePort());
        long destination = endpoint(packet.destinationLow(), packet.destinationPort());
        fromLower = source <= destination;
        long first = Math.min(source, destination) | (long) packet.protocol() << META_SHIFT;
        long second = Math.max(source, destination) | (long) (packet.vlan() + 1) << META_SHIFT;
        finish(fold(first ^ k0, second ^ k1), fold(first ^ k2, second ^ k3));
    }

    private static long endpoint(long mappedAddress, int port) {
        return (mappedAddress & 0xFFFF_FFFFL) << ADDRESS_SHIFT | port;
    }

    private void ofIpv6(PacketView packet) {
        fromLower = sourceIsLower(packet);
        long ports =
                fromLower
                        ? (long) packet.sourcePort() << 16 | packet.destinationPort()
                        : (long) packet.destinationPort() << 16 | packet.sourcePort();
        long meta =
                ports | (long) packet.protocol() << 32 | (long) (packet.vlan() + 1) << 40 | IPV6;
        if (fromLower) {
            ofIpv6(
                    packet.sourceHigh(),
                    packet.sourceLow(),
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    meta);
        } else {
            ofIpv6(
                    packet.destinationHigh(),
                    packet.destinationLow(),
                    packet.sourceHigh(),
                    packet.sourceLow(),
                    meta);
        }
    }

    private void ofIpv6(long aHigh, long aLow, long bHigh, long bLow, long meta) {
        long left = fold(aHigh ^ k0, aLow ^ k1) ^ fold(bHigh ^ k4, bLow ^ k5);
        long right = fold(aHigh ^ k2, aLow ^ k3) ^ fold(bHigh ^ k6, bLow ^ k7);
        finish(fold(left ^ k8, meta ^ k9), fold(right ^ k10, meta ^ k11));
    }

    private static boolean sourceIsLower(PacketView packet) {
        int order = Long.compareUnsigned(packet.sourceHigh(), packet.destinationHigh());
        if (order == 0) {
            order = Long.compareUnsigned(packet.sourceLow(), packet.destinationLow());
        }
        return order == 0 ? packet.sourcePort() <= packet.destinationPort() : order < 0;
    }

    private void finish(long left, long right) {
        high = fold(left ^ k10, right ^ k11);
        low = (left + Long.rotateLeft(right, 32)) | 1; // 0 marks an empty entry
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
