package minewatch.collector.web;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import minewatch.collector.report.Band;
import minewatch.collector.report.ProjectDetail.StoredHit;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Direction;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;
import org.jspecify.annotations.Nullable;

/// One hit as it is shown, with what it does not know said in words.
public final class HitView {
    private final StoredHit stored;
    private final Hit hit;
    private final Page page;
    private final Map<String, Double> scales;

    /// @param scales by algorithm: the value at the right edge of every bar, so that bars compare
    HitView(StoredHit stored, Page page, Map<String, Double> scales) {
        this.stored = stored;
        this.hit = stored.hit();
        this.page = page;
        this.scales = scales;
    }

    /// Hashrate of one algorithm in the interval of the hit.
    ///
    /// @param bar null where nothing but the miners' own word is known, which has no bounds
    /// @param claim null where the miners state nothing beside the estimate
    public record Rate(
            String algorithm,
            Formats.Figure figure,
            @Nullable IntervalBar bar,
            String basis,
            @Nullable Claim claim) {}

    /// What the miners state themselves, held against the estimate: a claim, and no evidence.
    ///
    /// @param outside which bound of the estimate it is beyond, in words; null for none
    public record Claim(String rate, @Nullable String outside) {}

    public record PoolView(String name, String endpoint, String by) {}

    public record FlowView(
            String communityId,
            String from,
            String to,
            Formats.Stamp firstSeen,
            Formats.Stamp lastSeen,
            String packets,
            String octets) {}

    public record EvidenceView(
            String signature,
            long revision,
            String direction,
            String weight,
            boolean against,
            String count,
            Formats.Stamp at,
            @Nullable String excerpt) {}

    public StoredHit stored() {
        return stored;
    }

    public Hit hit() {
        return hit;
    }

    /// Which registry named the holder.
    public String attributionSource() {
        return stored.attributionSource() == null
                ? page.text("unknown")
                : stored.attributionSource();
    }

    public String sourceIp() {
        return ip(hit.getSourceIp());
    }

    public String verdict() {
        return verdictName(hit.getVerdict());
    }

    /// The name of the contract; `unspecified` where the sensor gave none.
    static String verdictName(Verdict verdict) {
        return switch (verdict) {
            case MINER -> "miner";
            case PROBABLE -> "probable";
            case POSSIBLE -> "possible";
            case RELAY -> "relay";
            case BROWSER -> "browser";
            case NODE -> "node";
            case VERDICT_UNSPECIFIED, UNRECOGNIZED -> "unspecified";
        };
    }

    public Formats.Stamp firstSeen() {
        return page.formats().time(hit.getFirstSeenNanos());
    }

    public Formats.Stamp lastSeen() {
        return page.formats().time(hit.getLastSeenNanos());
    }

    public List<Rate> rates() {
        return new TreeMap<>(hit.getHashrateMap())
                .entrySet().stream().map(entry -> rate(entry.getKey(), entry.getValue())).toList();
    }

    private Rate rate(String algorithm, Hashrate rate) {
        var band = new Band(rate.getLow(), rate.getBest(), rate.getHigh());
        String key = "basis." + rate.getBasis();
        return new Rate(
                printable(algorithm),
                page.formats().hashrate(band, printable(rate.getUnit())),
                isClaim(rate)
                        ? null
                        : IntervalBar.of(band, scales.getOrDefault(algorithm, band.high())),
                page.has(key)
                        ? page.text(
                                key, rate.getShares(), page.formats().seconds(rate.getSeconds()))
                        : printable(rate.getBasis()),
                rate.hasSelfReported() && !isClaim(rate) ? claim(rate) : null);
    }

    /// Whether the rate is what the miners say, and no estimate.
    static boolean isClaim(Hashrate rate) {
        return rate.getBasis().equals("self-reported");
    }

    private Claim claim(Hashrate rate) {
        double stated = rate.getSelfReported();
        String outside =
                stated > rate.getHigh()
                        ? page.text("hit.hashrate.claim.above")
                        : stated < rate.getLow() ? page.text("hit.hashrate.claim.below") : null;
        String figure =
                page.formats()
                        .hashrate(new Band(stated, stated, stated), printable(rate.getUnit()))
                        .best();
        return new Claim(page.text("hit.hashrate.claim", figure), outside);
    }

    public Formats.@Nullable Figure power() {
        if (!hit.hasPowerWatts()) {
            return null;
        }
        var watts = hit.getPowerWatts();
        return page.formats().power(new Band(watts.getLow(), watts.getBest(), watts.getHigh()));
    }

    public List<PoolView> pools() {
        return hit.getPoolsList().stream().map(this::pool).toList();
    }

    private PoolView pool(Pool pool) {
        String host = pool.hasHost() ? printable(pool.getHost()) : "";
        String ip = pool.getIp().isEmpty() ? "" : ip(pool.getIp());
        String where = host.isEmpty() ? ip : ip.isEmpty() ? host : host + " (" + ip + ")";
        return new PoolView(
                pool.hasName() ? printable(pool.getName()) : page.text("pool.unnamed"),
                pool.getPort() == 0 ? where : where + " · " + pool.getPort(),
                printable(String.join(", ", pool.getByList())));
    }

    /// How many shares went which way; empty where nothing is said. What the half of the dialogue
    /// that was not seen would have told is left out, for it is not zero.
    public String shares() {
        Shares shares = hit.getShares();
        var told = new ArrayList<String>();
        if (shares.hasSubmitted()) {
            told.add(page.text("hit.shares.submitted", shares.getSubmitted()));
        }
        if (shares.hasAccepted()) {
            told.add(page.text("hit.shares.accepted", shares.getAccepted()));
        }
        if (shares.hasRejected()) {
            told.add(page.text("hit.shares.rejected", shares.getRejected()));
        }
        return String.join(" · ", told);
    }

    /// Which sides of the conversation the tap showed, in words; null where the sensor did not
    /// tell.
    public @Nullable String visibility() {
        Visibility seen = hit.getVisibility();
        if (!seen.getOriginator() && !seen.getResponder()) {
            return null;
        }
        String sides = !oneSided() ? "both" : seen.getOriginator() ? "originator" : "responder";
        return page.text(
                "visibility",
                page.text("visibility." + sides),
                page.text(seen.getHandshake() ? "visibility.start" : "visibility.middle"));
    }

    /// Whether only one half of the dialogue was on the tap.
    public boolean oneSided() {
        Visibility seen = hit.getVisibility();
        return seen.getOriginator() != seen.getResponder();
    }

    public List<FlowView> flows() {
        return hit.getFlowsList().stream().map(this::flow).toList();
    }

    private FlowView flow(Flow flow) {
        return new FlowView(
                printable(flow.getCommunityId()),
                endpoint(sourceIp(), flow.getSourcePort()),
                endpoint(ip(flow.getDestinationIp()), flow.getDestinationPort()),
                page.formats().time(flow.getFirstSeenNanos()),
                page.formats().time(flow.getLastSeenNanos()),
                page.formats().count(flow.getPackets()),
                page.formats().count(flow.getOctets()));
    }

    /// RFC 3986 form: an IPv6 address stands in brackets before a port.
    private static String endpoint(String ip, int port) {
        return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
    }

    public List<EvidenceView> evidence() {
        return hit.getEvidenceList().stream().map(this::evidence).toList();
    }

    private EvidenceView evidence(Evidence evidence) {
        return new EvidenceView(
                printable(evidence.getSignature()),
                Integer.toUnsignedLong(evidence.getRevision()),
                page.text("direction." + directionName(evidence.getDirection())),
                page.formats().weight(evidence.getWeight()),
                evidence.getWeight() < 0,
                page.formats().count(evidence.getCount()),
                page.formats().time(evidence.getAtNanos()),
                evidence.getExcerpt().isEmpty() ? null : printable(evidence.getExcerpt()));
    }

    private static String directionName(Direction direction) {
        return switch (direction) {
            case ORIGINATOR -> "originator";
            case RESPONDER -> "responder";
            case DIRECTION_UNSPECIFIED, UNRECOGNIZED -> "unspecified";
        };
    }

    /// Foreign text made visible: control and format characters, which could reorder or hide what
    /// stands beside them, as JSON writes them.
    public static String printable(String text) {
        var shown = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (isVisible(c)) {
                        shown.appendCodePoint(c);
                    } else {
                        shown.append(escaped(c));
                    }
                });
        return shown.toString();
    }

    private static String escaped(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(Locale.ROOT, "\\u%04x", codePoint);
        };
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }

    /// Bytes that are no address are shown as they are, in hexadecimal.
    static String ip(ByteString bytes) {
        byte[] octets = bytes.toByteArray();
        return Addresses.isAddress(octets)
                ? Addresses.text(octets)
                : "0x" + HexFormat.of().formatHex(octets);
    }
}
