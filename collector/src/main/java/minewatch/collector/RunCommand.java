package minewatch.collector;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The daemon. Ends in order on SIGTERM or Ctrl-C, with exit code 0.
@Command(
        name = "run",
        description = "Runs the collector until it is told to stop (SIGTERM, Ctrl-C).",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  minewatch collector run --config /etc/minewatch/collector.yaml",
            "  minewatch collector run --config collector.yaml --check-config",
            "  minewatch collector run --config collector.yaml --print-config"
        })
final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Settings.")
    private Path config;

    @Option(names = "--check-config", description = "Only check the settings, and say so.")
    private boolean checkConfig;

    @Option(names = "--print-config", description = "Only print all settings in force.")
    private boolean printConfig;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        CollectorConfig settings = CollectorConfig.load(config);
        if (printConfig) {
            spec.commandLine().getOut().print(settings.print());
            spec.commandLine().getOut().flush();
            return Main.DONE;
        }
        if (checkConfig) {
            spec.commandLine().getErr().println(config + ": no problems");
            return Main.DONE;
        }
        return run(new Collector(settings), settings);
    }

    /// The exit code of a signal is set by halting after everything is closed: Java's own would be
    /// 143.
    private int run(Collector collector, CollectorConfig settings)
            throws IOException, InterruptedException {
        var exitCode = new AtomicInteger(Main.DONE);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    collector.close();
                                    Runtime.getRuntime().halt(exitCode.get());
                                },
                                "stop"));
        try {
            collector.start();
        } catch (IOException e) {
            exitCode.set(Main.USAGE);
            throw e;
        } catch (RuntimeException e) {
            exitCode.set(Main.BUG);
            throw e;
        }
        spec.commandLine()
                .getErr()
                .println(
                        "minewatch: sensors on port "
                                + collector.feedPort()
                                + ", console on http://"
                                + settings.web().listen().host()
                                + ":"
                                + collector.webPort());
        new CountDownLatch(1).await(); // until a signal
        return Main.DONE;
    }
}
