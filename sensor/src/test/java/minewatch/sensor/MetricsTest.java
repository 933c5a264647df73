package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
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
import minewatch.sensor.output.EveConfig;
import minewatch.sensor.output.EveFile;
import minewatch.sensor.output.Followers;
import minewatch.sensor.output.SyslogConfig;
import minewatch.sensor.release.Releases;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.sensor.uplink.Uplink;
import minewatch.sensor.uplink.UplinkConfig;
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
    void everyMetricOfCaptureIsInTheReference() throws Exception {
        var metrics = new CaptureMetrics(List.of(), registry);
        metrics.lost();
        metrics.retried();
        assertThat(documented("capture")).containsExactlyElementsOf(counted());
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
