package minewatch.sensor.doctor;

import static minewatch.sensor.doctor.Patient.explained;
import static minewatch.sensor.doctor.Patient.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import minewatch.config.HostPort;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.doctor.Diagnosis.Outcome;
import minewatch.sensor.uplink.TestCollector;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates, and a collector over real mutual TLS on loopback.
@Timeout(60)
class UplinkChecksTest {
    private static final HostPort NOBODY = new HostPort("127.0.0.1", 1);

    @TempDir Path folder = Path.of(".");
    private final Instant nextYear = Instant.now().plus(Duration.ofDays(365));
    private final ThrowAwayCa ca = ThrowAwayCa.named("minewatch test", nextYear);
    private final TestCollector.Store store = new TestCollector.Store();
    private Path files = Path.of(".");
    private Patient patient;

    @BeforeEach
    void enrol() throws IOException {
        patient = new Patient(folder.resolve("root"));
        files = folder.resolve("sensor");
        install(ca.sensor(nextYear, "s-1"));
    }

    @Test
    void soundCertificatesAreToldWithTheirEnd() throws Exception {
        Diagnosis diagnosis = only(certificates());
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.OK);
        assertThat(diagnosis.found())
                .startsWith("key and certificate of s-1, valid until ")
                .contains(nextYear.toString().substring(0, 10));
    }

    @Test
    void absentFilesAreNamedAll() throws Exception {
        for (String name : List.of("ca.pem", "certificate.pem", "key.pem")) {
            Files.delete(files.resolve(name));
        }
        List<Diagnosis> diagnoses = explained(certificates());
        assertThat(diagnoses)
                .extracting(Diagnosis::found)
                .containsExactly(
                        "uplink.ca: no such file: " + files.resolve("ca.pem"),
                        "uplink.certificate: no such file: " + files.resolve("certificate.pem"),
                        "uplink.key: no such file: " + files.resolve("key.pem"));
        assertThat(diagnoses)
                .allSatisfy(d -> assertThat(d.outcome()).isEqualTo(Outcome.FAILURE))
                .allSatisfy(d ->
                        assertThat(d.remedy())
                                .startsWith("minewatch collector enrol --sensor s-1 --out s-1"));
    }

    @Test
    void expiredCertificateIsAFailure() throws Exception {
        install(ca.sensor(Instant.now().minusSeconds(60), "s-1"));
        Diagnosis diagnosis = only(certificates());
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(diagnosis.found())
                .startsWith(
                        "uplink.certificate: " + files.resolve("certificate.pem") + " expired on ");
    }

    @Test
    void certificateThatExpiresWithinTwoWeeksIsAWarning() throws Exception {
        install(ca.sensor(Instant.now().plus(Duration.ofDays(13)), "s-1"));
        Diagnosis diagnosis = only(certificates());
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(diagnosis.found()).contains(" expires soon, on ");
        install(ca.sensor(Instant.now().plus(Duration.ofDays(15)), "s-1"));
        assertThat(only(certificates()).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void expiredAuthorityIsAFailure() throws Exception {
        ThrowAwayCa old = ThrowAwayCa.named("old", Instant.now().minusSeconds(60));
        Files.writeString(files.resolve("ca.pem"), ThrowAwayCa.pem(old.certificate()));
        assertThat(only(certificates()).found()).startsWith("uplink.ca: ").contains(" expired on ");
    }

    @Test
    void certificateNotValidYetSpeaksOfTheClock() throws Exception {
        Instant slow = Instant.now().minus(Duration.ofDays(1));
        List<Diagnosis> diagnoses =
                explained(
                        new CertificateCheck(patient.machine(), config(NOBODY, ""), slow)
                                .examine());
        assertThat(diagnoses)
                .hasSize(2) // the authority's as well
                .allSatisfy(d -> assertThat(d.found()).contains(" is not valid before "))
                .allSatisfy(d -> assertThat(d.remedy()).startsWith("timedatectl"));
    }

    @Test
    void certificateOfAnotherSensorIsAFailure() throws Exception {
        install(ca.sensor(nextYear, "s-2"));
        assertThat(only(certificates()).found())
                .endsWith(" names urn:minewatch:sensor:s-2 (expected: urn:minewatch:sensor:s-1)");
        install(ca.server(nextYear, "s-1"));
        assertThat(explained(certificates()))
                .extracting(Diagnosis::found)
                .satisfiesExactly(
                        found -> assertThat(found).contains(" names no sensor "),
                        found -> assertThat(found).endsWith(" is not for clients (clientAuth)"));
    }

    @Test
    void keyOfAnotherCertificateIsAFailure() throws Exception {
        Path other = folder.resolve("other");
        ca.sensor(nextYear, "s-1").writeTo(other);
        Files.copy(
                other.resolve("key.pem"),
                files.resolve("key.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        restrict();
        assertThat(only(certificates()).found())
                .isEqualTo(
                        "uplink.key: "
                                + files.resolve("key.pem")
                                + " is not the key of "
                                + files.resolve("certificate.pem"));
    }

    @Test
    void keyOfAnotherFormOrForEverybodyIsTold() throws Exception {
        Files.setPosixFilePermissions(
                files.resolve("key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        Diagnosis open = only(certificates());
        assertThat(open.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(open.remedy()).isEqualTo("chmod 600 " + files.resolve("key.pem"));

        String pem = Files.readString(files.resolve("key.pem"));
        Files.writeString(files.resolve("key.pem"), pem.replace("PRIVATE KEY", "EC PRIVATE KEY"));
        restrict();
        assertThat(only(certificates()).remedy()).startsWith("openssl pkcs8 -topk8 -nocrypt -in ");
    }

    @Test
    void whatIsNoCertificateIsTold() throws Exception {
        Files.writeString(files.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
        assertThat(only(certificates()).found())
                .isEqualTo(
                        "uplink.ca: "
                                + files.resolve("ca.pem")
                                + " holds no certificate in PEM form");
    }

    @Test
    void keyOfHashedIdentifiersMustBeThereAndLongEnough() throws Exception {
        Path secret = folder.resolve("secret.key");
        String privacy = "privacy: {identifiers: hashed, key-file: " + secret + "}\n";
        assertThat(only(certificates(privacy)).found()).contains("cannot read " + secret);
        Files.writeString(secret, "short");
        assertThat(only(certificates(privacy)).found()).contains("has fewer than 16 bytes");
        Files.writeString(secret, "0123456789abcdef");
        assertThat(only(certificates(privacy)).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void collectorThatTakesTheCertificateIsReachedWithoutAStream() throws Exception {
        try (var collector = collector(ca.server(nextYear, "127.0.0.1"))) {
            Diagnosis diagnosis = only(reach(collector.address()));
            assertThat(diagnosis.outcome()).isEqualTo(Outcome.OK);
            assertThat(diagnosis.found())
                    .isEqualTo(collector.address() + " accepts this sensor's certificate");
        }
    }

    @Test
    void collectorThatRefusesTheCertificateIsAFailure() throws Exception {
        ThrowAwayCa foreign = ThrowAwayCa.named("foreign", nextYear);
        install(foreign.sensor(nextYear, "s-1"));
        Files.writeString(files.resolve("ca.pem"), ThrowAwayCa.pem(ca.certificate()));
        try (var collector = collector(ca.server(nextYear, "127.0.0.1"))) {
            Diagnosis diagnosis = only(reach(collector.address()));
            assertThat(diagnosis.outcome()).isEqualTo(Outcome.FAILURE);
            assertThat(diagnosis.found()).contains("refuses this sensor's certificate");
            assertThat(diagnosis.remedy()).contains("minewatch collector enrol");
        }
    }

    @Test
    void collectorOfAForeignAuthorityOrAnotherNameIsNotTrusted() throws Exception {
        try (var collector = collector(ThrowAwayCa.named("x", nextYear).server("127.0.0.1"))) {
            assertThat(only(reach(collector.address())).found())
                    .contains("comes from an authority that " + files.resolve("ca.pem"));
        }
        try (var collector = collector(ca.server("other.example"))) {
            assertThat(only(reach(collector.address())).remedy())
                    .isEqualTo("set uplink.collector to a name in the certificate");
        }
        try (var collector = collector(ca.server(Instant.now().minusSeconds(60), "127.0.0.1"))) {
            assertThat(only(reach(collector.address())).remedy())
                    .startsWith("renew the collector's certificate");
        }
    }

    @Test
    void closedPortIsAFailureWithACommand() throws Exception {
        int unused;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        Diagnosis diagnosis = only(reach(new HostPort("127.0.0.1", unused)));
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(diagnosis.found()).endsWith(":" + unused + ": connection refused");
        assertThat(diagnosis.remedy()).startsWith("nc -vz 127.0.0.1 " + unused);
    }

    @Test
    void portThatDoesNotSpeakTlsOrSaysNothingIsGivenUpInTime() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long before = System.nanoTime();
            Diagnosis silent = only(reach(new HostPort("127.0.0.1", socket.getLocalPort())));
            assertThat(silent.found()).endsWith("no answer in 5 s");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(8));
        }
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> speak(socket, "SSH-2.0-OpenSSH_9.6\r\n"));
            Diagnosis other = only(reach(new HostPort("127.0.0.1", socket.getLocalPort())));
            assertThat(other.outcome()).isEqualTo(Outcome.FAILURE);
            assertThat(other.found()).contains("does not speak TLS as it should");
        }
    }

    private static void speak(ServerSocket socket, String text) {
        try (var peer = socket.accept()) {
            peer.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            peer.getOutputStream().flush();
            peer.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException over) {
            // the test is
        }
    }

    @Test
    void missingKeyIsNotTakenForADeadCollector() throws Exception {
        Files.delete(files.resolve("key.pem"));
        Diagnosis diagnosis = only(reach(NOBODY));
        assertThat(diagnosis.found()).startsWith("uplink.key: cannot read ");
        assertThat(diagnosis.remedy()).isEqualTo("`minewatch collector enrol` makes it");
    }

    private void install(ThrowAwayCa.Identity identity) throws IOException {
        identity.writeTo(files);
        restrict();
    }

    private void restrict() throws IOException {
        Files.setPosixFilePermissions(
                files.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
    }

    private TestCollector collector(ThrowAwayCa.Identity server) throws Exception {
        return new TestCollector(store, ca, server.writeTo(folder.resolve("server")), 0);
    }

    private List<Diagnosis> reach(HostPort collector) throws Exception {
        return CollectorCheck.examine(config(collector, "").uplink());
    }

    private List<Diagnosis> certificates() throws Exception {
        return certificates("");
    }

    private List<Diagnosis> certificates(String more) throws Exception {
        return new CertificateCheck(patient.machine(), config(NOBODY, more), Instant.now())
                .examine();
    }

    private SensorConfig config(HostPort collector, String more) throws Exception {
        return SensorConfig.load(
                Files.writeString(
                        folder.resolve("s.yaml"),
                        """
                        sensor: {id: s-1}
                        capture: {interface: eth1}
                        uplink:
                          collector: "%s"
                          ca: sensor/ca.pem
                          certificate: sensor/certificate.pem
                          key: sensor/key.pem
                        """
                                        .formatted(collector)
                                + more));
    }
}
