package minewatch.demo;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.report.ProjectList;
import minewatch.collector.report.ProjectRow;
import minewatch.config.ConfigException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `minewatch demo`
@Command(
        name = "demo",
        description = {
            "The main job, whole, on embedded defaults: a collector with its database, a registry of invented",
            "enterprises, a sensor that replays sample captures over the real uplink, and the console.",
            "Prints the ledger of projects it arrived at. Nothing is left behind."
        },
        footer = {
            "",
            "Examples:",
            "  minewatch demo",
            "  minewatch demo --port 9000",
            "  minewatch demo --once"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Main implements Callable<Integer> {
    private static final int DEFAULT_PORT = 8080;
    private static final int UNREADABLE = 1;
    private static final int USAGE = 2;
    private static final int INTERNAL = 3;

    @Spec private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "TCP port of the console on 127.0.0.1 (default: 8080; with --once any free one).")
    private @Nullable Integer port;

    @Option(
            names = "--once",
            description = "End when the feed is drained and the ledger is printed.")
    private boolean once;

    /// The launcher hands its command word on: `demo --once`.
    @Command(
            name = "minewatch",
            subcommands = {Main.class, Completion.class})
    static final class Launcher {}

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new Launcher())
                        .setUsageHelpWidth(100)
                        .setExecutionExceptionHandler((failure, _, _) -> report(failure))
                        .execute(args));
    }

    @Override
    public Integer call()
            throws ConfigException, IOException, InterruptedException, RegistryException {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new ParameterException(
                    spec.commandLine(), "--port: " + port + " (expected: 0 to 65535)");
        }
        Path folder = Files.createTempDirectory("minewatch-demo");
        try (Demo demo = new Demo(folder, port != null ? port : once ? 0 : DEFAULT_PORT)) {
            Thread cleaner = new Thread(() -> clean(demo, folder), "cleaner");
            Runtime.getRuntime().addShutdownHook(cleaner);
            run(demo);
        }
        return 0;
    }

    private void run(Demo demo)
            throws ConfigException, IOException, InterruptedException, RegistryException {
        say("starting the collector with its database");
        demo.startCollector();
        if (!once) {
            say("console on " + demo.url());
        }
        say("replaying " + Samples.captures().size() + " captures through the sensor");
        demo.replay();
        List<ProjectRow> rows = demo.projects().list(null, null);
        PrintWriter out =
                new PrintWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        ProjectList.TABLE.write(rows, out);
        out.flush();
        if (!once) {
            say("open " + demo.url() + " in a browser; Ctrl-C ends the demo");
            new CountDownLatch(1).await();
        }
    }

    private static void say(String message) {
        System.err.println("minewatch: " + message);
    }

    private static void clean(Demo demo, Path folder) {
        demo.close();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            say("cannot remove " + folder + ": " + e.getMessage());
        }
    }

    private static int report(Exception failure) {
        if (failure instanceof ConfigException || isPortTaken(failure)) {
            say(String.valueOf(failure.getMessage()));
            return USAGE;
        }
        if (failure instanceof IOException) {
            say(String.valueOf(failure.getMessage()));
            return UNREADABLE;
        }
        say("internal failure: " + failure);
        return INTERNAL;
    }

    private static boolean isPortTaken(Throwable failure) {
        return failure instanceof BindException
                || (failure.getCause() != null && isPortTaken(failure.getCause()));
    }
}
