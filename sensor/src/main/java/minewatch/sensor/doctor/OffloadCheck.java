package minewatch.sensor.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import minewatch.sensor.SensorConfig;

/// Whether the capture sees what was on the wire. Receive offloads merge packets before a capture
/// sees them; segmentation offloads show what this machine sends before it is cut up. Miners are
/// recognised all the same, but counts and sizes of packets are not the wire's.
///
/// Source: ethtool(8), Linux Documentation/networking/segmentation-offloads.rst.
final class OffloadCheck {
    private static final Pattern FEATURE =
            Pattern.compile("^\\s*([a-z-]+): on( \\[fixed\\])?", Pattern.MULTILINE);

    /// Features as `ethtool -k` names them → as `ethtool -K` takes them.
    private static final Map<String, String> HIDING = new LinkedHashMap<>();

    static {
        HIDING.put("generic-receive-offload", "gro");
        HIDING.put("large-receive-offload", "lro");
        HIDING.put("generic-segmentation-offload", "gso");
        HIDING.put("tcp-segmentation-offload", "tso");
    }

    private OffloadCheck() {}

    static List<Diagnosis> examine(Machine machine, SensorConfig.Capture capture)
            throws InterruptedException {
        if (!capture.live()) {
            return List.of(Diagnosis.ok(Check.OFFLOADS, "not needed: capture.files"));
        }
        List<Diagnosis> diagnoses = new ArrayList<>();
        for (String name : capture.networkInterfaces()) {
            diagnoses.add(examine(machine, name));
        }
        return diagnoses.stream().distinct().toList(); // without ethtool all say the same
    }

    private static Diagnosis examine(Machine machine, String name) throws InterruptedException {
        Optional<Machine.Answer> answer = machine.ask("ethtool", "-k", name);
        if (answer.isEmpty()) {
            return Diagnosis.warning(
                    Check.OFFLOADS,
                    "not told: no ethtool that answers",
                    "apt-get install ethtool, or dnf install ethtool");
        }
        if (answer.get().exitCode() != 0) {
            return Diagnosis.warning(
                    Check.OFFLOADS, "not told: ethtool cannot read " + name, "ethtool -k " + name);
        }
        return tell(name, answer.get().out());
    }

    private static Diagnosis tell(String name, String features) {
        List<MatchResult> on =
                FEATURE.matcher(features)
                        .results()
                        .filter(feature -> HIDING.containsKey(feature.group(1)))
                        .toList();
        if (on.isEmpty()) {
            return Diagnosis.ok(Check.OFFLOADS, name + " shows packets as they are on the wire");
        }
        StringBuilder found = new StringBuilder(name + " does not show packets as on the wire:");
        StringBuilder remedy = new StringBuilder();
        for (MatchResult feature : on) {
            boolean fixed = feature.group(2) != null;
            String word = HIDING.get(feature.group(1));
            found.append(' ').append(word).append(fixed ? " (fixed)" : "");
            remedy.append(fixed ? "" : " " + word + " off");
        }
        return Diagnosis.warning(
                Check.OFFLOADS,
                found.toString(),
                remedy.isEmpty()
                        ? "ethtool -i "
                                + name
                                + ": its driver has no switch; take another interface"
                        : "ethtool -K " + name + remedy);
    }
}
