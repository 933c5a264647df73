package minewatch.sensor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import minewatch.config.ConfigException;
import minewatch.sensor.command.DoctorCommand;
import minewatch.sensor.command.ExplainCommand;
import minewatch.sensor.command.ScanCommand;
import minewatch.sensor.command.SensorCommand;
import minewatch.sensor.command.SignaturesCommand;
import minewatch.sensor.workbench.InvalidLabelsException;
import minewatch.signatures.language.InvalidSignaturesException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Command line of the sensor.
@Command(
        name = "minewatch",
        description =
                "Tells from a network tap which enterprise mines cryptocurrency, how much, and on"
                        + " what evidence.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ScanCommand.class,
            ExplainCommand.class,
            SignaturesCommand.class,
            SensorCommand.class,
            DoctorCommand.class
        })
public final class Main {
    /// Exit code for wrong usage or configuration; nothing was started.
    static final int USAGE = 2;

    /// Exit code for a bug.
    static final int INTERNAL = 3;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /// Runs one command to its end.
    ///
    /// @return the exit code, 0 to 3
    public static int run(String... args) {
        return commandLine().execute(args);
    }

    /// The commands of the sensor, for whoever runs or lists them.
    public static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, _, _) -> report(failure));
    }

    private static int report(Exception failure) {
        return switch (failure) {
            case ConfigException e -> fail(USAGE, String.valueOf(e.getMessage()));
            case InvalidSignaturesException e -> fail(USAGE, String.valueOf(e.getMessage()));
            case InvalidLabelsException e -> fail(USAGE, String.valueOf(e.getMessage()));
            case AccessDeniedException e -> fail(USAGE, e.getMessage() + ": permission denied");
            case NoSuchFileException e -> fail(USAGE, e.getMessage() + ": no such file or folder");
            case IOException e -> fail(USAGE, String.valueOf(e.getMessage()));
            default -> fail(INTERNAL, "internal failure: " + failure + " at " + place(failure));
        };
    }

    private static String place(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "an unknown place" : trace[0].toString();
    }

    private static int fail(int code, String message) {
        System.err.println(message);
        return code;
    }
}
