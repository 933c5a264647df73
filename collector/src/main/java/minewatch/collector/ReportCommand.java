package minewatch.collector;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import minewatch.collector.ledger.Database;
import minewatch.collector.report.LedgerProjects;
import minewatch.collector.report.LedgerSensors;
import minewatch.collector.report.ProjectList;
import minewatch.collector.report.ProjectRow;
import minewatch.collector.report.SensorList;
import minewatch.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What the ledger knows.
@Command(
        name = "report",
        description = "What the ledger knows.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  minewatch collector report list --config FILE",
            "  minewatch collector report sensors --config FILE",
            "  minewatch collector report list --help"
        },
        subcommands = {ReportCommand.ListProjects.class, ReportCommand.ListSensors.class})
final class ReportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing (expected: list or sensors)");
    }

    /// The list of projects; beside the running daemon or without it.
    @Command(
            name = "list",
            description = "Lists the mining projects, strongest verdict first.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  minewatch collector report list --config FILE",
                "  minewatch collector report list --region 15 --format csv --config FILE",
                "  minewatch collector report list --text 10.77.1.10 --format json --config FILE"
            })
    static final class ListProjects implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @Option(
                names = "--format",
                defaultValue = "table",
                paramLabel = "FORMAT",
                description = "table (default), csv, or json: one object a line.")
        private ProjectList format;

        @Option(
                names = "--region",
                paramLabel = "CODE",
                description = "Only regions whose GB/T 2260 code begins so: 15, 1506, 150602.")
        private @Nullable String region;

        @Option(
                names = "--text",
                paramLabel = "TEXT",
                description = "Only with this in enterprise, address, credit code or source IP.")
        private @Nullable String text;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The collector's settings, which name the database.")
        private Path config;

        @Override
        public Integer call() throws ConfigException, IOException {
            if (region != null && !region.matches("[0-9]{1,6}")) {
                throw new ParameterException(
                        spec.commandLine(), "--region: " + region + " (expected: 1 to 6 digits)");
            }
            CollectorConfig settings = CollectorConfig.load(config);
            try (var database = Database.joined(settings.database().where())) {
                database.start();
                List<ProjectRow> rows =
                        new LedgerProjects(database.dataSource()).list(region, text);
                PrintWriter out = spec.commandLine().getOut();
                format.write(rows, out);
                out.flush();
            }
            return Main.DONE;
        }
    }

    /// The list of sensors; beside the running daemon or without it.
    @Command(
            name = "sensors",
            description = {
                "Lists the sensors and how they are.",
                "",
                "silent: not heard for a minute; blind: heard, but no packet came for a minute;",
                "dropping: packets were dropped in the last minute; overloaded: it does without some",
                "of its work so as not to drop; or well."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  minewatch collector report sensors --config FILE",
                "  minewatch collector report sensors --format json --config FILE"
            })
    static final class ListSensors implements Callable<Integer> {
        @Spec private CommandSpec spec;

        @Option(
                names = "--format",
                defaultValue = "table",
                paramLabel = "FORMAT",
                description = "table (default), or json: one object a line.")
        private SensorList format;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The collector's settings, which name the database.")
        private Path config;

        @Override
        public Integer call() throws ConfigException, IOException {
            CollectorConfig settings = CollectorConfig.load(config);
            try (var database = Database.joined(settings.database().where())) {
                database.start();
                PrintWriter out = spec.commandLine().getOut();
                format.write(new LedgerSensors(database.dataSource()).list(), out);
                out.flush();
            }
            return Main.DONE;
        }
    }
}
