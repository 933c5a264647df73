package minewatch.sensor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import minewatch.config.ConfigException;
import minewatch.sensor.command.DoctorCommand;
import minewatch.sensor.command.ExplainCommand;
import minewatch.sensor.command.ScanCommand;
import minewatch.sensor.command.SensorCommand;
import minewatch.sensor.command.SignaturesCommand;
import minewatch.sensor.inspect.Faults;
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
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private static final List<Class<?>> COMMANDS =
            List.of(
                    ScanCommand.class,
                    ExplainCommand.class,
                    SignaturesCommand.class,
                    SensorCommand.class,
                    DoctorCommand.class);

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
        return commandLine(askedFor(args)).execute(args);
    }

    /// The commands of the sensor, for whoever lists them.
    public static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        CommandLine line = new CommandLine(new Main());
        commands.forEach(line::addSubcommand);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler((failure, _, _) -> report(failure));
    }

    /// The one command that is asked for: to read what all say of their options takes a large part
    /// of a short scan. All of them where it is none of them.
    private static List<Class<?>> askedFor(String[] args) {
        for (Class<?> command : COMMANDS) {
            if (args.length > 0 && args[0].equals(name(command))) {
                return List.of(command);
            }
        }
        return COMMANDS;
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static int report(Exception failure) {
        return switch (failure) {
            case ConfigException e -> fail(USAGE, String.valueOf(e.getMessage()));
            case InvalidSignaturesException e -> fail(USAGE, String.valueOf(e.getMessage()));
            case InvalidLabelsException e -> fail(USAGE, String.valueOf(e.getMessage()));
            case AccessDeniedException e -> fail(USAGE, e.getMessage() + ": permission denied");
            case NoSuchFileException e -> fail(USAGE, e.getMessage() + ": no such file or folder");
            case IOException e -> fail(USAGE, String.valueOf(e.getMessage()));
            default -> fail(INTERNAL, "internal failure: " + Faults.describe(failure));
        };
    }

    private static int fail(int code, String message) {
        System.err.println(message);
        return code;
    }
}
