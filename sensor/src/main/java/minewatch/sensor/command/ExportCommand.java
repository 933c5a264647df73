package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.export.SuricataRules;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.SignatureFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `minewatch signatures export`: the pack in another system's language.
@Command(
        name = "export",
        description =
                "Prints messages of signatures as rules for other systems; what cannot be said"
                        + " there is refused.",
        footer = {
            "",
            "A rule fires for exactly the messages a shape matches, and for no others. Where that"
                    + " cannot be said, the message stands in a comment with the reason. With"
                    + " --supersets a rule may fire a little more often than the shape matches, never"
                    + " less, and a comment says how.",
            "",
            "Examples:",
            "  minewatch signatures export --format suricata > minewatch.rules",
            "  minewatch signatures export --format suricata --supersets stratum-v1 cryptonote",
            "",
            "Exit codes: 0 done, whatever was refused; 2 wrong usage or unusable signatures."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {
    enum Format {
        suricata
    }

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "SIGNATURE",
            arity = "0..*",
            description = "Signatures to export (default: all).")
    private List<String> ids = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "${COMPLETION-CANDIDATES}.")
    private Format format = Format.suricata;

    @Option(
            names = "--signatures",
            paramLabel = "DIR",
            description = "Signature files to use besides the built-in pack; may be repeated.")
    private List<Path> signatures = List.of();

    @Option(
            names = "--supersets",
            description = "Export as well what can only be said a little too widely.")
    private boolean supersets;

    @Override
    public Integer call() throws IOException, InvalidSignaturesException {
        List<SignatureFile> files = SignaturePacks.files(signatures);
        List<String> known = files.stream().map(SignatureFile::id).toList();
        for (String id : ids) {
            if (!known.contains(id) && spec != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "SIGNATURE: %s (expected: one of %s)"
                                .formatted(id, String.join(", ", known)));
            }
        }
        List<SignatureFile> wanted =
                files.stream().filter(file -> ids.isEmpty() || ids.contains(file.id())).toList();
        List<SuricataRules.Exported> exported =
                switch (format) {
                    case suricata -> new SuricataRules(supersets).export(wanted);
                };
        exported.forEach(ExportCommand::print);
        long refused = exported.stream().filter(SuricataRules.Exported::isRefused).count();
        System.err.println(
                ScanCommand.count((int) (exported.size() - refused), "rule")
                        + ", "
                        + ScanCommand.count((int) refused, "message")
                        + " refused: the comments say why");
        return 0;
    }

    private static void print(SuricataRules.Exported exported) {
        if (exported.isRefused()) {
            System.out.println("# refused " + exported.message() + ": " + exported.remark());
            return;
        }
        if (!exported.remark().isEmpty()) {
            System.out.println("# " + exported.message() + " is a " + exported.remark());
        }
        System.out.println(exported.rule());
    }
}
