package minewatch.sensor.doctor;

import static minewatch.sensor.doctor.Patient.explained;
import static minewatch.sensor.doctor.Patient.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import minewatch.config.HostPort;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.doctor.Diagnosis.Outcome;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolConfig;
import minewatch.sensor.spool.SpoolFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Java, memory, spool and clock.
@Timeout(30)
class MachineChecksTest {
    private static final long MEBI = 1 << 20;

    @TempDir Path folder = Path.of(".");
    private Patient patient;

    @BeforeEach
    void machine() throws IOException {
        patient = new Patient(folder.resolve("root"));
    }

    @Test
    void oneProcessorIsAWarning() throws Exception {
        assertThat(only(JavaChecks.java(patient.machine())).outcome()).isEqualTo(Outcome.OK);
        Diagnosis one = only(JavaChecks.java(patient.machine(1, 1 << 30, 1 << 28)));
        assertThat(one.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(one.found()).startsWith("Java 25");
    }

    @Test
    void thisMachineTellsItsProcessorsAndMemory() {
        Machine here = Machine.here();
        assertThat(here.processors()).isPositive();
        assertThat(here.memoryBytes()).isGreaterThanOrEqualTo(here.heapBytes());
        assertThat(here.user()).isNotBlank();
    }

    @Test
    void heapAndFlowTableMustFitTheMemory() throws Exception {
        SensorConfig config = config("flow: {capacity: 8388608}"); // 1 GiB
        assertThat(memory(config, 8 << 10, 512).outcome()).isEqualTo(Outcome.OK);
        Diagnosis tight = memory(config, 1800, 512);
        assertThat(tight.outcome()).isEqualTo(Outcome.WARNING);
        Diagnosis over = memory(config, 1024, 512);
        assertThat(over.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(over.remedy())
                .isEqualTo("MINEWATCH_JAVA_OPTS=-Xmx512m, and flow.capacity: 2064888");
        // The remedy cures it.
        assertThat(memory(config("flow: {capacity: 2064888}"), 1024, 512).outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void heapAloneIsJudgedWithoutSettings() throws Exception {
        assertThat(only(JavaChecks.heap(patient.machine())).outcome()).isEqualTo(Outcome.OK);
        assertThat(only(JavaChecks.heap(patient.machine(4, 256 * MEBI, 512 * MEBI))).outcome())
                .isEqualTo(Outcome.FAILURE);
    }

    @Test
    void sessionsThatDoNotFitTheHeapAreAWarning() throws Exception {
        List<Diagnosis> diagnoses =
                explained(
                        JavaChecks.memory(
                                patient.machine(), config("inspect: {max-sessions: 131072}")));
        assertThat(diagnoses)
                .extracting(Diagnosis::outcome)
                .containsExactly(Outcome.OK, Outcome.WARNING);
        assertThat(diagnoses.getLast().remedy())
                .isEqualTo("MINEWATCH_JAVA_OPTS=-Xmx2304m, or inspect.max-sessions: 29127");
    }

    private Diagnosis memory(SensorConfig config, long memoryMebi, long heapMebi)
            throws IOException {
        return only(
                JavaChecks.memory(patient.machine(4, memoryMebi * MEBI, heapMebi * MEBI), config));
    }

    @Test
    void spoolThatIsAbsentIsMadeAtTheStart() throws Exception {
        Path directory = folder.resolve("new/spool");
        Diagnosis diagnosis = spool(directory, MEBI);
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.OK);
        assertThat(diagnosis.found()).startsWith(directory + " is made at the start; ");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void spoolOfARunningSensorIsInUseAndNotDisturbed() throws Exception {
        Path directory = folder.resolve("spool");
        try (Spool spool = SpoolFixture.open(directory)) {
            SpoolFixture.append(spool, 1, 3, 10);
            Diagnosis diagnosis = spool(directory, MEBI);
            assertThat(diagnosis.outcome()).isEqualTo(Outcome.OK);
            assertThat(diagnosis.found()).contains(" is in use: a sensor runs");
            SpoolFixture.append(spool, 4, 5, 10);
            assertThat(spool.waitingBatches()).isEqualTo(5);
        }
        assertThat(spool(directory, MEBI).found()).contains(" can be written and is free");
        try (Spool spool = SpoolFixture.open(directory)) {
            assertThat(spool.waitingBatches()).isEqualTo(5);
        }
    }

    @Test
    void spoolInAReadOnlyPlaceIsAFailure() throws Exception {
        // Nobody may make files here, root neither.
        Path directory = Path.of("/proc/minewatch-spool");
        Diagnosis absent = spool(directory, MEBI);
        assertThat(absent.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(absent.remedy()).startsWith("install -d -m 700 -o doctor " + directory);
        assertThat(spool(Path.of("/proc"), MEBI).found())
                .isEqualTo("doctor may not write to /proc");
    }

    @Test
    void spoolOfAnotherUserIsAFailure() throws Exception {
        Path directory = folder.resolve("other");
        SpoolFixture.open(directory).close();
        Files.setPosixFilePermissions(
                directory.resolve("lock"), PosixFilePermissions.fromString("---------"));
        assumeTrue(!Files.isWritable(directory.resolve("lock")), "not as root, who may all");
        assertThat(spool(directory, MEBI).found()).contains("has files doctor may not write");
    }

    @Test
    void spoolThatIsAFileIsAFailure() throws Exception {
        Path file = Files.writeString(folder.resolve("spool"), "");
        assertThat(spool(file, MEBI).found()).isEqualTo(file + " is not a folder");
    }

    @Test
    void diskWithLessRoomThanTheSpoolMayTakeIsAWarning() throws Exception {
        long disk = Files.getFileStore(folder).getTotalSpace();
        Diagnosis diagnosis = spool(folder, disk * 2);
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(diagnosis.remedy()).contains("set spool.max-bytes: ");
        SpoolConfig large = new SpoolConfig(folder, disk * 4, disk * 2);
        assertThat(only(SpoolCheck.examine(patient.machine(), large)).outcome())
                .isEqualTo(Outcome.FAILURE);
    }

    private Diagnosis spool(Path directory, long maxBytes) throws IOException {
        return only(
                SpoolCheck.examine(
                        patient.machine(), new SpoolConfig(directory, maxBytes, 64 << 10)));
    }

    @Test
    void clockIsJudgedByWhatTimedatectlSays() throws Exception {
        assertThat(only(ClockCheck.examine(patient.machine(), null)).outcome())
                .isEqualTo(Outcome.OK);
        patient.tool("timedatectl", "echo no");
        Diagnosis no = only(ClockCheck.examine(patient.machine(), null));
        assertThat(no.outcome()).isEqualTo(Outcome.WARNING);
        patient.tool("timedatectl", "echo 'System has not been booted with systemd'; exit 1");
        assertThat(only(ClockCheck.examine(patient.machine(), null)).found())
                .startsWith("not told");
        patient.write("run/systemd/timesync/synchronized", "");
        assertThat(only(ClockCheck.examine(patient.machine(), null)).outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void timeServerThatDoesNotAnswerIsAWarning() throws Exception {
        try (DatagramChannel silent = DatagramChannel.open()) {
            silent.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((java.net.InetSocketAddress) silent.getLocalAddress()).getPort();
            List<Diagnosis> diagnoses =
                    explained(
                            ClockCheck.examine(patient.machine(), new HostPort("127.0.0.1", port)));
            assertThat(diagnoses).hasSize(2);
            assertThat(diagnoses.getLast().outcome()).isEqualTo(Outcome.WARNING);
            assertThat(diagnoses.getLast().remedy()).contains("clock.ntp-server");
        }
    }

    private SensorConfig config(String more) throws Exception {
        return SensorConfig.load(
                Files.writeString(
                        folder.resolve("s.yaml"),
                        "sensor: {id: s-1}\ncapture: {interface: eth1}\n"
                                + "uplink: {collector: \"127.0.0.1:1\"}\n"
                                + more
                                + "\n"));
    }
}
