package minewatch.sensor.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import minewatch.sensor.Visibility;

/// The figures of one `scan`, as the contract lists them under `--stats`.
final class Statistics {
    private static final long SAMPLE_MILLIS = 20;

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

    void start() {
        startNanos = System.nanoTime();
        sampler.start();
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
        double seconds = (stopNanos - startNanos) / 1e9;
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.put("packets", packets);
        json.put("octets", octets);
        json.put("seconds", seconds);
        json.put("packets_per_second", seconds > 0 ? packets / seconds : 0);
        json.put("steady_packets_per_second", halfNanos > 0 ? halfPackets / (halfNanos / 1e9) : 0);
        json.put("cpu_seconds", cpuSeconds());
        json.put("flows", flows);
        decodeAnomalies.forEach(json.putObject("decode_anomalies")::put);
        json.put("inspected_packets", inspected);
        inspectAnomalies.forEach(json.putObject("inspect_anomalies")::put);
        ObjectNode seen = json.putObject("visibility");
        seen.put("data_flows", visibility.dataFlows());
        seen.put("one_sided_flows", visibility.oneSidedFlows());
        seen.put("encrypted_flows", visibility.encryptedFlows());
        seen.put("lost_segments", visibility.lostSegments());
        seen.put("cut_segments", visibility.cutSegments());
        json.put("hits", hits);
        json.put("peak_rss_bytes", peakRssBytes.get());
        return mapper.writeValueAsString(json);
    }

    private static double cpuSeconds() {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
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
