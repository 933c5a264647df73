package minewatch.feed;

import java.util.Optional;
import java.util.function.Supplier;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Verdict;

/// What every hit must satisfy, whoever sent it: the receiving side checks before it stores, the
/// JSON writer before it writes.
public final class HitRules {
    /// Longest excerpt, bytes of UTF-8.
    public static final int MAX_EXCERPT_BYTES = 256;

    /// Most elements in any one list of a hit.
    public static final int MAX_LIST = 10_000;

    private static final int MAX_TEXT = 4096; // characters, any other text

    private HitRules() {}

    /// The first broken rule as `name: value (expected: rule)`, or empty if the hit is sound.
    public static Optional<String> problem(Hit hit) {
        try {
            hit(hit);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// @throws IllegalArgumentException with the first broken rule as its message
    public static void check(Hit hit) {
        hit(hit);
    }

    private static void hit(Hit hit) {
        require(!hit.getSensor().isBlank(), "sensor", () -> "empty", "a sensor id");
        text("sensor", hit.getSensor());
        text("file", hit.getFile());
        address("source_ip", hit.getSourceIp());
        require(
                hit.getFirstSeenNanos() <= hit.getLastSeenNanos(),
                "last_seen",
                () -> Times.text(hit.getLastSeenNanos()),
                "not before first_seen");
        verdict(hit.getVerdict());
        double confidence = hit.getConfidence();
        require(confidence >= 0 && confidence <= 1, "confidence", () -> confidence, "0 to 1");
        lists(hit);
        count("sessions", hit.getSessions());
        count("miners", hit.getMiners());
        count("shares.submitted", hit.getShares().getSubmitted());
        count("shares.accepted", hit.getShares().getAccepted());
        count("shares.rejected", hit.getShares().getRejected());
        hit.getHashrateMap().forEach(HitRules::hashrate);
        if (hit.hasPowerWatts()) {
            power(hit.getPowerWatts());
        }
        hit.getPoolsList().forEach(HitRules::pool);
        hit.getFlowsList().forEach(HitRules::flow);
        hit.getEvidenceList().forEach(HitRules::evidence);
    }

    private static void lists(Hit hit) {
        texts("protocols", hit.getProtocolsList());
        texts("algorithms", hit.getAlgorithmsList());
        texts("coins", hit.getCoinsList());
        texts("agents", hit.getAgentsList());
        texts("accounts", hit.getAccountsList());
        texts("workers", hit.getWorkersList());
        size("pools", hit.getPoolsCount());
        size("hashrate", hit.getHashrateCount());
        size("flows", hit.getFlowsCount());
        size("evidence", hit.getEvidenceCount());
    }

    private static void verdict(Verdict verdict) {
        boolean known = verdict != Verdict.VERDICT_UNSPECIFIED && verdict != Verdict.UNRECOGNIZED;
        require(
                known,
                "verdict",
                () -> verdict,
                "miner, probable, possible, relay, browser or node");
    }

    private static void pool(Pool pool) {
        text("pools.name", pool.getName());
        text("pools.host", pool.getHost());
        if (!pool.getIp().isEmpty()) {
            address("pools.ip", pool.getIp());
        }
        port("pools.port", pool.getPort());
        texts("pools.by", pool.getByList());
    }

    private static void hashrate(String algorithm, Hashrate rate) {
        String name = "hashrate." + algorithm;
        text("hashrate", algorithm);
        bounds(name, rate.getLow(), rate.getBest(), rate.getHigh());
        finite(name + ".seconds", rate.getSeconds());
        count(name + ".shares", rate.getShares());
        finite(name + ".self_reported", rate.getSelfReported());
        finite(name + ".effective_shares", rate.getEffectiveShares());
        text(name + ".unit", rate.getUnit());
        text(name + ".basis", rate.getBasis());
    }

    private static void power(PowerWatts power) {
        bounds("power_watts", power.getLow(), power.getBest(), power.getHigh());
        text("power_watts.basis", power.getBasis());
    }

    private static void flow(Flow flow) {
        text("flows.community_id", flow.getCommunityId());
        address("flows.destination_ip", flow.getDestinationIp());
        port("flows.source_port", flow.getSourcePort());
        port("flows.destination_port", flow.getDestinationPort());
        count("flows.packets", flow.getPackets());
        count("flows.octets", flow.getOctets());
    }

    private static void evidence(Evidence evidence) {
        require(!evidence.getSignature().isBlank(), "evidence.signature", () -> "empty", "a name");
        text("evidence.signature", evidence.getSignature());
        require(
                Double.isFinite(evidence.getWeight()),
                "evidence.weight",
                evidence::getWeight,
                "a finite number");
        count("evidence.revision", evidence.getRevision());
        count("evidence.count", evidence.getCount());
        int bytes = evidence.getExcerptBytes().size();
        require(
                bytes <= MAX_EXCERPT_BYTES,
                "evidence.excerpt",
                () -> bytes + " bytes",
                "at most " + MAX_EXCERPT_BYTES);
    }

    private static void bounds(String name, double low, double best, double high) {
        finite(name + ".low", low);
        finite(name + ".best", best);
        finite(name + ".high", high);
        require(
                low <= best && best <= high,
                name,
                () -> low + ", " + best + ", " + high,
                "low ≤ best ≤ high");
    }

    private static void finite(String name, double value) {
        require(Double.isFinite(value) && value >= 0, name, () -> value, "a finite number from 0");
    }

    private static void count(String name, long value) {
        require(value >= 0, name, () -> Long.toUnsignedString(value), "below 2^63");
    }

    private static void port(String name, int value) {
        require(
                value >= 0 && value <= 65_535,
                name,
                () -> Integer.toUnsignedString(value),
                "0 to 65535");
    }

    private static void address(String name, com.google.protobuf.ByteString bytes) {
        require(
                Addresses.isAddress(bytes.toByteArray()),
                name,
                () -> bytes.size() + " bytes",
                "4, or 16 that are not IPv4-mapped");
    }

    private static void texts(String name, java.util.List<String> values) {
        size(name, values.size());
        values.forEach(value -> text(name, value));
    }

    private static void text(String name, String value) {
        require(
                value.length() <= MAX_TEXT,
                name,
                () -> value.length() + " characters",
                "at most " + MAX_TEXT);
    }

    private static void size(String name, int size) {
        require(size <= MAX_LIST, name, () -> size + " elements", "at most " + MAX_LIST);
    }

    /// @param value asked for only to tell of it: most hits break no rule
    private static void require(boolean holds, String name, Supplier<?> value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(
                    name + ": " + value.get() + " (expected: " + rule + ")");
        }
    }
}
