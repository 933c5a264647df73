package minewatch.collector;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import minewatch.collector.accept.EnrolmentServer;
import minewatch.collector.accept.FeedServer;
import minewatch.collector.accept.Issuer;
import minewatch.collector.accept.KafkaFeed;
import minewatch.collector.accept.ReleaseFolder;
import minewatch.collector.ledger.Database;
import minewatch.collector.ledger.Housekeeping;
import minewatch.collector.ledger.KafkaLedger;
import minewatch.collector.ledger.Ledger;
import minewatch.collector.ledger.LedgerTokens;
import minewatch.collector.ledger.LedgerWatch;
import minewatch.collector.report.LedgerProjects;
import minewatch.collector.report.LedgerSensors;
import minewatch.collector.report.Projects;
import minewatch.collector.web.Console;
import minewatch.config.HostPort;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The whole collector, wired by hand.
///
/// ```
/// sensors ══mTLS══► FeedServer ──► Ledger ──► PostgreSQL ──► LedgerProjects ──► Console ──► browsers
///                    (accept)      (attribute, ledger)         (report)          (web)
/// ```
///
/// Built from the database up, torn down from the listeners down: the feed stops first, so that
/// what is being stored is stored and acknowledged.
public final class Collector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    /// Batches of one sensor are in several partitions, and one may be read long after another.
    private static final Duration KAFKA_MISSING_AFTER = Duration.ofMinutes(10);

    private final CollectorConfig config;
    private final PrometheusMeterRegistry metrics =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<AutoCloseable> running = new ArrayDeque<>(); // last started first
    private @Nullable Ledger ledger;
    private @Nullable Projects projects;
    private int feedPort;
    private int enrolmentPort;
    private int webPort;

    public Collector(CollectorConfig config) {
        this.config = config;
        new JvmMemoryMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        new UptimeMetrics().bindTo(metrics);
    }

    /// Starts every room, or none.
    ///
    /// @throws IOException with what to do about it
    public synchronized void start() throws IOException {
        try {
            startRooms();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void startRooms() throws IOException {
        var database = Database.owned(config.database().where());
        running.push(database);
        database.start();

        ledger = new Ledger(database.dataSource());
        running.push(ledger);
        projects = new LedgerProjects(database.dataSource());
        new SensorMetrics(new LedgerSensors(database.dataSource())).bindTo(metrics);
        var watch = new LedgerWatch(database.dataSource(), ledger);
        running.push(watch);
        watch.start();
        var housekeeping = new Housekeeping(database.dataSource(), config.ledger().retention());
        running.push(housekeeping);
        housekeeping.start();

        var console = new Console(projects, ledger::subscribe);
        running.push(console);
        Server web = web(console, new Probes(database::isHealthy, metrics));
        running.push(() -> web.stop().join());
        webPort = web.activeLocalPort();

        Issuer issuer = Issuer.of(config.enrolment());
        startEnrolment(issuer, new LedgerTokens(database.dataSource()));
        var feed = new FeedServer(config.feed(), issuer, ledger, metrics);
        feed.offer(ReleaseFolder.of(config.releases(), metrics));
        running.push(feed);
        feed.start();
        feedPort = feed.port();
        if (!config.kafka().servers().isEmpty()) {
            var kafka =
                    new KafkaFeed(
                            config.kafka(),
                            new KafkaLedger(database.dataSource(), ledger),
                            KAFKA_MISSING_AFTER,
                            metrics);
            running.push(kafka);
            kafka.start();
        }
        // Netty rests for two seconds after its last connection; both servers may do so at once.
        running.push(() -> web.stop().isDone());
    }

    private void startEnrolment(Issuer issuer, LedgerTokens tokens) throws IOException {
        HostPort listen = config.enrolment().listen();
        if (listen == null) {
            return;
        }
        var enrolment = new EnrolmentServer(listen, config.feed().tls(), tokens, issuer, metrics);
        running.push(enrolment);
        enrolment.start();
        enrolmentPort = enrolment.port();
    }

    private Server web(Console console, Probes probes) throws IOException {
        HostPort listen = config.web().listen();
        var address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new IOException(
                    "web.listen: " + listen + " (expected: an address of this machine)");
        }
        var builder =
                Server.builder()
                        .port(address, SessionProtocol.HTTP)
                        .meterRegistry(new CompositeMeterRegistry()) // nobody reads Armeria's own
                        .gracefulShutdownTimeout(Duration.ZERO, Duration.ofMillis(500));
        probes.addTo(builder);
        console.addTo(builder);
        Server server = builder.build();
        try {
            server.start().join();
            return server;
        } catch (CompletionException e) {
            throw new IOException(
                    "cannot listen on " + listen + ": " + reason(e) + "; set another web.listen",
                    e);
        }
    }

    /// TCP port sensors connect to.
    public int feedPort() {
        return feedPort;
    }

    /// TCP port sensors enrol at; 0: there is none.
    public int enrolmentPort() {
        return enrolmentPort;
    }

    /// TCP port of console, API, health and metrics.
    public int webPort() {
        return webPort;
    }

    /// For what is done beside the feed: registry imports.
    public Ledger ledger() {
        if (ledger == null) {
            throw new IllegalStateException("not started");
        }
        return ledger;
    }

    public Projects projects() {
        if (projects == null) {
            throw new IllegalStateException("not started");
        }
        return projects;
    }

    /// Ends in order, within 10 seconds: no more batches, the open ones committed and acknowledged,
    /// the embedded database shut down.
    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            AutoCloseable room = running.pop();
            try {
                room.close();
            } catch (Exception e) {
                LOG.warn("did not stop in order: {}", e.getMessage(), e);
            }
        }
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
