package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import minewatch.signatures.Dialect;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.Examples;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `minewatch signatures`: the pack.
@Command(
        name = "signatures",
        description = "Shows and checks the signature pack.",
        footer = {
            "",
            "Examples:",
            "  minewatch signatures list",
            "  minewatch signatures list --signatures my-signatures/",
            "  minewatch signatures lint my-signatures/"
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SignaturesCommand.ListCommand.class, SignaturesCommand.LintCommand.class})
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

    /// `minewatch signatures lint`
    @Command(
            name = "lint",
            description =
                    "Checks signature files and endpoint lists: language, bounds, and every example.",
            footer = {
                "",
                "Examples:",
                "  minewatch signatures lint",
                "  minewatch signatures lint my-signatures/",
                "",
                "Exit codes: 0 all good; 1 problems were found; 2 wrong usage."
            },
            mixinStandardHelpOptions = true)
    static final class LintCommand implements Callable<Integer> {
        @Parameters(
                paramLabel = "DIR",
                arity = "0..*",
                description = "Folders of signature files (default: the built-in pack).")
        private List<Path> directories = List.of();

        @Override
        public Integer call() throws IOException {
            List<String> problems = lint(directories);
            problems.forEach(System.err::println);
            return problems.isEmpty() ? 0 : 1;
        }

        private static List<String> lint(List<Path> folders) throws IOException {
            try {
                SignaturePacks.endpoints(folders);
                return SignaturePacks.files(folders).stream()
                        .flatMap(file -> Examples.failures(file).stream())
                        .map(Problem::toString)
                        .toList();
            } catch (InvalidSignaturesException e) {
                return e.problems().stream().map(Problem::toString).toList();
            }
        }
    }
}
