package minewatch.sensor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import minewatch.sensor.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticTrafficTest {
    private static final int FRAMES = 20_000;

    @TempDir Path folder;

    @Test
    void itIsTheSameForASeed() throws Exception {
        assertThat(bytes(7)).isEqualTo(bytes(7)).isNotEqualTo(bytes(8));
    }

    @Test
    void everyFrameIsDecodedAndItsMinersAreFound() throws Exception {
        Path capture = folder.resolve("synthetic.pcap");
        try (OutputStream out = Files.newOutputStream(capture)) {
            Rehearsal.write(new SyntheticTraffic(500, 1), FRAMES, out);
        }
        String scanned = scan(capture);
        assertThat(scanned)
                .contains("\"verdict\":\"miner\"")
                .contains("\"agents\":[\"cpuminer/2.5.1\"]")
                .doesNotContain("probable");
    }

    private static String scan(Path capture) {
        CommandRun run = CommandRun.of("scan", "--format=ndjson", capture.toString());
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    private static byte[] bytes(long seed) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Rehearsal.write(new SyntheticTraffic(100, seed), 1_000, out);
        return out.toByteArray();
    }
}
