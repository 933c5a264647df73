package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import minewatch.feed.trust.RevocationList;
import minewatch.testkit.ThrowAwayCa;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SensorIdentityTest {
    @Test
    void sensorsCertificateNamesIt() {
        var identity = ThrowAwayCa.named("Test authority").sensor("tap-1.example");
        assertThat(SensorIdentity.of(identity.certificate())).contains("tap-1.example");
    }

    @Test
    void collectorsCertificateNamesNoSensor() {
        var identity = ThrowAwayCa.named("Test authority").server("localhost", "127.0.0.1");
        assertThat(SensorIdentity.of(identity.certificate())).isEmpty();
    }

    @Test
    void withoutASessionThereIsNoSensor() {
        assertThat(PeerCertificate.of(null, RevocationList.none()).sensor()).isEmpty();
    }

    @Test
    void otherNamesBesideTheSensorsDoNotMatter() throws Exception {
        X509Certificate certificate =
                certificate(
                        uri("https://example.net/tap-9"),
                        new GeneralName(GeneralName.dNSName, "tap-9.example.net"),
                        uri("urn:minewatch:sensor:tap-1"));
        assertThat(SensorIdentity.of(certificate)).contains("tap-1");
    }

    /// Whoever is two sensors could speak for either.
    @Test
    void certificateThatNamesTwoSensorsNamesNone() throws Exception {
        X509Certificate certificate =
                certificate(uri("urn:minewatch:sensor:tap-1"), uri("urn:minewatch:sensor:tap-2"));
        assertThat(SensorIdentity.of(certificate)).isEmpty();
    }

    @Test
    void nameIsTakenFromAUriOnly() throws Exception {
        X509Certificate certificate =
                certificate(new GeneralName(GeneralName.dNSName, "urn:minewatch:sensor:tap-1"));
        assertThat(SensorIdentity.of(certificate)).isEmpty();
    }

    @Test
    void certificateWithoutOtherNamesNamesNone() throws Exception {
        assertThat(SensorIdentity.of(certificate())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Tap-1", "-tap", "tap-", "tap_1", "tap 1", "a/b", "tap\n"})
    void nameASensorCannotHaveIsNone(String id) throws Exception {
        assertThat(SensorIdentity.isId(id)).isFalse();
        assertThat(SensorIdentity.of(certificate(uri("urn:minewatch:sensor:" + id)))).isEmpty();
    }

    @Test
    void nameHasAtMostSixtyThreeCharacters() {
        assertThat(SensorIdentity.isId("a")).isTrue();
        assertThat(SensorIdentity.isId("a".repeat(63))).isTrue();
        assertThat(SensorIdentity.isId("a".repeat(64))).isFalse();
    }

    private static GeneralName uri(String text) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, text);
    }

    private static X509Certificate certificate(GeneralName... names) throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
        var name = new X500Name("CN=test");
        var builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.now()),
                        Date.from(Instant.now().plus(Duration.ofHours(1))),
                        name,
                        keys.getPublic());
        if (names.length > 0) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(Arrays.copyOf(names, names.length)));
        }
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    }
}
