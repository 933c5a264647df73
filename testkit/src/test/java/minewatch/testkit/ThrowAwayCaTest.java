package minewatch.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrowAwayCaTest {
    private final ThrowAwayCa ca = ThrowAwayCa.named("test authority");
    @TempDir Path folder;

    @Test
    void sensorCertificateNamesItsIdAndIsSignedByItsCaOnly() throws Exception {
        X509Certificate certificate = ca.sensor("s-1").certificate();
        certificate.verify(ca.certificate().getPublicKey());
        certificate.checkValidity();
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(6, "urn:minewatch:sensor:s-1"));
        assertThatThrownBy(() ->
                        certificate.verify(ThrowAwayCa.named("x").certificate().getPublicKey()))
                .isInstanceOfAny(SignatureException.class, InvalidKeyException.class);
    }

    @Test
    void serverCertificateNamesHostsAndAddresses() throws Exception {
        assertThat(ca.server("localhost", "127.0.0.1").certificate().getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    }

    @Test
    void certificateOfThePastHasExpired() {
        X509Certificate certificate =
                ca.server(Instant.now().minusSeconds(60), "localhost").certificate();
        assertThatThrownBy(certificate::checkValidity)
                .isInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void writtenCertificateReadsBackTheSame() throws Exception {
        var identity = ca.sensor("s-1");
        var files = identity.writeTo(folder.resolve("s-1"));
        var read =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Files.readAllBytes(files.certificate())));
        assertThat(read).isEqualTo(identity.certificate());
        assertThat(files.key()).content().startsWith("-----BEGIN PRIVATE KEY-----\n");
    }
}
