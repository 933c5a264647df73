package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2"; // RFC 5280 §4.2.1.12
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";

    @TempDir Path folder;

    @Test
    void secondOpeningFindsTheSameAuthority() throws Exception {
        Authority first = Authority.openOrCreate(folder);
        byte[] made = Files.readAllBytes(first.caFile());
        assertThat(Authority.openOrCreate(folder).caFile()).isEqualTo(folder.resolve("ca.pem"));
        assertThat(Files.readAllBytes(first.caFile())).isEqualTo(made);
        assertThat(read("ca.pem").getBasicConstraints()).isZero(); // may sign, one level deep
    }

    @Test
    void keysAreTheirOwnersAlone() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        authority.issueSensor("tap-1", DAY, file("sensor.pem"), file("sensor.key"));
        for (String key : List.of("ca.key", "sensor.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(key))))
                    .as(key)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void sensorsCertificateIsSignedNamesItAndServesClientsOnly() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        authority.issueSensor("tap-1", DAY, file("sensor.pem"), file("sensor.key"));
        X509Certificate certificate = read("sensor.pem");
        certificate.verify(read("ca.pem").getPublicKey());
        certificate.checkValidity();
        assertThat(SensorIdentity.of(certificate)).contains("tap-1");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1); // may sign nothing
    }

    @Test
    void collectorsCertificateHoldsNamesAndAddresses() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        authority.issueServer(
                List.of("collector.example.net", "192.0.2.1", "2001:db8::1"),
                DAY,
                file("collector.pem"),
                file("collector.key"));
        X509Certificate certificate = read("collector.pem");
        certificate.verify(read("ca.pem").getPublicKey());
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(SERVER);
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("collector.example.net", "192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(SensorIdentity.of(certificate)).isEmpty();
    }

    @Test
    void certificateDoesNotOutliveItsAuthority() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        Duration ages = Duration.ofDays(100_000);
        authority.issueSensor("tap-1", ages, file("sensor.pem"), file("sensor.key"));
        assertThat(read("sensor.pem").getNotAfter()).isEqualTo(read("ca.pem").getNotAfter());
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        Files.writeString(file("sensor.key"), "somebody's");
        assertThatThrownBy(() ->
                        authority.issueSensor("tap-1", DAY, file("sensor.pem"), file("sensor.key")))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("sensor.key")
                .hasMessageContaining("move it away first");
        assertThat(file("sensor.key")).hasContent("somebody's");
        assertThat(file("sensor.pem")).doesNotExist();
    }

    @Test
    void nameASensorCannotHaveLeavesNoFiles() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        assertThatThrownBy(() ->
                        authority.issueSensor("Tap 1", DAY, file("sensor.pem"), file("sensor.key")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("sensor: Tap 1 (expected: ");
        assertThat(file("sensor.pem")).doesNotExist();
        assertThat(file("sensor.key")).doesNotExist();
    }

    @Test
    void lostKeyIsSaidAndNoNewAuthorityTakesItsPlace() throws Exception {
        Authority.openOrCreate(folder);
        byte[] made = Files.readAllBytes(file("ca.pem"));
        Files.delete(file("ca.key"));
        assertThatThrownBy(() -> Authority.openOrCreate(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.key: no such file beside ca.pem");
        assertThat(file("ca.key")).doesNotExist();
        assertThat(Files.readAllBytes(file("ca.pem"))).isEqualTo(made);
    }

    @Test
    void lostCertificateIsSaidAndTheKeyIsKept() throws Exception {
        Authority.openOrCreate(folder);
        String key = Files.readString(file("ca.key"));
        Files.delete(file("ca.pem"));
        assertThatThrownBy(() -> Authority.openOrCreate(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem");
        assertThat(file("ca.key")).hasContent(key);
        assertThat(file("ca.pem")).doesNotExist();
    }

    @Test
    void fileThatIsNoKeyOrCertificateIsAClearError() throws Exception {
        Authority.openOrCreate(folder);
        Files.writeString(file("ca.key"), "not a key\n");
        assertThatThrownBy(() -> Authority.openOrCreate(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.key: no PKCS 8 key");
        Files.writeString(file("ca.pem"), "not a certificate\n");
        assertThatThrownBy(() -> Authority.openOrCreate(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot read ")
                .hasMessageContaining("ca.pem");
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private X509Certificate read(String name) throws Exception {
        try (var in = Files.newInputStream(file(name))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
