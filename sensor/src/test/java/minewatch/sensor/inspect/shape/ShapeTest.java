package minewatch.sensor.inspect.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final long SECOND = 1_000_000_000L; // ns

    /// Shares at random, jobs every 30 s.
    private static Cadence miner(int shares, int share, int reply, int job, Random random) {
        Cadence cadence = new Cadence();
        double now = 1_000;
        double nextJob = now;
        for (int i = 0; i < shares; i++) {
            now += -8 * Math.log(1 - random.nextDouble());
            while (nextJob < now) {
                cadence.add(false, job, (long) (nextJob * SECOND));
                nextJob += 30;
            }
            cadence.add(true, share + i / 10 % 2, (long) (now * SECOND));
            cadence.add(false, reply, (long) (now * SECOND) + SECOND / 20);
        }
        return cadence;
    }

    @Test
    void aMinerHasSharesAtRandomTimesAndJobs() {
        Shape shape = Shape.of(miner(30, 252, 85, 322, new Random(7)), true);

        assertThat(shape.hasShares()).isTrue();
        assertThat(shape.isRandom()).isTrue();
        assertThat(shape.hasJobs()).isTrue();
        assertThat(shape.shares()).isEqualTo(30);
        assertThat(shape.answered()).isEqualTo(30);
    }

    @Test
    void mostShortMinersAreRandomTooAndAllHaveShares() {
        int random = 0;
        for (int seed = 0; seed < 200; seed++) {
            Shape shape = Shape.of(miner(10, 140, 57, 600, new Random(seed)), true);
            random += shape.isRandom() && shape.hasShares() ? 1 : 0;
        }
        assertThat(random).isGreaterThan(180);
    }

    @Test
    void seenFromTheOtherSideThereAreNoShares() {
        assertThat(Shape.of(miner(30, 252, 85, 322, new Random(7)), false).hasShares()).isFalse();
    }

    @Test
    void whatAClockSendsIsNotRandom() {
        Cadence cadence = new Cadence();
        for (int i = 0; i < 40; i++) {
            cadence.add(true, 250, (30L * i + i % 3) * SECOND);
            cadence.add(false, 80, (30L * i + i % 3) * SECOND + SECOND / 10);
        }
        Shape shape = Shape.of(cadence, true);

        assertThat(shape.hasShares()).isTrue();
        assertThat(shape.isRandom()).isFalse();
        assertThat(shape.hasJobs()).isFalse();
    }

    @Test
    void peopleWhoChatHaveNoShares() {
        Random random = new Random(7);
        Cadence cadence = new Cadence();
        long now = SECOND;
        for (int i = 0; i < 200; i++) {
            now += (long) (-10 * Math.log(1 - random.nextDouble()) * SECOND);
            cadence.add(random.nextBoolean(), 60 + random.nextInt(400), now);
        }
        assertThat(Shape.of(cadence, true).hasShares()).isFalse();
        assertThat(Shape.of(cadence, false).hasShares()).isFalse();
    }

    @Test
    void acknowledgementsOfMessagesAreTooSmallForAnswers() {
        Random random = new Random(7);
        Cadence cadence = new Cadence(); // MQTT: a publication, acknowledged in four bytes
        long now = SECOND;
        for (int i = 0; i < 100; i++) {
            now += (long) (-10 * Math.log(1 - random.nextDouble()) * SECOND);
            cadence.add(true, 180, now);
            cadence.add(false, 4 + 22, now + SECOND / 50);
        }
        assertThat(Shape.of(cadence, true).hasShares()).isFalse();
    }

    @Test
    void theLastMessagesAreKept() {
        Cadence cadence = new Cadence();
        for (int i = 1; i <= 1000; i++) {
            cadence.add(true, i, i);
        }
        assertThat(cadence.added()).isEqualTo(1000);
        assertThat(cadence.kept()).isEqualTo(Cadence.MOST);
        assertThat(cadence.size(0)).isEqualTo(1000 - Cadence.MOST + 1);
        assertThat(cadence.size(Cadence.MOST - 1)).isEqualTo(1000);
    }

    @Test
    void jobsInStepWithBlocksConvinceAndOthersDoNot() {
        BlockClock clock = new BlockClock();
        Random random = new Random(7);
        long[] blocks = new long[8];
        long now = 1_000 * SECOND;
        for (int i = 0; i < blocks.length; i++) {
            now += (60 + random.nextInt(600)) * SECOND;
            blocks[i] = now;
            clock.tick(now);
            clock.tick(now + SECOND); // another pool, the same block
        }
        long[] inStep = blocks.clone();
        long[] others = blocks.clone();
        for (int i = 0; i < blocks.length; i++) {
            inStep[i] += SECOND;
            others[i] += i == 0 || i == blocks.length - 1 ? 0 : 40 * SECOND;
        }

        assertThat(clock.inStep(inStep)).isEqualTo(4);
        assertThat(clock.inStep(others)).isZero();
        assertThat(clock.inStep(new long[] {1, 2, 3})).isZero();
    }
}
