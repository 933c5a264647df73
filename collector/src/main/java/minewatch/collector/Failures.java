package minewatch.collector;

import java.io.IOException;
import java.io.PrintWriter;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.report.LedgerUnavailableException;
import minewatch.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What a failed command tells its user: what is wrong and what to do, never a stack trace.
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static int exitCode(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        LOG.debug("command failed", failure);
        if (failure instanceof RegistryException refused) {
            refused.problems().forEach(err::println);
            err.println(
                    "minewatch: nothing was imported: " + refused.problems().size() + " problems");
            return Main.BAD_INPUT;
        }
        if (failure instanceof ConfigException wrong) {
            err.println(wrong.getMessage());
            return Main.USAGE;
        }
        if (failure instanceof IOException || failure instanceof LedgerUnavailableException) {
            err.println("minewatch: " + describe(failure));
            return Main.USAGE;
        }
        err.println("minewatch: internal failure: " + failure + "; please report it");
        return Main.BUG;
    }

    static int usage(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println("minewatch: " + wrong.getMessage());
        err.println(
                "Try: " + wrong.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help");
        return Main.USAGE;
    }

    /// Java says nothing but the name where a file is missing or closed to us.
    private static String describe(Exception failure) {
        return switch (failure) {
            case java.nio.file.NoSuchFileException missing -> missing.getFile() + ": no such file";
            case java.nio.file.AccessDeniedException denied ->
                    denied.getFile() + ": permission denied";
            case java.nio.file.FileAlreadyExistsException exists ->
                    exists.getFile() + ": is there already; move it away first";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
