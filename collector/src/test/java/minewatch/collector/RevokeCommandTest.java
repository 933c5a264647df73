package minewatch.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.trust.RevocationList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevokeCommandTest {
    @TempDir Path folder;
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void enrol() {
        for (String sensor : List.of("tap-1", "tap-2")) {
            assertThat(run("enrol", "--sensor", sensor, "--out", folder.resolve(sensor) + ""))
                    .isZero();
        }
    }

    @Test
    void sensorsCertificatesAreRevokedByItsName() throws Exception {
        assertThat(run("revoke", "--sensor", "tap-1")).isZero();
        assertThat(err.toString()).contains("revoked CN=tap-1, serial ").contains("crl.pem");
        assertThat(isRevoked("tap-1/sensor.pem")).isTrue();
        assertThat(isRevoked("tap-2/sensor.pem")).isFalse();
    }

    @Test
    void certificateIsRevokedByItsFile() throws Exception {
        assertThat(run("revoke", "--certificate", folder.resolve("ca/collector.pem") + ""))
                .isZero();
        assertThat(isRevoked("ca/collector.pem")).isTrue();
    }

    @Test
    void whatCannotBeRevokedIsSaidAndNothingWritten() {
        assertThat(run("revoke")).isEqualTo(2);
        assertThat(run("revoke", "--sensor", "tap-9")).isEqualTo(2);
        assertThat(run("revoke", "--sensor", "Tap 9")).isEqualTo(2);
        assertThat(err.toString())
                .contains("nothing to revoke (expected: --sensor ID or --certificate FILE)")
                .contains("cannot revoke sensor tap-9: ")
                .contains("--sensor: Tap 9 (expected: 1 to 63 ");
        assertThat(folder.resolve("ca/crl.pem")).doesNotExist();
    }

    private boolean isRevoked(String file) throws Exception {
        Path list = folder.resolve("ca/crl.pem");
        if (!Files.exists(list)) {
            return false;
        }
        var authorities = PeerTrust.certificates(folder.resolve("ca/ca.pem"));
        var certificate = PeerTrust.certificates(folder.resolve(file)).getFirst();
        return RevocationList.of(list, authorities, _ -> {}).revokedAt(certificate).isPresent();
    }

    /// With the authority of this test.
    private int run(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "collector";
        System.arraycopy(words, 0, all, 1, words.length);
        all[all.length - 2] = "--authority";
        all[all.length - 1] = folder.resolve("ca").toString();
        return Main.commandLine().setErr(new PrintWriter(err, true)).execute(all);
    }
}
