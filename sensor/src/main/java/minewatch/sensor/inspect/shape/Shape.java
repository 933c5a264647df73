package minewatch.sensor.inspect.shape;

import java.util.Arrays;

/// A session seen as a miner's: messages of one size that go out at random times and are each
/// answered by a smaller one (shares), and larger ones that come unasked (jobs).
///
/// Shares are found by chance, so their gaps spread like those of a Poisson process, whose standard
/// deviation is its mean; whatever a clock sends (keepalives, telemetry, polling) has gaps that
/// hardly differ. Nearly all that a miner says has one of a few sizes; people who chat do not.
///
/// @param shares messages that look like shares
/// @param shareSize their size, bytes
/// @param answered those of them that were answered as shares are
/// @param replySize size of the answers
/// @param evenness mean ratio, 0 to 1, of the shorter to the longer of two gaps that follow each
///   other; NaN for under four shares
/// @param jobs messages that look like jobs
/// @param jobTimes when those came, packet time, ns
/// @param seconds from the first share to the last
public record Shape(
        int shares,
        int shareSize,
        int answered,
        int replySize,
        double evenness,
        int jobs,
        long[] jobTimes,
        double seconds) {
    /// Fewer are too few to tell a size or a spread.
    public static final int LEAST_SHARES = 6;

    private static final Shape NONE = new Shape(0, 0, 0, 0, Double.NaN, 0, new long[0], 0);
    private static final int LEAST_SHARE = 90; // bytes, with what encryption adds
    private static final int MOST_SHARE = 3200; // an Equihash solution in hexadecimal
    private static final int LEAST_REPLY = 40;
    private static final int MOST_REPLY = 300;
    private static final int LEAST_JOB = 150;
    private static final int MOST_JOB = 6000;
    private static final double LEAST_ANSWERED = 0.8;
    private static final double LEAST_ALIKE = 0.75;
    private static final double LEAST_OF_FEW_SIZES = 0.85;
    private static final int FEW_SIZES = 3;
    private static final double LEAST_SECONDS = 20;
    private static final double LEAST_GAP = 0.5; // seconds on average: a pool sees to that
    private static final long ANSWER_NANOS = 3_000_000_000L;
    private static final double LEAST_EVENNESS = 0.15;
    private static final double MOST_EVENNESS = 0.6;
    private static final int LEAST_JOBS = 2;

    /// @param minerIsOriginator which side is taken for the miner
    public static Shape of(Cadence cadence, boolean minerIsOriginator) {
        return new Reading(cadence, minerIsOriginator).shape();
    }

    /// Whether messages of one size are answered as shares are.
    public boolean hasShares() {
        return shares >= LEAST_SHARES
                && answered >= LEAST_ANSWERED * shares
                && seconds >= Math.max(LEAST_SECONDS, LEAST_GAP * shares);
    }

    /// Whether they come at random times.
    public boolean isRandom() {
        return evenness >= LEAST_EVENNESS && evenness <= MOST_EVENNESS;
    }

    /// Whether jobs come unasked, and no more often than they do.
    public boolean hasJobs() {
        return jobs >= LEAST_JOBS && jobs <= 4 * shares + seconds;
    }

    /// One look at the messages.
    private static final class Reading {
        private final Cadence cadence;
        private final boolean miner;
        private final int count;
        private final int[] answers; // of each message: index of its answer, or -1
        private final int[] sizes;

        Reading(Cadence cadence, boolean minerIsOriginator) {
            this.cadence = cadence;
            this.miner = minerIsOriginator;
            count = cadence.kept();
            answers = new int[count];
            sizes = new int[count];
        }

        Shape shape() {
            pair();
            Shape best = NONE;
            boolean[] done = new boolean[count];
            int covered = 0;
            int said = 0;
            for (int i = 0; i < count; i++) {
                said += cadence.fromOriginator(i) == miner ? 1 : 0;
            }
            for (int i = 0; i < FEW_SIZES; i++) {
                SizeMode mode = mode(done);
                covered += mode.count();
                Shape shape = shape(mode);
                best = shape.answered > best.answered ? shape : best;
                for (int at = 0; at < count; at++) {
                    done[at] |= isShare(at, mode);
                }
            }
            return covered >= LEAST_OF_FEW_SIZES * said ? best : NONE;
        }

        /// Each answer to the oldest message that waits for one.
        private void pair() {
            Arrays.fill(answers, -1);
            int waiting = 0;
            for (int i = 0; i < count; i++) {
                if (cadence.fromOriginator(i) == miner) {
                    continue;
                }
                while (waiting < i && !waits(waiting, i)) {
                    waiting++;
                }
                if (waiting < i) {
                    answers[waiting++] = i;
                }
            }
        }

        private boolean waits(int asked, int answer) {
            return cadence.fromOriginator(asked) == miner
                    && cadence.nanos(answer) - cadence.nanos(asked) <= ANSWER_NANOS;
        }

        private SizeMode mode(boolean[] done) {
            int n = 0;
            for (int i = 0; i < count; i++) {
                if (cadence.fromOriginator(i) == miner && !done[i]) {
                    sizes[n++] = cadence.size(i);
                }
            }
            return SizeMode.of(sizes, n);
        }

        private Shape shape(SizeMode mode) {
            if (mode.count() < LEAST_SHARES
                    || mode.low() < LEAST_SHARE
                    || mode.high() > MOST_SHARE) {
                return NONE;
            }
            SizeMode reply = reply(mode);
            if (reply.low() < LEAST_REPLY
                    || reply.high() > MOST_REPLY
                    || reply.high() >= mode.low()) {
                return NONE;
            }
            int answered = 0;
            int all = 0;
            for (int i = 0; i < count; i++) {
                if (isShare(i, mode) && answers[i] >= 0) {
                    all++;
                    answered += reply.holds(cadence.size(answers[i])) ? 1 : 0;
                }
            }
            long[] jobs = jobs(reply);
            return new Shape(
                    mode.count(),
                    mode.high(),
                    answered >= LEAST_ALIKE * all ? all : 0,
                    reply.high(),
                    evenness(mode),
                    jobs.length,
                    jobs,
                    seconds(mode));
        }

        private SizeMode reply(SizeMode mode) {
            int n = 0;
            for (int i = 0; i < count; i++) {
                if (isShare(i, mode) && answers[i] >= 0) {
                    sizes[n++] = cadence.size(answers[i]);
                }
            }
            return SizeMode.of(sizes, n);
        }

        /// What comes unasked and is larger than an answer.
        private long[] jobs(SizeMode reply) {
            long[] times = new long[count];
            int n = 0;
            for (int i = 0; i < count; i++) {
                int size = cadence.size(i);
                if (cadence.fromOriginator(i) != miner
                        && size > reply.high()
                        && size >= LEAST_JOB
                        && size <= MOST_JOB) {
                    times[n++] = cadence.nanos(i);
                }
            }
            return Arrays.copyOf(times, n);
        }

        private double evenness(SizeMode mode) {
            double sum = 0;
            int pairs = 0;
            long last = 0;
            long lastGap = 0;
            for (int i = 0; i < count; i++) {
                if (isShare(i, mode)) {
                    long gap = last == 0 ? 0 : Math.max(1, cadence.nanos(i) - last);
                    if (lastGap > 0) {
                        sum += (double) Math.min(gap, lastGap) / Math.max(gap, lastGap);
                        pairs++;
                    }
                    last = cadence.nanos(i);
                    lastGap = gap;
                }
            }
            return pairs < 2 ? Double.NaN : sum / pairs;
        }

        private double seconds(SizeMode mode) {
            long first = 0;
            long last = 0;
            for (int i = 0; i < count; i++) {
                if (isShare(i, mode)) {
                    first = first == 0 ? cadence.nanos(i) : first;
                    last = cadence.nanos(i);
                }
            }
            return (last - first) / 1e9;
        }

        private boolean isShare(int index, SizeMode mode) {
            return cadence.fromOriginator(index) == miner && mode.holds(cadence.size(index));
        }
    }
}
