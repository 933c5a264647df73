package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobsTest {
    private final Jobs jobs = new Jobs(new Allowance(new BufferBudget(1 << 20), 0));

    @Test
    void withoutAJobNothingIsKnown() {
        assertThat(jobs.hashesPerShare(1)).isNaN();
        assertThat(jobs.latest()).isNaN();
    }

    @Test
    void shareCountsByItsOwnJob() {
        jobs.add(1, 100);
        jobs.add(2, 200);
        assertThat(jobs.hashesPerShare(1)).isEqualTo(100);
        assertThat(jobs.hashesPerShare(2)).isEqualTo(200);
    }

    @Test
    void shareOfAnUnknownJobCountsByTheLatest() {
        jobs.add(1, 100);
        jobs.add(2, 200);
        assertThat(jobs.hashesPerShare(9)).isEqualTo(200);
        assertThat(jobs.hashesPerShare(0)).isEqualTo(200);
    }

    @Test
    void everyJobUpToTheCapacityIsKnown() {
        for (int id = 1; id <= Jobs.CAPACITY; id++) {
            jobs.add(id, id * 100);
            for (int known = 1; known <= id; known++) {
                assertThat(jobs.hashesPerShare(known)).isEqualTo(known * 100);
            }
        }
    }

    @Test
    void beyondTheCapacityTheOldestMakesRoom() {
        int last = 3 * Jobs.CAPACITY + 5;
        for (int id = 1; id <= last; id++) {
            jobs.add(id, id * 100);
        }
        assertThat(jobs.hashesPerShare(last - Jobs.CAPACITY)).isEqualTo(last * 100);
        for (int id = last - Jobs.CAPACITY + 1; id <= last; id++) {
            assertThat(jobs.hashesPerShare(id)).isEqualTo(id * 100);
        }
    }

    @Test
    void repeatedIdCountsByItsLatestIssue() {
        jobs.add(1, 100);
        jobs.add(2, 200);
        jobs.add(1, 300);
        assertThat(jobs.hashesPerShare(1)).isEqualTo(300);
        assertThat(jobs.hashesPerShare(2)).isEqualTo(200);
        assertThat(jobs.latest()).isEqualTo(300);
    }
}
