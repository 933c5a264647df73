package minewatch.sensor;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import minewatch.config.ConfigException;
import minewatch.config.HostPort;
import minewatch.config.Problem;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hit;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.capture.CaptureProblem;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.output.EveFile;
import minewatch.sensor.output.Follower;
import minewatch.sensor.output.Followers;
import minewatch.sensor.release.Equipment;
import minewatch.sensor.release.Releases;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.sensor.spool.QuietLog;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolException;
import minewatch.sensor.uplink.ClockOffset;
import minewatch.sensor.uplink.Uplink;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.work.PowerTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole sensor, drawn once: capture → decode → flow → inspect → rollup on each worker's
/// thread, then one bounded queue, then spool and uplink.
///
/// Files are read once, in order, and [#run] returns after the last. Whatever is found is in the
/// spool before [#close()] returns.
public final class Sensor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sensor.class);
    private static final int QUEUED_REPORTS = 16;
    private static final Duration OTHER_IDLE = Duration.ofMinutes(1);
    private static final List<Hit> END = List.of();

    private final SensorConfig config;
    private final Spool spool;
    private final Uplink uplink;
    private final @Nullable EveFile eveFile;
    private final List<Follower> followers;
    private final @Nullable ClockOffset clock;
    private final SignaturePack pack;
    private final String version;
    private final String identifierKey;
    private final List<Lane> lanes;
    private final LaneMetrics laneMetrics;
    private final BlockingQueue<List<Hit>> reports = new ArrayBlockingQueue<>(QUEUED_REPORTS);
    private final CountDownLatch spooled = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean failed;
    private boolean warm = true;
    private boolean closed;

    /// Works with these signatures for good.
    ///
    /// @throws SpoolException if the spool directory cannot be used
    /// @throws ConfigException if a file the settings name cannot be
    public Sensor(SensorConfig config, SignaturePack pack, String version, MeterRegistry registry)
            throws SpoolException, ConfigException {
        this(Releases.none(config, pack, registry), version, registry);
    }

    /// Works with what is in force, and then with what its collector releases.
    ///
    /// @throws SpoolException if the spool directory cannot be used
    /// @throws ConfigException if a file the settings name cannot be
    public Sensor(Releases releases, String version, MeterRegistry registry)
            throws SpoolException, ConfigException {
        Equipment equipment = releases.inForce();
        this.config = equipment.config();
        this.pack = equipment.pack();
        this.version = version;
        this.identifierKey = identifierKey(config.privacy());
        spool =
                Spool.open(
                        config.spool(),
                        config.sensor().id(),
                        Followers.names(config.outputs().syslog(), config.outputs().kafka()),
                        registry);
        boolean throughKafka = config.outputs().primary() == SensorConfig.Primary.KAFKA;
        followers =
                Followers.of(
                        config.outputs().syslog(),
                        config.outputs().kafka(),
                        throughKafka,
                        spool,
                        version,
                        registry);
        HostPort ntpServer = config.clock().ntpServer();
        clock = ntpServer == null ? null : new ClockOffset(ntpServer);
        Uplink.Program program = new Uplink.Program(version, equipment.revision());
        uplink = new Uplink(config.uplink(), spool, program, this::heartbeat, registry);
        if (releases.areTaken()) {
            releases.onChange(this::change);
            uplink.fetchReleases(releases);
        }
        if (throughKafka) {
            uplink.heartbeatsOnly();
        }
        eveFile = EveFile.of(config.outputs().eve(), registry);
        lanes = Stream.generate(() -> new Lane(worker(equipment))).limit(workers(config)).toList();
        laneMetrics = new LaneMetrics(lanes, registry);
    }

    private Worker worker(Equipment equipment) {
        SensorConfig settings = equipment.config();
        HitBuilder builder =
                new HitBuilder(
                        settings.sensor().id(),
                        null,
                        new Privacy(
                                settings.privacy().excerpts() == SensorConfig.Excerpts.MATCHED,
                                identifierKey),
                        PowerTable.builtIn());
        return new Worker(settings(settings), equipment.pack(), builder, this::queue, null);
    }

    /// The new workers are there before the old ones go, so that no packet waits for them to be
    /// made.
    private void change(Equipment next) throws InterruptedException {
        Handover handover = new Handover(lanes.size());
        for (Lane lane : lanes) {
            lane.succeed(worker(next), handover);
        }
        handover.await();
        uplink.changed(new Uplink.Program(version, next.revision()));
        LOG.info(
                "release {} is in force, pack {}; packets waited {} ms for it",
                next.release(),
                next.revision(),
                handover.longestNanos() / 1_000_000);
    }

    /// For tests that measure nothing: does without the seconds of warming up.
    public Sensor cold() {
        warm = false;
        return this;
    }

    /// Starts spooling and sending.
    public void start() {
        Thread.ofPlatform().name("spooler").start(this::spoolReports);
        if (clock != null) {
            clock.start();
        }
        uplink.start();
        followers.forEach(Follower::start);
    }

    /// Captures until the files are read, or [#stop] is called. Files are read on the caller's
    /// thread; each worker of an interface has its own.
    ///
    /// @return whether all input could be read
    /// @throws IOException if the network interface cannot be opened or fails
    public boolean run() throws IOException {
        return config.capture().live() ? watch() : readFiles();
    }

    private boolean readFiles() {
        boolean allRead = true;
        try {
            for (String file :
                    CaptureFiles.find(
                            config.capture().files().stream().map(Path::toString).toList())) {
                allRead &= stopping || read(file);
            }
        } finally {
            lanes.forEach(Lane::finish);
        }
        return allRead;
    }

    private boolean watch() throws IOException {
        List<LiveConfig> interfaces = config.capture().toLiveConfigs();
        LiveCaptures captures = new LiveCaptures(config.capture().backend(), interfaces);
        if (warm) {
            captures.open(lanes.getFirst()).close(); // what is wrong is said at once
            WarmUp.run(settings(config), pack, () -> stopping);
        }
        QuietLog quietLog = new QuietLog(LOG);
        QuietLog overloadLog = new QuietLog(LOG);
        List<Watch> watches = new ArrayList<>();
        try {
            for (int i = 0; i < lanes.size(); i++) {
                Lane lane = lanes.get(i);
                watches.add(
                        new Watch(
                                lane,
                                captures,
                                interfaces.getFirst().core(i),
                                laneMetrics,
                                quietLog,
                                overloadLog));
            }
            LOG.info(
                    lanes.size() == 1 ? "watching {}" : "watching {} with {} workers",
                    captures.names(),
                    lanes.size());
            watchAll(watches);
        } finally {
            watches.forEach(Watch::close);
        }
        return true;
    }

    /// Until the last has ended; if one fails, the others are told to.
    private void watchAll(List<Watch> watches) throws IOException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        watches.size(), Thread.ofPlatform().name("capture-", 0).factory())) {
            List<Future<?>> running = new ArrayList<>();
            for (Watch watch : watches) {
                running.add(threads.submit(() -> watch(watch)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Void watch(Watch watch) throws IOException {
        boolean ended = false;
        try {
            watch.run(() -> stopping || failed);
            ended = true;
        } finally {
            failed |= !ended;
        }
        return null;
    }

    /// Makes [#run] end soon. From any thread.
    public void stop() {
        stopping = true;
    }

    public boolean isStopping() {
        return stopping;
    }

    /// Whether every worker takes in what passes the interface.
    public boolean isWatching() {
        return lanes.stream().allMatch(Lane::isFed);
    }

    /// Waits until the collector holds everything found so far, and every output has it.
    ///
    /// @return false if the time was over first
    public boolean awaitDrained(Duration timeout) throws InterruptedException {
        endReports();
        spooled.await();
        long until = System.nanoTime() + timeout.toNanos();
        boolean drained = uplink.awaitDrained(timeout);
        for (Follower follower : followers) {
            drained &= follower.awaitDrained(Duration.ofNanos(until - System.nanoTime()));
        }
        return drained;
    }

    /// Batches the collector does not hold yet.
    public long waitingBatches() {
        return spool.waitingBatches();
    }

    @Override
    public void close() {
        stopping = true;
        if (closed) {
            return;
        }
        closed = true;
        endReports();
        try {
            spooled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        uplink.close();
        followers.forEach(Follower::close);
        if (eveFile != null) {
            eveFile.close();
        }
        if (clock != null) {
            clock.close();
        }
        spool.close();
        lanes.forEach(Lane::close);
    }

    private boolean read(String file) {
        Lane lane = lanes.getFirst();
        CaptureReader reader = new CaptureReader(new Stoppable(lane));
        CaptureProblem problem = reader.read(file, (_, _) -> tellIfDue(lane)).problem();
        lane.tell(CaptureCounts.NONE);
        if (problem != null) {
            LOG.warn(problem.describe(file));
        }
        return problem == null;
    }

    private static void tellIfDue(Lane lane) {
        if (lane.isTellingDue()) {
            lane.tell(CaptureCounts.NONE);
        }
        lane.changeIfDue();
    }

    private void queue(List<Hit> hits) {
        if (hits.isEmpty()) {
            return;
        }
        try {
            reports.put(hits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("{} hits are lost: interrupted while they waited for the spool", hits.size());
        }
    }

    private void endReports() {
        if (spooled.getCount() > 0) {
            try {
                reports.put(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void spoolReports() {
        try {
            for (List<Hit> hits = reports.take(); !hits.isEmpty(); hits = reports.take()) {
                if (eveFile != null) {
                    eveFile.write(hits);
                }
                spool.append(hits);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            spooled.countDown();
        }
    }

    private Heartbeat heartbeat() {
        Heartbeat.Builder sum = Heartbeat.newBuilder();
        for (Lane lane : lanes) {
            Lane.Told told = lane.told();
            Worker.Counters counters = told.worker();
            Visibility visibility = counters.visibility();
            Skipped skipped = counters.skipped();
            sum.setPackets(sum.getPackets() + counters.packets())
                    .setOctets(sum.getOctets() + told.octets())
                    .setFlows(sum.getFlows() + counters.flows())
                    .setKernelDrops(sum.getKernelDrops() + told.capture().kernelDrops())
                    .setSuspects(sum.getSuspects() + counters.suspects())
                    .setDataFlows(sum.getDataFlows() + visibility.dataFlows())
                    .setOneSidedFlows(sum.getOneSidedFlows() + visibility.oneSidedFlows())
                    .setEncryptedFlows(sum.getEncryptedFlows() + visibility.encryptedFlows())
                    .setLostSegments(sum.getLostSegments() + visibility.lostSegments())
                    .setCutSegments(sum.getCutSegments() + visibility.cutSegments())
                    .setOverloadLevel(Math.max(sum.getOverloadLevel(), told.overload().number()))
                    .setSkippedShareChecks(sum.getSkippedShareChecks() + skipped.shareChecks())
                    .setSkippedOpaqueFlows(sum.getSkippedOpaqueFlows() + skipped.opaqueFlows())
                    .setSkippedFlowTests(sum.getSkippedFlowTests() + skipped.flowTests());
        }
        OptionalLong offset = clock == null ? OptionalLong.empty() : clock.nanos();
        offset.ifPresent(sum::setClockOffsetNanos);
        return sum.build();
    }

    private static int workers(SensorConfig config) {
        return config.capture().live() ? config.capture().workers() : 1;
    }

    /// Of one worker: what the settings bound, they bound for all together.
    private static Worker.Settings settings(SensorConfig config) {
        int workers = workers(config);
        int flows = Math.max(config.flow().capacity() / workers, 1);
        FlowConfig flow =
                new FlowConfig(
                        config.capture().live()
                                ? flows // a table that grows would pause its worker
                                : Math.min(flows, FlowConfig.DEFAULT.initialFlows()),
                        flows,
                        config.flow().idleTimeout(),
                        OTHER_IDLE);
        Inspector.Limits inspect =
                new Inspector.Limits(
                        Math.max(config.inspect().maxSessions() / workers, 1),
                        Inspector.Limits.fitting(Runtime.getRuntime().maxMemory(), workers)
                                .bufferBytes(),
                        Inspector.Limits.LIVE_PACKETS_PER_SESSION);
        return new Worker.Settings(flow, inspect, config.rollup().interval().toNanos());
    }

    /// What identifiers are hashed with; empty: they are not.
    private static String identifierKey(SensorConfig.Privacy settings) throws ConfigException {
        Path keyFile = settings.keyFile();
        if (settings.identifiers() == SensorConfig.Identifiers.CLEAR || keyFile == null) {
            return "";
        }
        try {
            return Files.readString(keyFile, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException(
                    List.of(
                            new Problem(
                                    keyFile.toString(),
                                    0,
                                    "privacy.key-file",
                                    "cannot be read (expected: a readable file)")));
        }
    }

    /// Frames of a file go to the lane until the sensor stops.
    private final class Stoppable implements FrameHandler {
        private final Lane lane;

        Stoppable(Lane lane) {
            this.lane = lane;
        }

        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            if (!stopping) {
                lane.onFrame(block, offset, capturedLength, wireLength, timestampNanos, linkType);
            }
        }

        @Override
        public void onBatchEnd() {
            lane.onBatchEnd();
        }
    }
}
