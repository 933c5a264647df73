package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import minewatch.signatures.Dialect;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.language.InvalidSignaturesException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `minewatch signatures`: the pack.
@Command(
        name = "signatures",
        description = "Shows, checks, tests, times, exports and releases the signature pack.",
        footer = {
            "",
            "Examples:",
            "  minewatch signatures list",
            "  minewatch signatures list --signatures my-signatures/",
            "  minewatch signatures lint my-signatures/",
            "  minewatch signatures test --captures captures/",
            "  minewatch signatures bench",
            "  minewatch signatures export --format suricata",
            "  minewatch signatures keygen --out keys/",
            "  minewatch signatures sign my-signatures/ --key keys/release.key --number 7 --out 7.release",
            "  minewatch signatures verify 7.release --key keys/release.pem"
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SignaturesCommand.ListCommand.class,
            LintCommand.class,
            TestCommand.class,
            BenchCommand.class,
            ExportCommand.class,
            KeygenCommand.class,
            SignCommand.class,
            VerifyCommand.class
        })
public final class SignaturesCommand {
    /// `minewatch signatures list`
    @Command(
            name = "list",
            description = "Lists the dialects in use.",
            footer = {
                "",
                "Examples:",
                "  minewatch signatures list",
                "  minewatch signatures list --signatures my-signatures/"
            },
            mixinStandardHelpOptions = true)
    static final class ListCommand implements Callable<Integer> {
        @Option(
                names = "--signatures",
                paramLabel = "DIR",
                description = "Signature files to use besides the built-in pack; may be repeated.")
        private List<Path> signatures = List.of();

        @Override
        public Integer call() throws IOException, InvalidSignaturesException {
            SignaturePack pack = Packs.load(signatures);
            System.out.printf(
                    Locale.ROOT,
                    "%-22s %8s %8s  %s%n",
                    "SIGNATURE",
                    "REVISION",
                    "MESSAGES",
                    "TITLE");
            for (Dialect dialect : pack.dialects()) {
                System.out.printf(
                        Locale.ROOT,
                        "%-22s %8d %8d  %s%n",
                        dialect.id(),
                        dialect.revision(),
                        dialect.templates().size(),
                        dialect.title().getOrDefault("en", ""));
            }
            return 0;
        }
    }
}
