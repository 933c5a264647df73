package minewatch.sensor.doctor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minewatch.sensor.LiveCaptures;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.capture.PcapLive;
import org.jspecify.annotations.Nullable;

/// Whether packets can be had: the right to capture, the library, and the interface or files.
final class CaptureChecks {
    private static final Pattern EFFECTIVE =
            Pattern.compile("^CapEff:\\s*([0-9a-fA-F]{1,16})$", Pattern.MULTILINE);
    private static final Pattern AVAILABLE =
            Pattern.compile("^MemAvailable: +([0-9]{1,15}) kB$", Pattern.MULTILINE);
    private static final int CAP_NET_RAW = 13; // linux/capability.h
    private static final int IFF_UP = 1; // linux/if.h
    private static final long SMALL_RING = 1 << 20; // bytes; a sensor may run beside this
    private static final String FROM_FILES = "not needed: capture.files";
    private static final String GRANT =
            "setpriv --reuid=minewatch-sensor --regid=minewatch-sensor --init-groups"
                    + " --inh-caps=+net_raw --ambient-caps=+net_raw minewatch doctor --config FILE,"
                    + " as root: the rights systemd gives the service (AmbientCapabilities=CAP_NET_RAW)";

    private CaptureChecks() {}

    /// @param capture null without settings
    static List<Diagnosis> capability(Machine machine, SensorConfig.@Nullable Capture capture) {
        if (capture != null && !capture.live()) {
            return List.of(Diagnosis.ok(Check.CAPABILITY, FROM_FILES));
        }
        Optional<Boolean> held =
                machine.read("proc/self/status")
                        .map(EFFECTIVE::matcher)
                        .filter(Matcher::find)
                        .map(line -> Long.parseUnsignedLong(line.group(1), 16))
                        .map(bits -> (bits >> CAP_NET_RAW & 1) != 0);
        if (held.isEmpty()) {
            return List.of(
                    Diagnosis.warning(
                            Check.CAPABILITY,
                            "not told: /proc/self/status has no CapEff",
                            "mount -t proc proc /proc"));
        }
        if (held.get()) {
            return List.of(Diagnosis.ok(Check.CAPABILITY, "CAP_NET_RAW, as " + machine.user()));
        }
        String found = machine.user() + " may not capture: CAP_NET_RAW is missing";
        return List.of(
                capture == null
                        ? Diagnosis.warning(Check.CAPABILITY, found, GRANT)
                        : Diagnosis.failure(Check.CAPABILITY, found, GRANT));
    }

    /// @param capture null without settings
    static List<Diagnosis> libpcap(SensorConfig.@Nullable Capture capture) {
        if (capture != null && !capture.live()) {
            return List.of(Diagnosis.ok(Check.LIBPCAP, FROM_FILES));
        }
        try {
            return List.of(Diagnosis.ok(Check.LIBPCAP, PcapLive.libraryVersion()));
        } catch (IOException e) {
            String remedy = "apt-get install libpcap0.8, or dnf install libpcap";
            String found = "libpcap cannot be loaded";
            boolean needed =
                    capture != null
                            && (capture.backend() == SensorConfig.Backend.PCAP
                                    || capture.filter() != null);
            return List.of(
                    !needed
                            ? Diagnosis.warning(Check.LIBPCAP, found, remedy)
                            : Diagnosis.failure(Check.LIBPCAP, found, remedy));
        }
    }

    /// The interfaces or the files.
    static List<Diagnosis> source(Machine machine, SensorConfig.Capture capture) {
        if (capture.live()) {
            return ring(machine, capture)
                    .map(List::of)
                    .orElseGet(() ->
                            capture.networkInterfaces().stream()
                                    .map(name -> live(machine, name, capture))
                                    .toList());
        }
        List<Diagnosis> unreadable =
                capture.files().stream()
                        .filter(file -> !Files.isReadable(file))
                        .map(file -> unreadable(machine, file))
                        .toList();
        return unreadable.isEmpty()
                ? List.of(
                        Diagnosis.ok(
                                Check.CAPTURE,
                                capture.files().size() + " of capture.files can be read"))
                : unreadable;
    }

    private static Diagnosis unreadable(Machine machine, Path file) {
        return Files.exists(file)
                ? Diagnosis.failure(
                        Check.CAPTURE,
                        "capture.files: " + machine.user() + " may not read " + file,
                        "chmod o+r " + file)
                : Diagnosis.failure(
                        Check.CAPTURE, "capture.files: no such file: " + file, "ls -l " + file);
    }

    /// Empty: it fits, or there is none, or it is not told what is available.
    private static Optional<Diagnosis> ring(Machine machine, SensorConfig.Capture capture) {
        if (capture.backend() == SensorConfig.Backend.PCAP) {
            return Optional.empty();
        }
        return machine.read("proc/meminfo")
                .map(AVAILABLE::matcher)
                .filter(Matcher::find)
                .map(line -> Long.parseLong(line.group(1)) << 10)
                .filter(available -> available < capture.ringBytes())
                .map(available ->
                        Diagnosis.failure(
                                Check.CAPTURE,
                                "capture.ring-bytes: "
                                        + Sizes.text(capture.ringBytes())
                                        + " of memory are wanted, "
                                        + Sizes.text(available)
                                        + " are available",
                                "capture.ring-bytes: " + Sizes.mebi(available / 2) + "MiB"));
    }

    private static Diagnosis live(Machine machine, String name, SensorConfig.Capture capture) {
        String folder = "sys/class/net/" + name + "/";
        Optional<String> flags = machine.read(folder + "flags");
        if (flags.isEmpty()) {
            return Diagnosis.failure(
                    Check.CAPTURE,
                    "capture.interface: there is no " + name,
                    "ip -brief link, and set capture.interface to one of them");
        }
        if ((Long.decode(flags.get()) & IFF_UP) == 0) {
            return Diagnosis.failure(
                    Check.CAPTURE, name + " is down", "ip link set dev " + name + " up");
        }
        if (machine.read(folder + "carrier").filter("0"::equals).isPresent()) {
            return Diagnosis.failure(
                    Check.CAPTURE,
                    name + " has no link: nothing arrives",
                    "ip -brief link show dev " + name + ", and check cable and mirror port");
        }
        try {
            LiveConfig small =
                    new LiveConfig(name, SMALL_RING, 1, List.of(), capture.filter(), false, false);
            LiveCapture opened =
                    new LiveCaptures(capture.backend(), List.of(small)).open(new Nothing());
            opened.close();
            return Diagnosis.ok(
                    Check.CAPTURE,
                    name
                            + " is up and can be captured from by "
                            + (opened instanceof PcapLive ? "libpcap" : "the kernel's ring"));
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            int cause = message.indexOf("; ");
            return Diagnosis.failure(
                    Check.CAPTURE,
                    cause < 0 ? message : message.substring(0, cause),
                    cause < 0 ? "ip -brief link show dev " + name : message.substring(cause + 2));
        }
    }

    private static final class Nothing implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {}

        @Override
        public void onBatchEnd() {}
    }
}
