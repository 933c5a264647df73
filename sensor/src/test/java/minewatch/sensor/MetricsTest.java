package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import minewatch.config.HostPort;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.feed.v1.Heartbeat;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.output.EveConfig;
import minewatch.sensor.output.EveFile;
import minewatch.sensor.output.Followers;
import minewatch.sensor.output.SyslogConfig;
import minewatch.sensor.release.Releases;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.sensor.uplink.Uplink;
import minewatch.sensor.uplink.UplinkConfig;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    @TempDir Path folder;

    @Test
    void prometheusReadsWhatIsCounted() throws Exception {
        registry.counter("minewatch.sensor.spool.appended.hits").increment(3);
        try (var server = MetricsServer.start(new HostPort("127.0.0.1", 0), registry)) {
            assertThat(get(server, "/metrics").body())
                    .contains("minewatch_sensor_spool_appended_hits_total 3.0");
            assertThat(get(server, "/other").statusCode()).isEqualTo(404);
            assertThatThrownBy(() -> MetricsServer.start(server.address(), registry).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on " + server.address());
        }
    }

    /// Metrics are API: the reference names exactly those there are.
    @Test
    void everyMetricOfSpoolAndUplinkIsInTheReference() throws Exception {
        try (var spool = SpoolFixture.open(folder, 1 << 20, 64 << 10, registry)) {
            SpoolFixture.append(spool, 1, 1, 2 << 20); // a gap
            Path none = folder.resolve("none.pem");
            var config =
                    new UplinkConfig(
                            new HostPort("127.0.0.1", 1),
                            List.of(),
                            none,
                            none,
                            none,
                            null,
                            Duration.ofSeconds(1));
            try (var uplink =
                    new Uplink(
                            config,
                            spool,
                            new Uplink.Program("test", ""),
                            Heartbeat::getDefaultInstance,
                            registry)) {
                uplink.start();
                uplink.awaitDrained(Duration.ofMillis(500)); // one failure
            }
        }
        var eve = new EveConfig(folder.resolve("eve.json"), 64 << 10, 1);
        Objects.requireNonNull(EveFile.of(eve, registry)).close();
        try (var spool = SpoolFixture.open(folder.resolve("followed"), 1 << 20, "syslog")) {
            var server = new HostPort("127.0.0.1", 1);
            var none = new KafkaConfig(List.of(), "t", null, null, null, null);
            var syslog = new SyslogConfig(server, folder, null, null, 16);
            Followers.of(syslog, none, false, spool, "test", registry);
        }
        assertThat(documented("spool|uplink|output")).containsExactlyElementsOf(counted());
    }

    @Test
    void everyMetricOfAPacketsWayIsInTheReference() throws Exception {
        var metrics = new LaneMetrics(List.of(), registry);
        metrics.lost();
        metrics.retried();
        assertThat(documented("capture|decode|flow|inspect")).containsExactlyElementsOf(counted());
    }

    @Test
    void anomaliesAreCountedByKindAndShownFromTheStart() {
        byte[] frame = Packets.udp("10.0.0.53", 53, "10.0.0.1", 5000).payload("no DNS").ethernet();
        MemorySegment block = Arena.ofAuto().allocate(frame.length);
        MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, 0, frame.length);
        try (Lane lane = new Lane(worker())) {
            var metrics = new LaneMetrics(List.of(lane), registry);
            assertThat(registry.scrape())
                    .contains(
                            "minewatch_sensor_decode_anomalies_total{kind=\"ipv4.truncated\"} 0.0")
                    .contains(
                            "minewatch_sensor_inspect_anomalies_total{kind=\"dns.malformed\"} 0.0");
            for (int length : new int[] {frame.length, 20, 20}) {
                lane.onFrame(block, 0, length, length, 1, LinkType.ETHERNET);
            }
            lane.onBatchEnd();
            lane.tell(CaptureCounts.NONE);
            assertThat(registry.scrape())
                    .contains("minewatch_sensor_capture_frames_total 3.0")
                    .contains("minewatch_sensor_flow_opened_total 1.0")
                    .contains(
                            "minewatch_sensor_decode_anomalies_total{kind=\"ipv4.truncated\"} 2.0")
                    .contains(
                            "minewatch_sensor_inspect_anomalies_total{kind=\"dns.malformed\"} 1.0");
            metrics.lost(); // keeps them reachable: meters hold what they count weakly
        }
    }

    @Test
    void everyMetricOfReleasesIsInTheReference() throws Exception {
        Path settings =
                Files.writeString(
                        folder.resolve("s.yaml"),
                        "{sensor: {id: a}, capture: {interface: a}, uplink: {collector: 'a:1'}}");
        Releases.open(settings, registry);
        assertThat(documented("release")).containsExactlyElementsOf(counted());
    }

    private static Worker worker() {
        return new Worker(
                new Worker.Settings(
                        FlowConfig.DEFAULT,
                        Inspector.Limits.fitting(1 << 28, 1),
                        Worker.NO_INTERVAL),
                SignaturePacks.builtIn(),
                new HitBuilder("s-1", null, Privacy.OPEN, PowerTable.builtIn()),
                hits -> {},
                null);
    }

    private Set<String> counted() {
        var counted = new TreeSet<String>();
        registry.scrape()
                .lines()
                .filter(l -> l.startsWith("# HELP"))
                .forEach(l -> counted.add(l.split(" ", -1)[2]));
        return counted;
    }

    /// @param rooms as a regular expression
    private static Set<String> documented(String rooms) throws IOException {
        Path page = Path.of(System.getProperty("minewatch.root"), "docs/reference/metrics.md");
        var documented = new TreeSet<String>();
        var name = Pattern.compile("`(minewatch_sensor_(?:" + rooms + ")_[a-z_]+)");
        name.matcher(Files.readString(page)).results().forEach(m -> documented.add(m.group(1)));
        return documented;
    }

    private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://" + server.address() + path));
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
