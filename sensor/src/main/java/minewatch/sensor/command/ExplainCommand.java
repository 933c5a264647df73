package minewatch.sensor.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.feed.Addresses;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.inspect.Inspector;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.language.InvalidSignaturesException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `minewatch explain`: why did each flow match, or not?
@Command(
        name = "explain",
        description =
                "Says why each flow of a capture matched or did not: messages in order, evidence, weights, what was missing.",
        footer = {
            "",
            "Only flows whose first bytes look like a message of some dialect are looked at.",
            "",
            "Examples:",
            "  minewatch explain a.pcap",
            "  minewatch explain a.pcap --source 10.0.0.7",
            "  minewatch explain a.pcap --flow 3"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
    private static final int MAX_MESSAGES = 10_000;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            description = "A capture, a folder of captures, or - for standard input.")
    private String path = "";

    @Option(
            names = "--source",
            paramLabel = "IP",
            description = "Only flows with this address at either end.")
    private @Nullable String source;

    @Option(
            names = "--flow",
            paramLabel = "N",
            description = "Only the Nth flow looked at, from 1.")
    private @Nullable Integer flow;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "Messages to show of a flow (default: ${DEFAULT-VALUE}).")
    private int messages = 20;

    @Option(
            names = "--signatures",
            paramLabel = "DIR",
            description = "Signature files to use besides the built-in pack; may be repeated.")
    private List<Path> signatures = List.of();

    @Override
    public Integer call() throws IOException, InvalidSignaturesException {
        check(flow == null || flow >= 1, "--flow: " + flow + " (expected: 1 or more)");
        check(
                messages >= 0 && messages <= MAX_MESSAGES,
                "--messages: " + messages + " (expected: 0 to " + MAX_MESSAGES + ")");
        byte[] only = sourceBytes();
        SignaturePack pack = Packs.load(signatures);
        boolean allRead = true;
        for (String file : CaptureFiles.find(List.of(path))) {
            allRead &= explain(file, pack, only, System.out);
        }
        return allRead ? 0 : 1;
    }

    private boolean explain(
            String file, SignaturePack pack, byte @Nullable [] only, PrintStream out) {
        Inspector.Limits limits = Inspector.Limits.fitting(Runtime.getRuntime().maxMemory(), 1);
        Explanation explanation = new Explanation(pack, messages, only, flow == null ? 0 : flow);
        try (Progress progress = Progress.onTerminal(1)) {
            FileScan.Outcome outcome =
                    FileScan.run(file, pack, limits, Worker.NO_INTERVAL, explanation, progress);
            progress.clear();
            out.println(
                    file
                            + ": "
                            + ScanCommand.count(explanation.flows(), "flow")
                            + " looked at, of "
                            + outcome.counters().flows()
                            + " in all");
            explanation.print(out);
            return ScanCommand.readWhole(outcome, progress);
        }
    }

    private byte @Nullable [] sourceBytes() {
        if (source == null) {
            return null;
        }
        try {
            return Addresses.parse(source).toByteArray();
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw e;
            }
            throw new ParameterException(
                    spec.commandLine(), "--source: " + source + " (expected: an IP address)", e);
        }
    }

    private void check(boolean condition, String message) {
        if (!condition && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
