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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import minewatch.feed.trust.RevocationList;
import minewatch.testkit.ThrowAwayCa;
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

    @Test
    void revokedCertificatesAreOnASignedListAndStayOnIt() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        authority.issueSensor("tap-1", DAY, file("1.pem"), file("1.key"));
        authority.issueSensor("tap-2", DAY, file("2.pem"), file("2.key"));
        authority.issueSensor("tap-3", DAY, file("3.pem"), file("3.key"));
        authority.revoke(List.of(read("1.pem")), file("crl.pem"));
        RevocationList list = RevocationList.of(file("crl.pem"), List.of(read("ca.pem")), _ -> {});
        Optional<Instant> first = list.revokedAt(read("1.pem"));
        authority.revoke(List.of(read("1.pem"), read("2.pem")), file("crl.pem"));
        assertThat(first).isPresent();
        assertThat(list.revokedAt(read("1.pem"))).isEqualTo(first);
        assertThat(list.revokedAt(read("2.pem"))).isPresent();
        assertThat(list.revokedAt(read("3.pem"))).isEmpty();
    }

    @Test
    void anotherAuthoritysCertificateCannotBeRevoked() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        var foreign = ThrowAwayCa.named("Another authority").sensor("tap-1").certificate();
        assertThatThrownBy(() -> authority.revoke(List.of(foreign), file("crl.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another authority issued");
        assertThat(file("crl.pem")).doesNotExist();
    }

    @Test
    void anotherAuthoritysListIsNotOverwritten() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        authority.issueSensor("tap-1", DAY, file("1.pem"), file("1.key"));
        String foreign = ThrowAwayCa.named("Another authority").crl();
        Files.writeString(file("crl.pem"), foreign);
        assertThatThrownBy(() -> authority.revoke(List.of(read("1.pem")), file("crl.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("signed by none of the authorities");
        assertThat(file("crl.pem")).hasContent(foreign);
    }

    @Test
    void whatASensorWasIssuedIsKnownUntilItEnds() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        authority.issueSensor("tap-1", DAY, file("1.pem"), file("1.key"));
        authority.issueSensor("tap-1", Duration.ZERO, file("2.pem"), file("2.key"));
        authority.issueSensor("tap-2", DAY, file("3.pem"), file("3.key"));
        assertThat(Authority.open(folder).revokeSensor("tap-1", file("crl.pem")))
                .containsExactly(read("1.pem"));
        assertThat(authority.revokeSensor("tap-9", file("crl.pem"))).isEmpty();
    }

    /// What asks later than the revocation gets nothing.
    @Test
    void nothingIsIssuedToWhomItMayNotBeAnyMore() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        var key = SigningRequestFixture.keys("EC", 256).getPublic();
        assertThat(authority.issue("tap-1", key, DAY, () -> false)).isEmpty();
        assertThat(authority.revokeSensor("tap-1", file("crl.pem"))).isEmpty();
        assertThat(authority.issue("tap-1", key, DAY, () -> true)).isPresent();
        assertThat(authority.revokeSensor("tap-1", file("crl.pem"))).hasSize(1);
    }

    @Test
    void sensorThatAsksWithoutEndIsGivenNoMore() throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        var key = SigningRequestFixture.keys("EC", 256).getPublic();
        for (int i = 0; i < 20; i++) {
            assertThat(authority.issue("tap-1", key, DAY, () -> true)).isPresent();
        }
        assertThatThrownBy(() -> authority.issue("tap-1", key, DAY, () -> true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tap-1 has 20 certificates that have not ended");
        assertThat(authority.revokeSensor("tap-1", file("crl.pem"))).hasSize(20);
        assertThat(authority.issue("tap-1", key, DAY, () -> true)).isPresent();
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
