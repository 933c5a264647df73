package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.sensor.CommandRun;
import minewatch.signatures.language.EndpointReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseCommandsTest {
    @TempDir Path folder;

    @BeforeEach
    void makeKeysAndSignatures() throws IOException {
        assertThat(run("keygen", "--out", at("keys")).exitCode()).isZero();
        Path pack = Files.createDirectories(folder.resolve("pack/endpoints"));
        Path root = Path.of(System.getProperty("minewatch.root"));
        Files.copy(root.resolve("docs/tutorial/dig/dig.yaml"), folder.resolve("pack/dig.yaml"));
        Files.writeString(pack.resolve("own.csv"), EndpointReader.HEADER);
    }

    @Test
    void keyThatSignsIsForItsOwnerAlone() throws Exception {
        Path secret = folder.resolve("keys/release.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        String before = Files.readString(secret);
        CommandRun again = run("keygen", "--out", at("keys"));
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("release.pem: is there already; move it away first");
        Files.delete(folder.resolve("keys/release.pem"));
        assertThat(run("keygen", "--out", at("keys")).err())
                .contains("release.key: is there already");
        assertThat(secret).content().isEqualTo(before);
    }

    @Test
    void folderIsSignedAndVerified() throws Exception {
        Files.writeString(folder.resolve("s.yaml"), "rollup: {interval: 1m}\n");
        CommandRun signed =
                sign("7", at("pack"), "--settings", at("s.yaml"), "--sensor", "a", "--sensor", "b");
        assertThat(signed.err()).contains("7.release: release 7, ");
        assertThat(signed.exitCode()).isZero();
        Release release =
                ReleaseFile.verify(
                        Files.readAllBytes(folder.resolve("7.release")),
                        ReleaseKeys.publicKeys(List.of(folder.resolve("keys/release.pem"))));
        assertThat(release.getSignatures(0).getText())
                .isEqualTo(Files.readString(folder.resolve("pack/dig.yaml")));
        assertThat(release.getEndpoints(0).getName()).isEqualTo("own.csv");

        CommandRun verified = verify("7.release", "keys/release.pem");
        assertThat(verified.exitCode()).isZero();
        assertThat(verified.out())
                .startsWith("release 7, made 20")
                .endsWith(
                        """
                        sensors: a, b
                        signatures: dig.yaml
                        endpoints: own.csv
                        settings:
                          rollup: {interval: 1m}
                        """);
        assertThat(sign("7", at("pack")).err()).contains("7.release: is there already");
    }

    @Test
    void emptyReleaseIsSaidToBeOne() throws Exception {
        assertThat(sign("3", "--empty").exitCode()).isZero();
        assertThat(verify("3.release", "keys/release.pem").out())
                .endsWith("sensors: all\nsignatures: none\nendpoints: none\nsettings: none\n");
        assertThat(sign("4").err()).contains("neither or both of DIR or --settings, and --empty");
        assertThat(sign("4", at("pack"), "--empty").exitCode()).isEqualTo(2);
        assertThat(sign("4", at("keys")).err()).contains("keys: no files (expected: *.yaml, or");
        assertThat(folder.resolve("4.release")).doesNotExist();
    }

    @Test
    void whatWouldNotLoadIsNotSigned() throws Exception {
        Path dig = folder.resolve("pack/dig.yaml");
        String sound = Files.readString(dig);
        Files.writeString(dig, sound.replaceFirst("weight: \\d+", "weight: 99"));
        unsigned("has signatures that cannot be used: release 4/dig.yaml:", at("pack"));
        Files.writeString(dig, sound.replaceFirst("method: '=[^']+'", "method: '=other'"));
        unsigned("has signatures that cannot be used: release 4/dig.yaml:", at("pack"));
        Files.writeString(dig, sound);
        Files.writeString(folder.resolve("pack/endpoints/own.csv"), "no heading\n");
        unsigned("release 4/own.csv:1:", at("pack"));

        Path settings = folder.resolve("s.yaml");
        for (String other :
                List.of(
                        "sensor: {id: b}",
                        "uplink: {collector: 'evil:7443'}",
                        "uplink: {ca: /tmp/ca.pem}",
                        "releases: {keys: [/tmp/k.pem]}",
                        "spool: {directory: /tmp}",
                        "outputs: {syslog: {server: 'evil:6514'}}",
                        "privacy: {identifiers: clear}",
                        "capture: {filter: 'host 10.0.0.1'}",
                        "signatures: {directories: [/tmp]}",
                        "inspect: {max-sessions: 16}")) {
            Files.writeString(settings, other);
            unsigned(
                    "may not be set here (expected: flow.idle-timeout, p",
                    "--settings",
                    at("s.yaml"));
        }
        Files.writeString(settings, "rollup: {interval: 2d}");
        unsigned("rollup.interval: 2d (expected: 1s to 1d)", "--settings", at("s.yaml"));
    }

    private void unsigned(String why, String... what) {
        CommandRun run = sign("4", what);
        assertThat(run.err()).startsWith("release 4 has ").contains(why).contains("; ");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(folder.resolve("4.release")).doesNotExist();
    }

    @Test
    void releaseOfAnotherKeyOrChangedSinceIsNotVerified() throws Exception {
        assertThat(sign("7", at("pack")).exitCode()).isZero();
        run("keygen", "--out", at("others"));
        CommandRun foreign = verify("7.release", "others/release.pem");
        assertThat(foreign.exitCode()).isEqualTo(1);
        assertThat(foreign.err()).contains("7.release is not signed by a key");
        assertThat(foreign.out()).isEmpty();
        byte[] bytes = Files.readAllBytes(folder.resolve("7.release"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("8.release"), bytes);
        assertThat(verify("8.release", "keys/release.pem").exitCode()).isEqualTo(1);
        assertThat(verify("none.release", "keys/release.pem").exitCode()).isEqualTo(2);
        assertThat(verify("7.release", "keys/release.key").err()).contains("holds no Ed25519 key");
        assertThat(sign("0", at("pack")).err()).contains("number: 0 (expected: 1 to 2^63 - 1)");
    }

    private CommandRun verify(String file, String key) {
        return run("verify", at(file), "--key", at(key));
    }

    private CommandRun sign(String number, String... what) {
        String[] rest = {
            "--key", at("keys/release.key"), "--number", number, "--out", at(number + ".release")
        };
        String[] all = new String[1 + what.length + rest.length];
        all[0] = "sign";
        System.arraycopy(what, 0, all, 1, what.length);
        System.arraycopy(rest, 0, all, 1 + what.length, rest.length);
        return run(all);
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private static CommandRun run(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "signatures";
        System.arraycopy(words, 0, all, 1, words.length);
        return CommandRun.of(all);
    }
}
