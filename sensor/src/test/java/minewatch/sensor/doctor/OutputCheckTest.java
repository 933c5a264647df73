package minewatch.sensor.doctor;

import static minewatch.sensor.doctor.Patient.explained;
import static minewatch.sensor.doctor.Patient.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.ClientAuth;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import minewatch.config.HostPort;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.sensor.SensorConfig.Outputs;
import minewatch.sensor.SensorConfig.Primary;
import minewatch.sensor.doctor.Diagnosis.Outcome;
import minewatch.sensor.output.EveConfig;
import minewatch.sensor.output.SyslogConfig;
import minewatch.sensor.output.SyslogServer;
import minewatch.testkit.ThrowAwayCa;
import minewatch.testkit.ThrowAwayCa.PemFiles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A syslog server over real TLS on loopback, and nobody where Kafka should be; with a broker:
/// KafkaFaultsTest in demo/.
@Timeout(60)
class OutputCheckTest {
    private static final HostPort NOBODY = new HostPort("127.0.0.1", 1);
    private static final ThrowAwayCa CA = ThrowAwayCa.named("Syslog test");

    @TempDir Path folder;

    @Test
    void withoutOutputsThereIsNothingToReach() throws Exception {
        Diagnosis diagnosis = only(examine(null, List.of(), Primary.COLLECTOR));
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.OK);
        assertThat(diagnosis.found()).isEqualTo("none but the collector");
    }

    @Test
    void syslogServerIsReachedAndNothingIsSent() throws Exception {
        try (var server = server(ClientAuth.NONE)) {
            Diagnosis diagnosis = only(syslog(server.address()));
            assertThat(diagnosis.outcome()).as(diagnosis.found()).isEqualTo(Outcome.OK);
            assertThat(diagnosis.found())
                    .isEqualTo("syslog server " + server.address() + " can be reached");
            assertThat(server.messages()).isEmpty();
        }
    }

    /// In TLS 1.3 that comes after the handshake.
    @Test
    void syslogServerThatWantsACertificateIsAWarning() throws Exception {
        try (var server = server(ClientAuth.REQUIRE)) {
            Diagnosis diagnosis = only(syslog(server.address()));
            assertThat(diagnosis.outcome()).as(diagnosis.found()).isEqualTo(Outcome.WARNING);
        }
    }

    @Test
    void nobodyAndSilenceAreWarnings() throws Exception {
        assertThat(only(syslog(NOBODY)).found()).contains("127.0.0.1:1: Connection refused");
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Diagnosis diagnosis = only(syslog(new HostPort("localhost", silent.getLocalPort())));
            assertThat(diagnosis.outcome()).isEqualTo(Outcome.WARNING);
            assertThat(diagnosis.found()).contains("timed out");
        }
    }

    @Test
    void kafkaIsAFailureOnlyWhereHitsGoByIt() throws Exception {
        Diagnosis beside = only(examine(null, List.of(NOBODY), Primary.COLLECTOR));
        assertThat(beside.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(beside.found())
                .startsWith("cannot reach topic minewatch-hits of Kafka at 127.0.0.1:1: ");
        Diagnosis instead = only(examine(null, List.of(NOBODY), Primary.KAFKA));
        assertThat(instead.outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void eachOutputIsTold() throws Exception {
        assertThat(explained(examine(NOBODY, List.of(NOBODY), Primary.KAFKA)))
                .extracting(Diagnosis::outcome)
                .containsExactly(Outcome.WARNING, Outcome.FAILURE);
    }

    private List<Diagnosis> syslog(HostPort server) throws Exception {
        return examine(server, List.of(), Primary.COLLECTOR);
    }

    private List<Diagnosis> examine(
            @Nullable HostPort syslog, List<HostPort> kafka, Primary primary) throws Exception {
        PemFiles pem = CA.server("unused").writeTo(folder);
        return OutputCheck.examine(
                new Outputs(
                        primary,
                        new EveConfig(null, 1 << 20, 1),
                        new SyslogConfig(syslog, pem.ca(), null, null, 16),
                        new KafkaConfig(kafka, "minewatch-hits", null, null, null, null)));
    }

    private static SyslogServer server(ClientAuth clients) throws Exception {
        return new SyslogServer(CA.server("localhost"), 0, clients);
    }
}
