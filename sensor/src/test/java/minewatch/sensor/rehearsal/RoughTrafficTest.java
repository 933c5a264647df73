package minewatch.sensor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import minewatch.sensor.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoughTrafficTest {
    private static final int FRAMES = 150_000;

    @TempDir Path folder;

    @Test
    void itIsTheSameForASeed() throws Exception {
        assertThat(bytes(7)).isEqualTo(bytes(7)).isNotEqualTo(bytes(8));
    }

    @Test
    void itsMinersAreFoundAndItsTroubleHasNames() throws Exception {
        CommandRun run = scan(1);
        assertThat(run.out())
                .contains("\"verdict\":\"miner\"")
                .contains("\"agents\":[\"cpuminer/2.5.1\"]")
                .contains("\"dns\"", "f2pool.com");
        assertThat(run.err())
                .contains("\"link.truncated\"", "\"vlan.truncated\"")
                .contains("\"ipv4.truncated\"", "\"ipv6.truncated\"")
                .contains("\"fragment.overlaps_header\"", "\"tcp.bad_header_length\"")
                .contains("\"dns.malformed\"", "\"udp.truncated\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6, 7})
    void noTroubleEndsAScan(long seed) throws Exception {
        assertThat(scan(seed).out()).contains("\"verdict\":\"miner\"");
    }

    private CommandRun scan(long seed) throws Exception {
        Path capture = folder.resolve("rough.pcap");
        try (OutputStream out = Files.newOutputStream(capture)) {
            Rehearsal.write(new RoughTraffic(500, seed), FRAMES, out);
        }
        CommandRun run = CommandRun.of("scan", "--stats", "--format=ndjson", capture.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).doesNotContain("session.failed");
        return run;
    }

    private static byte[] bytes(long seed) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Rehearsal.write(new RoughTraffic(100, seed), 1_000, out);
        return out.toByteArray();
    }
}
