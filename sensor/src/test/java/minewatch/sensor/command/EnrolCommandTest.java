package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import minewatch.sensor.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolCommandTest {
    private static final String TOKEN =
            "mw1:tap-1:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @TempDir Path folder;

    @Test
    void requestForAnotherAuthorityComesWithItsKey() throws Exception {
        CommandRun run = run("--request", "tap-1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("SAN URI urn:minewatch:sensor:tap-1 and clientAuth");
        assertThat(folder.resolve("tls/sensor.csr"))
                .content()
                .startsWith("-----BEGIN CERTIFICATE REQUEST-----\n");
        Path key = folder.resolve("tls/sensor.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        String made = Files.readString(key);
        assertThat(run("--request", "tap-1").exitCode()).isEqualTo(2);
        assertThat(key).hasContent(made.strip());
    }

    @Test
    void wrongUsageIsToldAndNothingIsMade() throws Exception {
        assertThat(run("--collector", "c.example:7444", "--token", "mw1:tap-1").err())
                .contains("--token: 9 characters that are none (expected: the whole line");
        assertThat(run("--collector", "c.example", "--token", TOKEN).err())
                .contains("--collector: c.example (expected: host:port");
        assertThat(run("--request", "Tap 1").err()).contains("--request: Tap 1 (expected: 1 to 63");
        CommandRun neither = run();
        assertThat(neither.exitCode()).isEqualTo(2);
        assertThat(neither.err()).contains("either --collector and --token, or --request");
        assertThat(folder.resolve("tls")).doesNotExist();
    }

    private CommandRun run(String... words) throws Exception {
        String[] all = new String[words.length + 4];
        all[0] = "sensor";
        all[1] = "enrol";
        System.arraycopy(words, 0, all, 2, words.length);
        all[all.length - 2] = "--out";
        all[all.length - 1] = folder.resolve("tls").toString();
        return CommandRun.of(all);
    }
}
