package minewatch.sensor.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SpoolKillTest {
    private static final int ROUNDS = 4;

    @TempDir Path folder;

    @Test
    @Timeout(120)
    void everyBatchReportedDurableIsThereAfterKill() throws Exception {
        List<Long> durable = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            durable.addAll(durableUntilKilled(20 * round + round));
            try (Spool spool = SpoolFixture.open(folder, 8 << 20, 64 << 10)) {
                var batches = SpoolFixture.read(spool, 0);
                List<Long> numbers = SpoolFixture.hitNumbers(batches);
                assertThat(numbers).containsAll(durable).doesNotHaveDuplicates().isSorted();
                // What is there beyond the reports was written when the kill came: one a round.
                assertThat(numbers.size() - durable.size()).isBetween(0, round);
            }
        }
        assertThat(durable).hasSizeGreaterThan(20 * ROUNDS);
    }

    private List<Long> durableUntilKilled(int killAfter) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SpoolAppender.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<Long> durable = new ArrayList<>();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.matches("durable \\d+")) {
                    durable.add(Long.parseLong(line.substring(8)));
                }
                if (durable.size() == killAfter) {
                    process.toHandle().destroyForcibly(); // SIGKILL; its last lines are still read
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return durable;
    }
}
