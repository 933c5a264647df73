package minewatch.sensor.doctor;

import static minewatch.sensor.doctor.Patient.explained;
import static minewatch.sensor.doctor.Patient.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import minewatch.sensor.SensorConfig.Backend;
import minewatch.sensor.SensorConfig.Capture;
import minewatch.sensor.SensorConfig.Timestamps;
import minewatch.sensor.doctor.Diagnosis.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CaptureChecksTest {
    private static final Capture ETH1 = capture("eth1");
    private static final String HARMLESS =
            """
            Features for eth1:
            rx-checksumming: on
            tcp-segmentation-offload: off
            \ttx-tcp-segmentation: on
            generic-segmentation-offload: off [requested on]
            generic-receive-offload: off
            large-receive-offload: off [fixed]
            rx-gro-hw: off
            """;

    @TempDir Path folder = Path.of(".");
    private Patient patient;

    @BeforeEach
    void machine() throws IOException {
        patient = new Patient(folder.resolve("root"));
    }

    @Test
    void captureRightIsReadFromTheEffectiveSet() throws Exception {
        Diagnosis held = only(CaptureChecks.capability(patient.machine(), ETH1));
        assertThat(held.outcome()).isEqualTo(Outcome.OK);

        patient.capabilities("00000000ffffdfff"); // all of the low ones but this
        Diagnosis missing = only(CaptureChecks.capability(patient.machine(), ETH1));
        assertThat(missing.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(missing.remedy()).startsWith("setpriv ").contains("AmbientCapabilities");

        patient.write("proc/self/status", "Name: java\n");
        assertThat(only(CaptureChecks.capability(patient.machine(), ETH1)).found())
                .startsWith("not told");
    }

    @Test
    void withoutSettingsAMissingRightIsAWarning() throws Exception {
        patient.capabilities("0000000000000000");
        assertThat(only(CaptureChecks.capability(patient.machine(), null)).outcome())
                .isEqualTo(Outcome.WARNING);
    }

    @Test
    void filesNeedNeitherRightNorLibraryNorInterface() throws Exception {
        Path file = patient.write("a.pcap", "");
        Capture files = capture(List.of(file));
        patient.capabilities("0000000000000000");
        Machine machine = patient.machine();
        assertThat(only(CaptureChecks.capability(machine, files)).outcome()).isEqualTo(Outcome.OK);
        assertThat(only(CaptureChecks.libpcap(files)).outcome()).isEqualTo(Outcome.OK);
        assertThat(only(CaptureChecks.source(machine, files)).outcome()).isEqualTo(Outcome.OK);
        assertThat(only(OffloadCheck.examine(machine, files)).outcome()).isEqualTo(Outcome.OK);

        Files.delete(file);
        Diagnosis absent = only(CaptureChecks.source(machine, files));
        assertThat(absent.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(absent.found()).contains("no such file: " + file);
    }

    @Test
    void interfaceThatIsAbsentDownOrUnpluggedIsToldAsSuch() throws Exception {
        Capture absent = capture("eth9");
        assertThat(only(CaptureChecks.source(patient.machine(), absent)).found())
                .isEqualTo("capture.interface: there is no eth9");

        patient.networkInterface("eth1", "0x1002", "1");
        Diagnosis down = only(CaptureChecks.source(patient.machine(), ETH1));
        assertThat(down.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(down.remedy()).isEqualTo("ip link set dev eth1 up");

        patient.networkInterface("eth1", "0x1003", "0");
        assertThat(only(CaptureChecks.source(patient.machine(), ETH1)).found())
                .contains("has no link");
    }

    @Test
    void eachOfSeveralInterfacesIsLookedAt() throws Exception {
        patient.networkInterface("eth1", "0x1002", "1");

        Capture tap = capture("eth1", "eth9");
        assertThat(CaptureChecks.source(patient.machine(), tap))
                .extracting(Diagnosis::found)
                .containsExactly("eth1 is down", "capture.interface: there is no eth9");
    }

    @Test
    void interfaceThatCannotBeOpenedIsAFailureWithARemedy() throws Exception {
        patient.networkInterface("no-such-if", "0x1003", "1"); // the kernel has none
        Capture capture = capture("no-such-if");
        Diagnosis diagnosis = only(CaptureChecks.source(patient.machine(), capture));
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(diagnosis.found()).startsWith("cannot open no-such-if: ");
        assertThat(diagnosis.remedy()).isNotBlank();
    }

    @Test
    void ringThatIsMoreThanTheMemoryIsAFailureWithARemedy() throws Exception {
        patient.write("proc/meminfo", "MemTotal: 9000000 kB\nMemAvailable:     204800 kB\n");
        Diagnosis diagnosis = only(CaptureChecks.source(patient.machine(), ETH1));
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(diagnosis.found())
                .isEqualTo(
                        "capture.ring-bytes: 256 MiB of memory are wanted, 200 MiB are available");
        assertThat(diagnosis.remedy()).isEqualTo("capture.ring-bytes: 100MiB");
    }

    @Test
    void filterThatDoesNotCompileIsAFailureWithARemedy() throws Exception {
        assumeTrue(
                only(CaptureChecks.capability(Machine.here(), ETH1)).outcome() == Outcome.OK,
                "the right to capture");
        patient.networkInterface("lo", "0x49", "1");
        Capture capture =
                new Capture(
                        List.of(),
                        List.of("lo"),
                        Backend.AF_PACKET,
                        1 << 20,
                        1,
                        List.of(),
                        "tcp prot 3333",
                        true,
                        Timestamps.SOFTWARE);
        Diagnosis diagnosis = only(CaptureChecks.source(patient.machine(), capture));
        assertThat(diagnosis.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(diagnosis.remedy()).isEqualTo("write it as pcap-filter(7) says");
    }

    @Test
    void loopbackOfThisMachineCanBeCapturedFrom() throws Exception {
        Machine here = Machine.here();
        Capture loopback = capture("lo");
        List<Diagnosis> rights = CaptureChecks.capability(here, loopback);
        assumeTrue(rights.getFirst().outcome() == Outcome.OK, "the right to capture");
        assumeTrue(Files.exists(Path.of("/sys/class/net/lo/flags")), "sysfs");
        Diagnosis library = only(CaptureChecks.libpcap(loopback));
        assertThat(library.found()).startsWith("libpcap version ");
        assertThat(only(CaptureChecks.source(here, loopback)).found())
                .isEqualTo("lo is up and can be captured from by the kernel's ring");
    }

    @Test
    void offloadsThatHidePacketsAreNamedAndSwitchedOff() throws Exception {
        patient.tool("ethtool", "cat <<'END'\n" + HARMLESS + "END");
        assertThat(only(OffloadCheck.examine(patient.machine(), ETH1)).outcome())
                .isEqualTo(Outcome.OK);

        patient.tool(
                "ethtool",
                "cat <<'END'\n"
                        + HARMLESS.replaceAll(
                                "(?m)(segment.*|receive)-offload: off", "$1-offload: on")
                        + "END");
        Diagnosis hidden = only(OffloadCheck.examine(patient.machine(), ETH1));
        assertThat(hidden.outcome()).isEqualTo(Outcome.WARNING);
        assertThat(hidden.found()).endsWith(": tso gso gro lro (fixed)");
        assertThat(hidden.remedy()).isEqualTo("ethtool -K eth1 tso off gso off gro off");
    }

    @Test
    void offloadWithoutASwitchIsNoCommandThatFails() throws Exception {
        patient.tool("ethtool", "echo 'large-receive-offload: on [fixed]'");
        assertThat(only(OffloadCheck.examine(patient.machine(), ETH1)).remedy())
                .startsWith("ethtool -i eth1");
    }

    @Test
    void whatEthtoolDoesNotSayIsNotToldInBoundedTime() throws Exception {
        patient.tool("ethtool", "echo 'netlink error: Operation not permitted' >&2; exit 1");
        assertThat(only(OffloadCheck.examine(patient.machine(), ETH1)).found())
                .isEqualTo("not told: ethtool cannot read eth1");

        patient.tool("ethtool", "exec sleep 600");
        long before = System.nanoTime();
        assertThat(only(OffloadCheck.examine(patient.machine(), ETH1)).outcome())
                .isEqualTo(Outcome.WARNING);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));

        patient.withoutTool("ethtool");
        Diagnosis absent = only(OffloadCheck.examine(patient.machine(), ETH1));
        assertThat(absent.found()).startsWith("not told");
        assertThat(OffloadCheck.examine(patient.machine(), capture("eth1", "eth2")))
                .containsExactly(absent);
        assertThat(explained(List.of(absent)).getFirst().remedy()).contains("install ethtool");
    }

    private static Capture capture(String... networkInterfaces) {
        return capture(List.of(), networkInterfaces);
    }

    private static Capture capture(List<Path> files, String... networkInterfaces) {
        return new Capture(
                files,
                List.of(networkInterfaces),
                Backend.AUTO,
                256 << 20,
                1,
                List.of(),
                null,
                true,
                Timestamps.SOFTWARE);
    }
}
