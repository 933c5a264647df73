package minewatch.sensor.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.workbench.MessageSample;
import minewatch.sensor.workbench.Stopwatch;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.SignatureFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `minewatch signatures bench`: what does each signature cost?
@Command(
        name = "bench",
        description = "Times each signature: nanoseconds a message, and a packet of the captures.",
        footer = {
            "",
            "Without PATH the messages are the examples of all signatures. With it they are all"
                    + " that the sensor cuts out of these captures, at most 200,000.",
            "Each figure is a median of rounds after a warm-up; parsing is timed apart. It is an"
                    + " indication from one machine: compare figures of one run. For figures to build"
                    + " on there is JMH in bench/.",
            "",
            "Examples:",
            "  minewatch signatures bench",
            "  minewatch signatures bench captures/ --signatures my-signatures/",
            "  minewatch signatures bench a.pcap --format json",
            "",
            "Exit codes: 0 done; 1 done, but some capture was unreadable; 2 wrong usage or no"
                    + " messages."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {
    enum Format {
        table,
        json
    }

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "Captures or folders of them (default: the signatures' examples).")
    private List<String> paths = List.of();

    @Option(
            names = "--signatures",
            paramLabel = "DIR",
            description =
                    "Signature files (or folders of them) to use besides the built-in pack; may be"
                            + " repeated.")
    private List<Path> signatures = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds, 3 to 101, odd (default: ${DEFAULT-VALUE}).")
    private int rounds = 11;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Override
    public Integer call() throws IOException, InterruptedException, InvalidSignaturesException {
        check(
                rounds >= 3 && rounds <= 101 && rounds % 2 == 1,
                "--rounds: " + rounds + " (expected: 3 to 101, odd)");
        List<SignatureFile> files = SignaturePacks.files(signatures);
        MessageSample sample = new MessageSample();
        boolean allRead = true;
        if (paths.isEmpty()) {
            sample = MessageSample.ofExamples(files);
        } else {
            allRead = read(sample);
        }
        check(
                !sample.messages().isEmpty(),
                "PATH: no messages (expected: captures with flows that look like mining)");
        List<Stopwatch.Timing> timings = Stopwatch.time(files, sample.messages(), rounds);
        if (format == Format.json) {
            printJson(timings, sample);
        } else {
            printTable(timings, sample);
        }
        return allRead ? 0 : 1;
    }

    private boolean read(MessageSample sample)
            throws IOException, InterruptedException, InvalidSignaturesException {
        List<String> captures = CaptureFiles.find(paths);
        boolean[] allRead = {true};
        try (Progress progress = Progress.onTerminal(captures.size())) {
            Scans.run(
                    captures,
                    sample.recording(Packs.load(signatures)),
                    1,
                    Worker.NO_INTERVAL,
                    progress,
                    outcome -> {
                        sample.addPackets(outcome.capture().packets());
                        allRead[0] &= ScanCommand.readWhole(outcome, progress);
                    });
        }
        return allRead[0];
    }

    private void printTable(List<Stopwatch.Timing> timings, MessageSample sample) {
        System.out.printf(
                Locale.ROOT,
                "%-22s %8s %11s %10s %7s%n",
                "SIGNATURE",
                "MATCHED",
                "NS/MESSAGE",
                "NS/PACKET",
                "±");
        for (Stopwatch.Timing timing : timings) {
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %8d %11.1f %10s %6.1f%%%n",
                    timing.signature(),
                    timing.matched(),
                    timing.nanosPerMessage(),
                    sample.packets() == 0
                            ? "-"
                            : String.format(Locale.ROOT, "%.2f", perPacket(timing, sample)),
                    timing.spread() * 100);
        }
        System.err.println(
                ScanCommand.count(sample.messages().size(), "message")
                        + (sample.packets() == 0
                                ? " (examples)"
                                : " of " + sample.packets() + " packets")
                        + ", median of "
                        + rounds
                        + " rounds; an indication only, see bench/ for JMH");
    }

    private void printJson(List<Stopwatch.Timing> timings, MessageSample sample)
            throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode report = mapper.createObjectNode();
        report.put("schema", "minewatch.signature-bench/1");
        report.put("messages", sample.messages().size());
        report.put("rounds", rounds);
        if (sample.packets() > 0) {
            report.put("packets", sample.packets());
        }
        ArrayNode rows = report.putArray("signatures");
        for (Stopwatch.Timing timing : timings) {
            ObjectNode row = rows.addObject();
            row.put("id", timing.signature());
            row.put("matched", timing.matched());
            row.put("nanos_per_message", timing.nanosPerMessage());
            if (sample.packets() > 0) {
                row.put("nanos_per_packet", perPacket(timing, sample));
            }
            row.put("spread", timing.spread());
        }
        System.out.println(mapper.writeValueAsString(report));
    }

    private static double perPacket(Stopwatch.Timing timing, MessageSample sample) {
        return timing.nanosPerMessage() * sample.messages().size() / sample.packets();
    }

    private void check(boolean condition, String message) {
        if (!condition && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
