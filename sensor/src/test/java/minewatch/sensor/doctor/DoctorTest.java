package minewatch.sensor.doctor;

import static minewatch.sensor.doctor.Patient.explained;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import minewatch.sensor.CommandRun;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.doctor.Diagnosis.Outcome;
import minewatch.sensor.uplink.TestCollector;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole examination, and the command.
@Timeout(60)
class DoctorTest {

    @TempDir Path folder = Path.of(".");
    private final Instant nextYear = Instant.now().plus(Duration.ofDays(365));
    private final ThrowAwayCa ca = ThrowAwayCa.named("minewatch test", nextYear);

    @Test
    void machineThatWorksPassesEveryCheckInOrder() throws Exception {
        Patient patient = new Patient(folder.resolve("root"));
        Path config = config("127.0.0.1:1");
        try (var collector = collector()) {
            config = config(collector.address().toString());
            List<Diagnosis> diagnoses =
                    explained(new Doctor(patient.machine()).examine(SensorConfig.load(config)));
            assertThat(diagnoses).extracting(Diagnosis::check).containsExactly(Check.values());
            assertThat(diagnoses).extracting(Diagnosis::outcome).containsOnly(Outcome.OK);
        }
    }

    @Test
    void commandExitsZeroAndPrintsALineForEachCheck() throws Exception {
        try (var collector = collector()) {
            String config = config(collector.address().toString()).toString();
            CommandRun run = CommandRun.of("doctor", "--config", config);
            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(run.out().lines().filter(line -> !line.startsWith(" ")))
                    .allMatch(line -> line.matches("(ok|warning) +[a-z]+ +.*"));
            for (Check check : Check.values()) {
                assertThat(run.out()).containsPattern("(?m)^(ok|warning) +" + check.word() + " ");
            }
            assertThat(run.out()).doesNotContain("\u001b");
        }
    }

    @Test
    void somethingThatStopsTheJobExitsWithOneAndItsRemedy() throws Exception {
        Path config = config("127.0.0.1:1");
        Files.delete(folder.resolve("sensor/key.pem"));
        CommandRun run = CommandRun.of("doctor", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern(
                        "(?m)^failure +certificates +uplink.key: no such file: .*/key.pem$")
                .contains("→ minewatch collector enrol --sensor s-1");
        assertThat(run.err()).startsWith("2 failures, ");
    }

    @Test
    void jsonIsOneObjectWithTheDocumentedFields() throws Exception {
        Path config = config("127.0.0.1:1");
        CommandRun run = CommandRun.of("doctor", "--format", "json", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).hasLineCount(1);
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.get("schema").asText()).isEqualTo("minewatch.doctor/1");
        assertThat(report.get("outcome").asText()).isEqualTo("failure");
        JsonNode collector = report.get("checks").get(report.get("checks").size() - 2);
        assertThat(collector.get("check").asText()).isEqualTo("collector");
        assertThat(collector.get("found").asText()).contains("connection refused");
        assertThat(collector.get("remedy").asText()).startsWith("nc -vz 127.0.0.1 1 ");
        report.fieldNames()
                .forEachRemaining(field -> assertThat(page()).contains("\n| `" + field + "` |"));
        collector
                .fieldNames()
                .forEachRemaining(
                        field -> assertThat(page()).contains("\n| `checks[]." + field + "` |"));
    }

    @Test
    void withoutSettingsItLooksAtWhatNeedsNoneAndSaysSo() {
        CommandRun run = CommandRun.of("doctor");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("java").doesNotContain("collector ").doesNotContain("spool");
        assertThat(run.err())
                .endsWith(
                        "capture, offloads, spool, certificates, collector and outputs need --config FILE\n");
    }

    @Test
    void wrongSettingsAndWrongUsageExitWithTwo() throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "sensor: {id: S 1}\n");
        CommandRun run = CommandRun.of("doctor", "--config", wrong.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("wrong.yaml:1: sensor.id: S 1 (expected: ");
        assertThat(CommandRun.of("doctor", "--config", folder + "/none").exitCode()).isEqualTo(2);
        assertThat(CommandRun.of("doctor", "--format", "xml").exitCode()).isEqualTo(2);
    }

    @Test
    void checkThatHangsIsGivenUpAndTheOthersAreTold() throws Exception {
        Patient patient = new Patient(folder.resolve("root"));
        Map<Check, Examination> checks = new EnumMap<>(Check.class);
        checks.put(
                Check.SPOOL,
                () -> {
                    new CountDownLatch(1).await();
                    return List.of();
                });
        checks.put(Check.JAVA, () -> JavaChecks.java(patient.machine()));
        List<Diagnosis> diagnoses =
                new Doctor(patient.machine(), Duration.ofMillis(200)).run(checks);
        assertThat(diagnoses).extracting(Diagnosis::check).containsExactly(Check.JAVA, Check.SPOOL);
        assertThat(diagnoses.getLast().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(diagnoses.getLast().found()).startsWith("no answer within ");
    }

    @Test
    void everyCheckAndEveryOptionIsOnThePage() {
        for (Check check : Check.values()) {
            assertThat(page()).contains("\n| `" + check.word() + "` | ok | ");
        }
        assertThat(page().lines().filter(line -> line.startsWith("| `--")))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("| `--config` | none |"))
                .anyMatch(line -> line.startsWith("| `--format` | `table` |"));
    }

    private static String page() {
        try {
            return Patient.page();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private TestCollector collector() throws Exception {
        var own = ca.server(nextYear, "127.0.0.1").writeTo(folder.resolve("server"));
        return new TestCollector(new TestCollector.Store(), ca, own, 0);
    }

    /// Reads a file, so that it works where nothing may be captured.
    private Path config(String collector) throws Exception {
        var own = ca.sensor(nextYear, "s-1").writeTo(folder.resolve("sensor"));
        Files.setPosixFilePermissions(own.key(), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("a.pcap"), "");
        return Files.writeString(
                folder.resolve("s.yaml"),
                """
                sensor: {id: s-1}
                capture: {files: [a.pcap]}
                spool: {directory: spool, max-bytes: 1MiB, segment-bytes: 64KiB}
                uplink:
                  collector: "%s"
                  ca: sensor/ca.pem
                  certificate: sensor/certificate.pem
                  key: sensor/key.pem
                """
                        .formatted(collector));
    }
}
