package minewatch.collector;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.ledger.Database;
import minewatch.collector.ledger.ImportResult;
import minewatch.collector.ledger.Ledger;
import minewatch.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The registry of who has which address.
@Command(
        name = "registry",
        description = "The registry of which enterprise has which address.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  minewatch collector registry import filing.csv --source ip-filing --config FILE",
            "  minewatch collector registry import --help"
        },
        subcommands = RegistryCommand.Import.class)
final class RegistryCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing (expected: import)");
    }

    /// Takes over a file, whole or not at all; beside the running daemon or without it.
    @Command(
            name = "import",
            description = {
                "Takes a CSV file into the registry, all of it or nothing.",
                "",
                "Hits it explains are named, earlier ones too. Works beside the running collector or",
                "without it."
            },
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  minewatch collector registry import filing.csv --source ip-filing --config FILE",
                "  minewatch collector registry import all.csv --source ip-filing --replace --config FILE"
            })
    static final class Import implements Callable<Integer> {
        private static final String SOURCE_NAME = "[a-z0-9][a-z0-9._-]{0,62}";

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "CSV, UTF-8 or GB18030, with a header line.")
        private Path file;

        @Option(
                names = "--source",
                required = true,
                paramLabel = "NAME",
                description = "Which registry the file is from: ip-filing, ipam, apnic ...")
        private String source;

        @Option(
                names = "--replace",
                description = "The file is the whole registry: what it does not repeat is retired.")
        private boolean replace;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "The collector's settings, which name the database.")
        private Path config;

        @Override
        public Integer call() throws ConfigException, IOException, RegistryException {
            if (!source.matches(SOURCE_NAME)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--source: "
                                + source
                                + " (expected: 1 to 63 of a-z, 0-9, dot, hyphen and underscore)");
            }
            CollectorConfig settings = CollectorConfig.load(config);
            PrintWriter err = spec.commandLine().getErr();
            try (var database = Database.joined(settings.database().where())) {
                database.start();
                ImportResult result =
                        new Ledger(database.dataSource())
                                .importRegistry(
                                        file,
                                        source,
                                        replace,
                                        System.getProperty("user.name", "unknown"),
                                        lines ->
                                                err.println("minewatch: " + lines + " lines read"));
                tell(result, err);
            }
            return Main.DONE;
        }

        private static void tell(ImportResult result, PrintWriter err) {
            if (!result.ignoredColumns().isEmpty()) {
                err.println(
                        "minewatch: columns not used: "
                                + String.join(", ", result.ignoredColumns()));
            }
            err.println(
                    "minewatch: %d lines: %d rows new, %d unchanged, %d retired; %d hits attributed anew"
                            .formatted(
                                    result.lines(),
                                    result.added(),
                                    result.unchanged(),
                                    result.retired(),
                                    result.reattributed()));
        }
    }
}
