package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog backlog = new Backlog();
    private long now = System.nanoTime();

    @Test
    void queueThatKeepsTheDatabaseBusyAsksForNoPause() {
        come(Backlog.ENOUGH);
        assertThat(backlog.pauseMillis()).isZero();
    }

    @Test
    void pauseIsAsLongAsTheExcessTakes() {
        come(Backlog.ENOUGH + 300);
        commit(200, 10);
        assertThat(backlog.waiting()).isEqualTo(Backlog.ENOUGH + 100);
        assertThat(backlog.pauseMillis()).isBetween(950, 1050);
        commit(50, 10);
        assertThat(backlog.pauseMillis()).isBetween(475, 525);
        commit(50, 10);
        assertThat(backlog.pauseMillis()).isZero();
    }

    @Test
    void pauseHasALimit() {
        come(10_000);
        commit(100, 50);
        assertThat(backlog.pauseMillis()).isEqualTo(10_000);
    }

    @Test
    void batchesOfAStreamThatEndedAreForgotten() {
        come(1_000);
        commit(20, 10);
        backlog.left(980);
        assertThat(backlog.waiting()).isZero();
        assertThat(backlog.pauseMillis()).isZero();
    }

    private void come(int batches) {
        for (int i = 0; i < batches; i++) {
            backlog.came();
        }
        now = System.nanoTime();
    }

    private void commit(int batches, int millisEach) {
        for (int i = 0; i < batches; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(millisEach);
            backlog.committed(now);
        }
    }
}
