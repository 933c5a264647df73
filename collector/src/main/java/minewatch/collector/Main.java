package minewatch.collector;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The commands of the collector. Results go to standard output, everything else to standard error.
///
/// Exit codes: 0 done; 1 done, but some input was refused; 2 wrong usage or configuration, nothing
/// was started; 3 a bug.
public final class Main {
    static final int DONE = 0;
    static final int BAD_INPUT = 1;
    static final int USAGE = 2;
    static final int BUG = 3;

    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /// The commands of the collector, for whoever runs or lists them.
    public static CommandLine commandLine() {
        var line = new CommandLine(new Minewatch());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler(Failures::exitCode);
        line.setParameterExceptionHandler(Failures::usage);
        return line;
    }

    @Command(
            name = "minewatch",
            synopsisSubcommandLabel = "COMMAND",
            subcommands = CollectorCommand.class)
    static final class Minewatch implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }
    }

    @Command(
            name = "collector",
            description = {
                "Takes hits from sensors, keeps the ledger of mining projects, shows the console."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            synopsisSubcommandLabel = "COMMAND",
            subcommands = {
                RunCommand.class,
                RegistryCommand.class,
                ReportCommand.class,
                EnrolCommand.class,
                RevokeCommand.class
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  minewatch collector enrol --sensor tap-1 --out tap-1 --host collector.example.net",
                "  minewatch collector run --config /etc/minewatch/collector.yaml --check-config",
                "  minewatch collector registry import filing.csv --source ip-filing --config FILE",
                "  minewatch collector report list --region 15 --format csv --config FILE",
                "",
                "Exit codes: 0 done; 1 done, but some input was refused; 2 wrong usage or",
                "configuration, nothing was started; 3 internal failure."
            })
    static final class CollectorCommand implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @Override
        public Integer call() {
            throw new ParameterException(
                    spec.commandLine(),
                    "a command is missing (expected: run, registry, report, enrol or revoke)");
        }
    }

    /// Set by the launcher.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"minewatch " + System.getProperty("minewatch.version", "unknown")};
        }
    }
}
