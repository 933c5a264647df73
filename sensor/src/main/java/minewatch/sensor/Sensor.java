package minewatch.sensor;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import minewatch.config.ConfigException;
import minewatch.config.HostPort;
import minewatch.config.Problem;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hit;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.capture.CaptureProblem;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.PcapLive;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolException;
import minewatch.sensor.uplink.ClockOffset;
import minewatch.sensor.uplink.Uplink;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.work.PowerTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole sensor, drawn once: capture → decode → flow → inspect → rollup on the worker's thread,
/// then a bounded queue, then spool and uplink.
///
/// Files are read once, in order, and [#run] returns after the last. Whatever is found is in the
/// spool before [#close()] returns.
public final class Sensor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sensor.class);
    private static final int QUEUED_REPORTS = 16;
    private static final Duration OTHER_IDLE = Duration.ofMinutes(1);
    private static final long HEALTH_EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final List<Hit> END = List.of();

    private final SensorConfig config;
    private final Spool spool;
    private final Uplink uplink;
    private final @Nullable ClockOffset clock;
    private final Worker worker;
    private final BlockingQueue<List<Hit>> reports = new ArrayBlockingQueue<>(QUEUED_REPORTS);
    private final CountDownLatch spooled = new CountDownLatch(1);
    private volatile boolean stopping;
    private boolean closed;
    private volatile Heartbeat health = Heartbeat.getDefaultInstance();
    private long healthNanos = System.nanoTime();
    private long octets;
    private long kernelDrops;

    /// @throws SpoolException if the spool directory cannot be used
    /// @throws ConfigException if a file the settings name cannot be
    public Sensor(SensorConfig config, SignaturePack pack, String version, MeterRegistry registry)
            throws SpoolException, ConfigException {
        this.config = config;
        spool = Spool.open(config.spool(), config.sensor().id(), registry);
        HostPort ntpServer = config.clock().ntpServer();
        clock = ntpServer == null ? null : new ClockOffset(ntpServer);
        uplink = new Uplink(config.uplink(), spool, version, this::heartbeat, registry);
        HitBuilder builder =
                new HitBuilder(
                        config.sensor().id(),
                        null,
                        privacy(config.privacy()),
                        PowerTable.builtIn());
        worker = new Worker(settings(config), pack, builder, this::queue, null);
    }

    /// Starts spooling and sending.
    public void start() {
        Thread.ofPlatform().name("spooler").start(this::spoolReports);
        if (clock != null) {
            clock.start();
        }
        uplink.start();
    }

    /// Captures until the files are read, or [#stop] is called. On the caller's thread, which
    /// becomes the worker's.
    ///
    /// @return whether all input could be read
    /// @throws IOException if the network interface cannot be opened or fails
    public boolean run() throws IOException {
        String networkInterface = config.capture().networkInterface();
        try {
            return networkInterface == null ? readFiles() : watch(networkInterface);
        } finally {
            worker.finish();
        }
    }

    private boolean readFiles() {
        boolean allRead = true;
        for (String file :
                CaptureFiles.find(config.capture().files().stream().map(Path::toString).toList())) {
            allRead &= stopping || read(file);
        }
        return allRead;
    }

    private boolean watch(String networkInterface) throws IOException {
        try (PcapLive live = PcapLive.open(networkInterface, new Stoppable())) {
            LOG.info("watching {}", networkInterface);
            live.run(() -> {
                if (healthIsDue()) {
                    updateHealth(live);
                }
                return stopping;
            });
            updateHealth(live);
        }
        return true;
    }

    /// Makes [#run] end soon. From any thread.
    public void stop() {
        stopping = true;
    }

    public boolean isStopping() {
        return stopping;
    }

    /// Waits until the collector holds everything found so far.
    ///
    /// @return false if the time was over first
    public boolean awaitDrained(Duration timeout) throws InterruptedException {
        endReports();
        spooled.await();
        return uplink.awaitDrained(timeout);
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
        if (clock != null) {
            clock.close();
        }
        spool.close();
        worker.close();
    }

    private boolean read(String file) {
        CaptureReader reader = new CaptureReader(new Stoppable());
        CaptureProblem problem = reader.read(file, this::onProgress).problem();
        updateHealth();
        if (problem != null) {
            LOG.warn(problem.describe(file));
        }
        return problem == null;
    }

    private void queue(List<Hit> hits) {
        updateHealth();
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
                spool.append(hits);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            spooled.countDown();
        }
    }

    private void onProgress(long readBytes, long totalBytes) {
        if (healthIsDue()) {
            updateHealth();
        }
    }

    /// Often enough for a heartbeat, and seldom enough to cost the packets nothing.
    private boolean healthIsDue() {
        return System.nanoTime() - healthNanos >= HEALTH_EVERY_NANOS;
    }

    private void updateHealth(PcapLive live) {
        kernelDrops = live.kernelDrops();
        updateHealth();
    }

    /// On the worker's thread: what it counts is its own.
    private void updateHealth() {
        healthNanos = System.nanoTime();
        Worker.Counters counters = worker.counters();
        Visibility visibility = counters.visibility();
        health =
                Heartbeat.newBuilder()
                        .setPackets(counters.packets())
                        .setOctets(octets)
                        .setFlows(counters.flows())
                        .setKernelDrops(kernelDrops)
                        .setSuspects(counters.suspects())
                        .setDataFlows(visibility.dataFlows())
                        .setOneSidedFlows(visibility.oneSidedFlows())
                        .setEncryptedFlows(visibility.encryptedFlows())
                        .setLostSegments(visibility.lostSegments())
                        .setCutSegments(visibility.cutSegments())
                        .build();
    }

    private Heartbeat heartbeat() {
        OptionalLong offset = clock == null ? OptionalLong.empty() : clock.nanos();
        return offset.isEmpty()
                ? health
                : health.toBuilder().setClockOffsetNanos(offset.getAsLong()).build();
    }

    private static Worker.Settings settings(SensorConfig config) {
        FlowConfig flow =
                new FlowConfig(
                        Math.min(config.flow().capacity(), FlowConfig.DEFAULT.initialFlows()),
                        config.flow().capacity(),
                        config.flow().idleTimeout(),
                        OTHER_IDLE);
        Inspector.Limits inspect =
                new Inspector.Limits(
                        config.inspect().maxSessions(),
                        Inspector.Limits.fitting(Runtime.getRuntime().maxMemory(), 1).bufferBytes(),
                        Inspector.Limits.LIVE_PACKETS_PER_SESSION);
        return new Worker.Settings(flow, inspect, config.rollup().interval().toNanos());
    }

    private static Privacy privacy(SensorConfig.Privacy settings) throws ConfigException {
        boolean excerpts = settings.excerpts() == SensorConfig.Excerpts.MATCHED;
        Path keyFile = settings.keyFile();
        if (settings.identifiers() == SensorConfig.Identifiers.CLEAR || keyFile == null) {
            return new Privacy(excerpts, "");
        }
        try {
            return new Privacy(excerpts, Files.readString(keyFile, StandardCharsets.ISO_8859_1));
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

    /// Frames go to the worker until the sensor stops.
    private final class Stoppable implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            if (!stopping) {
                octets += wireLength;
                worker.onFrame(block, offset, capturedLength, wireLength, timestampNanos, linkType);
            }
        }

        @Override
        public void onBatchEnd() {
            worker.onBatchEnd();
        }
    }
}
