package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.Examples;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.language.Problem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `minewatch signatures lint`: can these files be used?
@Command(
        name = "lint",
        description =
                "Checks signature files and endpoint lists: language, bounds, and every example.",
        footer = {
            "",
            "Examples:",
            "  minewatch signatures lint",
            "  minewatch signatures lint my-signatures/",
            "  minewatch signatures lint my-signatures/dig.yaml --watch",
            "",
            "Exit codes: 0 all good; 1 problems were found; 2 wrong usage."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LintCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description =
                    "Signature files or endpoint lists, or folders of them (default: the built-in"
                            + " pack).")
    private List<Path> directories = List.of();

    @Option(
            names = "--watch",
            description = "Check again whenever one of the files changes, until Ctrl-C.")
    private boolean watch;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!watch) {
            List<String> problems = problems();
            problems.forEach(System.err::println);
            return problems.isEmpty() ? 0 : 1;
        }
        if (directories.isEmpty() && spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "--watch: nothing to watch (expected: with DIR)");
        }
        Watch.untilInterrupted(directories, this::tell);
        return 0;
    }

    private void tell() throws IOException {
        List<String> problems = problems();
        problems.forEach(System.err::println);
        System.out.println(
                problems.isEmpty() ? "no problems" : ScanCommand.count(problems.size(), "problem"));
    }

    private List<String> problems() throws IOException {
        try {
            SignaturePacks.endpoints(directories);
            return SignaturePacks.files(directories).stream()
                    .flatMap(file -> Examples.failures(file).stream())
                    .map(Problem::toString)
                    .toList();
        } catch (InvalidSignaturesException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
