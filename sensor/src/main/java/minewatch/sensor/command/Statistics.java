package minewatch.sensor.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import minewatch.sensor.Visibility;

/// The figures of one `scan`, as the contract lists them under `--stats`.
final class Statistics {
    private static final long SAMPLE_MILLIS = 100;
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Long> decodeAnomalies = new TreeMap<>();
    private final Map<String, Long> inspectAnomalies = new TreeMap<>();
    private final AtomicLong peakRssBytes = new AtomicLong();
    private final Thread sampler =
            Thread.ofPlatform().daemon().name("rss-sampler").unstarted(this::sampleMemory);
    private Visibility visibility = Visibility.NOTHING;
    private long startNanos;
    private long stopNanos;
    private long packets;
    private long octets;
    private long flows;
    private long inspected;
    private long hits;
    private long halfPackets;
    private long halfNanos;

    /// @param sampled whether the memory is wanted: asking for it again and again costs the scan
    ///   processor time
    void start(boolean sampled) {
        startNanos = System.nanoTime();
        if (sampled) {
            sampler.start();
        }
    }

    void stop() {
        stopNanos = System.nanoTime();
        sampler.interrupt();
        sampleRss();
    }

    void add(FileScan.Outcome outcome) {
        packets += outcome.capture().packets();
        octets += outcome.capture().octets();
        flows += outcome.counters().flows();
        visibility = visibility.plus(outcome.counters().visibility());
        inspected += outcome.counters().inspectedPackets();
        add(decodeAnomalies, outcome.counters().decodeAnomalies());
        add(inspectAnomalies, outcome.counters().inspectAnomalies());
        PacketClock.Half half = outcome.clock().secondHalf();
        halfPackets += half.packets();
        halfNanos += half.nanos();
    }

    private static void add(Map<String, Long> sums, Map<String, Long> counts) {
        counts.forEach((name, count) -> sums.merge(name, count, Long::sum));
    }

    void addHits(int count) {
        hits += count;
    }

    long hits() {
        return hits;
    }

    String toJson() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            double seconds = (stopNanos - startNanos) / 1e9;
            json.writeStartObject();
            json.writeNumberField("packets", packets);
            json.writeNumberField("octets", octets);
            json.writeNumberField("seconds", seconds);
            json.writeNumberField("packets_per_second", seconds > 0 ? packets / seconds : 0);
            json.writeNumberField(
                    "steady_packets_per_second",
                    halfNanos > 0 ? halfPackets / (halfNanos / 1e9) : 0);
            json.writeNumberField("cpu_seconds", cpuSeconds());
            json.writeNumberField("flows", flows);
            writeCounts("decode_anomalies", decodeAnomalies, json);
            json.writeNumberField("inspected_packets", inspected);
            writeCounts("inspect_anomalies", inspectAnomalies, json);
            json.writeObjectFieldStart("visibility");
            json.writeNumberField("data_flows", visibility.dataFlows());
            json.writeNumberField("one_sided_flows", visibility.oneSidedFlows());
            json.writeNumberField("encrypted_flows", visibility.encryptedFlows());
            json.writeNumberField("lost_segments", visibility.lostSegments());
            json.writeNumberField("cut_segments", visibility.cutSegments());
            json.writeEndObject();
            json.writeNumberField("hits", hits);
            json.writeNumberField("peak_rss_bytes", peakRssBytes.get());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void writeCounts(String name, Map<String, Long> counts, JsonGenerator json)
            throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey(), count.getValue());
        }
        json.writeEndObject();
    }

    private static double cpuSeconds() {
        Duration used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return used.toNanos() / 1e9;
    }

    private void sampleMemory() {
        try {
            while (true) {
                sampleRss();
                Thread.sleep(SAMPLE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// `RssAnon` + `RssShmem` (proc(5)): what the process itself holds; pages of files are the
    /// system's.
    private void sampleRss() {
        try {
            long bytes = 0;
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
                    String kilobytes = line.substring(line.indexOf(':') + 1, line.lastIndexOf(' '));
                    bytes += Long.parseLong(kilobytes.strip()) << 10;
                }
            }
            long sampled = bytes;
            peakRssBytes.accumulateAndGet(sampled, Math::max);
        } catch (IOException e) {
            peakRssBytes.accumulateAndGet(0, Math::max); // no procfs: the figure stays 0
        }
    }
}
