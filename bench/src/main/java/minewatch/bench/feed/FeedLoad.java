package minewatch.bench.feed;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// What a collector takes in, and what that costs.
///
/// `java -cp … minewatch.bench.feed.FeedLoad LAUNCHER HITS.ndjson SENSORS RATE BATCH SECONDS
/// [JAVA-OPTION...]`
public final class FeedLoad {
    private static final int SOURCES = 1_000; // of each sensor
    private static final int HEARTBEAT_SECONDS = 10; // uplink.heartbeat
    private static final int WARM_UP_SECONDS = 60;
    private static final long ALL_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Plan plan;
    private final HitPatterns patterns;
    private final Latencies latencies = new Latencies();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<LoadSensor> sensors = new ArrayList<>();
    private long heapMebi;
    private long residentMebi;

    /// @param sensors each with one stream
    /// @param rate hits a second, all sensors together; 0: as fast as they are taken
    /// @param batch hits in one
    record Plan(int sensors, int rate, int batch, int seconds) {
        int sources() {
            return Math.max(SOURCES, batch);
        }
    }

    private FeedLoad(Plan plan, HitPatterns patterns) {
        this.plan = plan;
        this.patterns = patterns;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 6) {
            System.err.println(
                    "usage: FeedLoad LAUNCHER HITS.ndjson SENSORS RATE BATCH SECONDS"
                            + " [JAVA-OPTION...]");
            System.exit(2);
        }
        var plan =
                new Plan(
                        Integer.parseInt(arguments[2]),
                        Integer.parseInt(arguments[3]),
                        Integer.parseInt(arguments[4]),
                        Integer.parseInt(arguments[5]));
        String javaOptions = String.join(" ", List.of(arguments).subList(6, arguments.length));
        Path folder = Files.createTempDirectory("minewatch-feed");
        boolean kept = true;
        try (var collector = new LoadedCollector(Path.of(arguments[0]), folder, javaOptions)) {
            new FeedLoad(plan, HitPatterns.read(Path.of(arguments[1]))).run(collector);
            kept = false;
        } finally {
            if (kept) {
                System.err.println("feed: what the collector said is in " + folder);
            } else {
                LoadedCollector.delete(folder);
            }
        }
        System.exit(0);
    }

    private void run(LoadedCollector collector) throws IOException, InterruptedException {
        collector.importRegistry(HitPatterns.registry(plan.sensors(), plan.sources()));
        collector.start();
        connect(collector);
        load(collector, WARM_UP_SECONDS);
        heapMebi = 0;
        residentMebi = 0;
        latencies.forget();
        long self = ProcessHandle.current().pid();
        double ownCpu = ProcessUsage.cpuSeconds(self);
        double cpu = collector.cpuSeconds();
        double postgresCpu = collector.postgresCpuSeconds();
        long bytes = collector.databaseBytes();
        long begun = System.nanoTime();
        load(collector, plan.seconds());
        double seconds = (System.nanoTime() - begun) / 1e9;
        long hits = latencies.hits();
        System.out.printf(
                "| %d | %s | %d | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %d | %d | %.0f |%n",
                plan.sensors(),
                plan.rate() == 0 ? "all" : String.valueOf(plan.rate()),
                plan.batch(),
                hits / seconds,
                latencies.millis(0.5),
                latencies.millis(0.99),
                latencies.millis(1),
                (ProcessUsage.cpuSeconds(self) - ownCpu) * 1e6 / hits,
                (collector.cpuSeconds() - cpu) * 1e6 / hits,
                (collector.postgresCpuSeconds() - postgresCpu) * 1e6 / hits,
                residentMebi,
                heapMebi,
                (double) (collector.databaseBytes() - bytes) / hits);
        drain(collector);
    }

    private void connect(LoadedCollector collector) throws IOException, InterruptedException {
        for (int i = 0; i < plan.sensors(); i++) {
            var sensor =
                    new LoadSensor(
                            plan,
                            i,
                            patterns,
                            latencies,
                            collector.channel(LoadSensor.name(i)),
                            timer);
            sensors.add(sensor);
            sensor.open();
        }
        await("not every sensor was let in", LoadSensor::isWelcome);
    }

    /// Offers load for so long, and looks at the collector once a second.
    private void load(LoadedCollector collector, int seconds)
            throws IOException, InterruptedException {
        sensors.forEach(sensor -> sensor.unlimited(plan.rate() == 0));
        double batchesPerNano = (double) plan.rate() / plan.batch() / 1e9;
        long begun = System.nanoTime();
        long offered = 0;
        long beats = 0;
        long looks = 0;
        long end = begun + TimeUnit.SECONDS.toNanos(seconds);
        for (long now = begun; now < end; now = System.nanoTime()) {
            for (; offered < (now - begun) * batchesPerNano; offered++) {
                sensors.get((int) (offered % sensors.size())).batchIsDue();
            }
            double beatsDue = (now - begun) / 1e9 * sensors.size() / HEARTBEAT_SECONDS;
            for (; beats < beatsDue; beats++) {
                sensors.get((int) (beats % sensors.size())).heartbeat();
            }
            if (now - begun > TimeUnit.SECONDS.toNanos(looks)) {
                looks++;
                look(collector);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void look(LoadedCollector collector) throws IOException, InterruptedException {
        heapMebi = Math.max(heapMebi, collector.heapMebi());
        residentMebi = Math.max(residentMebi, collector.residentMebi());
        requireOpen();
    }

    private void requireOpen() throws IOException {
        for (LoadSensor sensor : sensors) {
            Status end = sensor.end();
            if (end != null) {
                throw new IOException("a stream ended: " + end);
            }
        }
    }

    /// Waits until all is acknowledged, and holds it against what the collector counted.
    private void drain(LoadedCollector collector) throws IOException, InterruptedException {
        sensors.forEach(sensor -> sensor.unlimited(false));
        await("not all was acknowledged", LoadSensor::isIdle);
        sensors.forEach(LoadSensor::close);
        long stored = collector.storedHits();
        if (stored != latencies.allHits()) {
            throw new IOException(
                    "acknowledged were " + latencies.allHits() + " hits, stored " + stored);
        }
    }

    private void await(String otherwise, Predicate<LoadSensor> condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + ALL_WITHIN_NANOS;
        while (!sensors.stream().allMatch(condition)) {
            requireOpen();
            if (System.nanoTime() > deadline) {
                throw new IOException(otherwise);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
