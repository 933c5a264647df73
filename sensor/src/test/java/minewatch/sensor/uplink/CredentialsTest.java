package minewatch.sensor.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.util.List;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir Path folder;
    private final KeyPair keys = SigningRequests.newKeys();
    private Credentials credentials;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("sensor.pem"), "old certificate");
        Files.writeString(folder.resolve("sensor.key"), "old key");
        credentials = new Credentials(folder.resolve("sensor.pem"), folder.resolve("sensor.key"));
    }

    @Test
    void bothFilesAreReplacedAndTheKeyIsItsOwnersAlone() throws Exception {
        credentials.replace("new certificate", keys.getPrivate());
        assertThat(folder.resolve("sensor.pem")).hasContent("new certificate");
        assertThat(folder.resolve("sensor.key"))
                .hasContent(Credentials.pem(keys.getPrivate()).strip());
        var permissions = Files.getPosixFilePermissions(folder.resolve("sensor.key"));
        assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void replacementCutShortBeforeTheCertificateIsUndone() throws Exception {
        Files.writeString(folder.resolve("sensor.pem.next"), "new certificate");
        credentials.recover();
        holds("old certificate", "old key");
        Files.writeString(folder.resolve("sensor.pem.next"), "new certificate");
        Files.writeString(folder.resolve("sensor.key.next"), "new key");
        credentials.recover();
        holds("old certificate", "old key");
    }

    @Test
    void replacementCutShortBeforeTheKeyIsCompleted() throws Exception {
        Files.writeString(folder.resolve("sensor.pem"), "new certificate");
        Files.writeString(folder.resolve("sensor.key.next"), "new key");
        credentials.recover();
        holds("new certificate", "new key");
    }

    private void holds(String certificate, String key) {
        assertThat(folder.resolve("sensor.pem")).hasContent(certificate);
        assertThat(folder.resolve("sensor.key")).hasContent(key);
        assertThat(folder).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void certificateOfAnotherKeySensorOrAuthorityIsNotAccepted() {
        var ca = ThrowAwayCa.named("Test authority");
        var sensor = ca.sensor("tap-1");
        String pem = ThrowAwayCa.pem(sensor.certificate());
        var own = new KeyPair(sensor.certificate().getPublicKey(), sensor.key());
        var authority = List.of(ca.certificate());
        var foreign = List.of(ThrowAwayCa.named("Another authority").certificate());
        assertThatThrownBy(() -> Credentials.accept(pem, keys, "tap-1", authority))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("another key");
        assertThatThrownBy(() -> Credentials.accept(pem, own, "tap-2", authority))
                .hasMessageContaining("another sensor");
        assertThatThrownBy(() -> Credentials.accept(pem, own, "tap-1", foreign))
                .hasMessageContaining("another authority");
        assertThatThrownBy(() -> Credentials.accept("nothing", own, "tap-1", authority))
                .hasMessageContaining("no certificate");
    }
}
