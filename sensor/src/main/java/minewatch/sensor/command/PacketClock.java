package minewatch.sensor.command;

import java.util.Arrays;

/// When how many packets had been handled, noted about once a block: gives the rate over the second
/// half of the packets, when the machine has warmed up.
final class PacketClock {
    private long[] nanos = new long[256];
    private long[] packets = new long[256];
    private int size;

    void tick(long packetsSoFar) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
            packets = Arrays.copyOf(packets, size * 2);
        }
        nanos[size] = System.nanoTime();
        packets[size] = packetsSoFar;
        size++;
    }

    /// Packets of the second half, and the time they took.
    record Half(long packets, long nanos) {}

    Half secondHalf() {
        if (size == 0) {
            return new Half(0, 0);
        }
        int last = size - 1;
        int middle = 0;
        while (middle < last && packets[middle] < packets[last] / 2) {
            middle++;
        }
        return new Half(packets[last] - packets[middle], nanos[last] - nanos[middle]);
    }
}
