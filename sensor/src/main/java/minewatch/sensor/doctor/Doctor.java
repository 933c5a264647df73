package minewatch.sensor.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import minewatch.sensor.SensorConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Runs every check that applies, all at the same time.
public final class Doctor {
    private static final Duration WITHIN = Duration.ofSeconds(8);

    private final Machine machine;
    private final Duration within;

    public Doctor(Machine machine) {
        this(machine, WITHIN);
    }

    Doctor(Machine machine, Duration within) {
        this.machine = machine;
        this.within = within;
    }

    /// @param config null: only what needs no settings is looked at
    /// @return in the order of the checks
    public List<Diagnosis> examine(@Nullable SensorConfig config) throws InterruptedException {
        return run(config == null ? withoutSettings() : withSettings(config));
    }

    private Map<Check, Examination> withoutSettings() {
        Map<Check, Examination> checks = new EnumMap<>(Check.class);
        checks.put(Check.JAVA, () -> JavaChecks.java(machine));
        checks.put(Check.MEMORY, () -> JavaChecks.heap(machine));
        checks.put(Check.CAPABILITY, () -> CaptureChecks.capability(machine, null));
        checks.put(Check.LIBPCAP, () -> CaptureChecks.libpcap(null));
        checks.put(Check.CLOCK, () -> ClockCheck.examine(machine, null));
        return checks;
    }

    private Map<Check, Examination> withSettings(SensorConfig config) {
        Map<Check, Examination> checks = withoutSettings();
        SensorConfig.Capture capture = config.capture();
        checks.put(Check.MEMORY, () -> JavaChecks.memory(machine, config));
        checks.put(Check.CAPABILITY, () -> CaptureChecks.capability(machine, capture));
        checks.put(Check.LIBPCAP, () -> CaptureChecks.libpcap(capture));
        checks.put(Check.CAPTURE, () -> CaptureChecks.source(machine, capture));
        checks.put(Check.OFFLOADS, () -> OffloadCheck.examine(machine, capture));
        checks.put(Check.SPOOL, () -> SpoolCheck.examine(machine, config.spool()));
        checks.put(Check.CLOCK, () -> ClockCheck.examine(machine, config.clock().ntpServer()));
        checks.put(
                Check.CERTIFICATES,
                () -> new CertificateCheck(machine, config, Instant.now()).examine());
        checks.put(Check.COLLECTOR, () -> CollectorCheck.examine(config.uplink()));
        checks.put(Check.OUTPUTS, () -> OutputCheck.examine(config.outputs()));
        return checks;
    }

    /// For tests: what is not done in time is said so, whatever it hangs on.
    List<Diagnosis> run(Map<Check, Examination> checks) throws InterruptedException {
        // The log's first user sets it up; others at the same moment would be told to wait.
        LoggerFactory.getILoggerFactory();
        long until = System.nanoTime() + within.toNanos();
        List<Diagnosis> diagnoses = new ArrayList<>();
        try (Threads threads = new Threads()) {
            Map<Check, Future<List<Diagnosis>>> running = new EnumMap<>(Check.class);
            checks.forEach((check, examination) ->
                    running.put(check, threads.pool.submit(examination::run)));
            for (var entry : running.entrySet()) {
                diagnoses.addAll(await(entry.getKey(), entry.getValue(), until));
            }
        }
        return diagnoses;
    }

    private List<Diagnosis> await(Check check, Future<List<Diagnosis>> running, long until)
            throws InterruptedException {
        try {
            return running.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return List.of(
                    Diagnosis.failure(
                            check,
                            "no answer within " + within.toSeconds() + " s",
                            "minewatch doctor --format json, again; then look at what hangs: a name"
                                    + " server, a network file system"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("check " + check.word() + ": " + e.getCause(), e);
        }
    }

    /// Daemons: one that hangs does not keep the process alive.
    private static final class Threads implements AutoCloseable {
        private final ExecutorService pool =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("doctor-", 0).daemon().factory());

        @Override
        public void close() {
            pool.shutdownNow();
        }
    }
}
