package minewatch.bench.inspect;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// Two ways to do the same work, one after the other in each round, so that whatever else the
/// machine does meets both. Processor time of this thread.
final class Rounds {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final double[] first;
    private final double[] second;

    /// @param one does its work and says how many packets that was
    private Rounds(int rounds, LongSupplier one, LongSupplier other) {
        first = new double[rounds];
        second = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            first[round] = nanos(one);
            second[round] = nanos(other);
        }
    }

    /// Does both so often, and prints what a packet cost. The first half of the rounds warms up.
    static void run(
            int rounds, String name, LongSupplier one, String otherName, LongSupplier other) {
        Rounds result = new Rounds(rounds, one, other);
        double ours = median(result.first);
        double theirs = median(result.second);
        System.out.printf(
                "%s %.0f ns a packet, %.2f Mpps; %s %.0f ns, %.2f Mpps; times %.2f%n",
                name, ours, 1000 / ours, otherName, theirs, 1000 / theirs, theirs / ours);
    }

    private static double nanos(LongSupplier work) {
        long before = THREADS.getCurrentThreadCpuTime();
        long packets = work.getAsLong();
        return (double) (THREADS.getCurrentThreadCpuTime() - before) / Math.max(1, packets);
    }

    private static double median(double[] rounds) {
        double[] warm = Arrays.copyOfRange(rounds, rounds.length / 2, rounds.length);
        Arrays.sort(warm);
        return warm[warm.length / 2];
    }
}
