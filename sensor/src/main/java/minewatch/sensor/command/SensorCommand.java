package minewatch.sensor.command;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import minewatch.config.ConfigException;
import minewatch.config.HostPort;
import minewatch.sensor.MetricsServer;
import minewatch.sensor.Sensor;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.release.Releases;
import minewatch.signatures.language.InvalidSignaturesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `minewatch sensor`: the daemon.
@Command(
        name = "sensor",
        description = "The sensor daemon, its enrolment, and what waits in its spool.",
        footer = {
            "",
            "Examples:",
            "  minewatch sensor run --config /etc/minewatch/sensor.yaml --check-config",
            "  minewatch sensor run --config /etc/minewatch/sensor.yaml",
            "  minewatch sensor spool ls --config /etc/minewatch/sensor.yaml"
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {SensorCommand.RunCommand.class, EnrolCommand.class, SpoolCommand.class})
public final class SensorCommand {
    private static final Logger LOG = LoggerFactory.getLogger(SensorCommand.class);

    /// `minewatch sensor run`
    @Command(
            name = "run",
            description =
                    "Captures, recognises miners and sends hits to the collector, until stopped"
                            + " (SIGTERM).",
            footer = {
                "",
                "With capture.files it reads them once and ends when the collector holds every"
                        + " hit.",
                "",
                "Examples:",
                "  minewatch sensor run --config /etc/minewatch/sensor.yaml --check-config",
                "  minewatch sensor run --config /etc/minewatch/sensor.yaml"
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class RunCommand implements Callable<Integer> {
        private static final Duration STOP_WITHIN = Duration.ofSeconds(9);
        private static final int INTERNAL = 3;
        private static final Duration DRAIN_STEP = Duration.ofMillis(500);

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "Settings (YAML).")
        private Path config = Path.of("");

        @Option(
                names = "--check-config",
                description = "Say what is wrong with the settings, and start nothing.")
        private boolean checkOnly;

        @Option(
                names = "--print-config",
                description = "Print the settings in force, with defaults, and start nothing.")
        private boolean printOnly;

        @Override
        public Integer call()
                throws ConfigException,
                        IOException,
                        InvalidSignaturesException,
                        InterruptedException {
            PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Releases releases = Releases.open(config, metrics);
            SensorConfig settings = releases.inForce().config();
            if (printOnly) {
                System.out.print(settings.print());
            }
            if (checkOnly) {
                System.err.println(config + ": no problems");
            }
            return checkOnly || printOnly ? 0 : run(settings, releases, metrics);
        }

        private static int run(
                SensorConfig settings, Releases releases, PrometheusMeterRegistry metrics)
                throws ConfigException, IOException, InterruptedException {
            HostPort listen = settings.metrics().listen();
            MetricsServer server = listen == null ? null : MetricsServer.start(listen, metrics);
            Sensor sensor = new Sensor(releases, Versions.current(), metrics);
            CountDownLatch closed = new CountDownLatch(1);
            Thread stopper = new Thread(() -> stopAndHalt(sensor, closed), "stopper");
            Runtime.getRuntime().addShutdownHook(stopper);
            releases.onStart();
            sensor.start();
            boolean died = false;
            try {
                boolean allRead = sensor.run();
                // The uplink says what keeps it. SIGTERM ends the wait; the spool keeps the rest.
                boolean drained = false;
                while (!drained && !sensor.isStopping()) {
                    drained = sensor.awaitDrained(DRAIN_STEP);
                }
                return allRead ? 0 : 1;
            } catch (RuntimeException | Error e) {
                died = true;
                throw e;
            } finally {
                if (!died) {
                    releases.onStop();
                }
                boolean signalled = sensor.isStopping();
                sensor.close();
                if (server != null) {
                    server.close();
                }
                LOG.info("stopped; {} batches wait in the spool", sensor.waitingBatches());
                closed.countDown();
                if (!signalled) {
                    Runtime.getRuntime().removeShutdownHook(stopper);
                }
            }
        }

        /// SIGTERM: stop capture, flush, spool what is not acknowledged, exit 0 (contract). Left to
        /// itself the machine would exit 143.
        private static void stopAndHalt(Sensor sensor, CountDownLatch closed) {
            sensor.stop();
            boolean inTime = false;
            try {
                inTime = closed.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!inTime) {
                LOG.error(
                        "cannot stop within {} s: some hits may not be in the spool",
                        STOP_WITHIN.toSeconds());
            }
            Runtime.getRuntime().halt(inTime ? 0 : INTERNAL);
        }
    }
}
