package minewatch.sensor.output;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;

/// A hit as events of the Common Event Format, version 0 (ArcSight, "Implementing ArcSight Common
/// Event Format", revision 25): one a flow, as in the EVE file. No event has a line end, and none
/// is longer than [#MAX_CHARS].
final class CefEvents {
    /// A receiver of RFC 5425 should take 8,192 octets; UTF-8 takes up to three for a character
    /// here.
    static final int MAX_CHARS = 2500;

    private static final int MAX_VALUE = 200; // characters
    private static final int SEVERITY_ACT = 8; // of 10
    private static final int SEVERITY_WATCH = 4;

    private final String version;

    /// @param version of this program
    CefEvents(String version) {
        this.version = version;
    }

    /// @param id what tells this hit from every other, the same whenever it is sent again
    List<String> of(Hit hit, String id) {
        return hit.getFlowsList().stream().map(flow -> event(hit, flow, id)).toList();
    }

    /// Of the event, 0 to 10.
    static int severity(Verdict verdict) {
        return switch (verdict) {
            case MINER, BROWSER, RELAY -> SEVERITY_ACT;
            default -> SEVERITY_WATCH;
        };
    }

    private String event(Hit hit, Flow flow, String id) {
        String verdict = hit.getVerdict().name().toLowerCase(Locale.ROOT);
        var event = new StringBuilder("CEF:0|Minewatch|Minewatch|");
        event.append(header(version)).append('|');
        event.append(header(String.join(" ", hit.getProtocolsList()))).append('|');
        event.append("Cryptocurrency mining: ").append(verdict).append('|');
        event.append(severity(hit.getVerdict())).append('|');
        int start = event.length();
        put(event, "externalId", id);
        put(event, "dvchost", hit.getSensor());
        put(event, "start", millis(hit.getFirstSeenNanos()));
        put(event, "end", millis(hit.getLastSeenNanos()));
        put(event, "rt", millis(flow.getLastSeenNanos()));
        address(event, "src", "c6a2", "Source IPv6 Address", Addresses.text(hit.getSourceIp()));
        put(event, "spt", flow.getSourcePort());
        address(
                event,
                "dst",
                "c6a3",
                "Destination IPv6 Address",
                Addresses.text(flow.getDestinationIp()));
        put(event, "dpt", flow.getDestinationPort());
        put(event, "proto", "TCP");
        put(event, "app", String.join(" ", hit.getProtocolsList()));
        put(event, "cat", "mining");
        put(event, "outcome", verdict);
        labelled(event, "cs1", "communityId", flow.getCommunityId());
        labelled(event, "cs2", "algorithms", String.join(" ", hit.getAlgorithmsList()));
        labelled(event, "cs3", "coins", String.join(" ", hit.getCoinsList()));
        labelled(event, "cs4", "pools", pools(hit));
        labelled(event, "cs5", "hashrate", hashrates(hit.getHashrateMap()));
        labelled(event, "cs6", "accounts", String.join(" ", hit.getAccountsList()));
        labelled(event, "cfp1", "confidence", number(hit.getConfidence()));
        if (hit.hasPowerWatts()) {
            labelled(event, "cfp2", "powerWatts", number(hit.getPowerWatts().getBest()));
        }
        labelled(event, "cn1", "sessions", String.valueOf(hit.getSessions()));
        if (hit.hasShares()) {
            labelled(
                    event,
                    "cn2",
                    "sharesSubmitted",
                    String.valueOf(hit.getShares().getSubmitted()));
        }
        if (hit.hasMiners()) {
            labelled(event, "cn3", "minersAtLeast", String.valueOf(hit.getMiners()));
        }
        put(event, "msg", evidence(hit));
        event.deleteCharAt(start);
        return event.toString();
    }

    private static String pools(Hit hit) {
        return hit.getPoolsList().stream()
                .map(pool -> pool.hasName() ? pool.getName() : pool.getHost())
                .filter(name -> !name.isEmpty())
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static String hashrates(Map<String, Hashrate> rates) {
        return rates.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(rate ->
                        rate.getKey()
                                + " "
                                + number(rate.getValue().getBest())
                                + " "
                                + rate.getValue().getUnit())
                .collect(Collectors.joining(", "));
    }

    private static String evidence(Hit hit) {
        return hit.getEvidenceList().stream()
                .map(Evidence::getSignature)
                .distinct()
                .collect(Collectors.joining(" "));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static void address(
            StringBuilder event, String key, String key6, String label, String address) {
        if (address.indexOf(':') < 0) {
            put(event, key, address);
        } else {
            labelled(event, key6, label, address);
        }
    }

    private static void labelled(StringBuilder event, String key, String label, String value) {
        if (!value.isEmpty()) {
            put(event, key, value);
            put(event, key + "Label", label);
        }
    }

    private static void put(StringBuilder event, String key, long value) {
        put(event, key, String.valueOf(value));
    }

    private static void put(StringBuilder event, String key, String value) {
        String text = extension(value);
        if (!text.isEmpty() && event.length() + key.length() + text.length() + 2 <= MAX_CHARS) {
            event.append(' ').append(key).append('=').append(text);
        }
    }

    /// In the header, a pipe ends a field.
    private static String header(String text) {
        return cut(text).replace("\\", "\\\\").replace("|", "\\|");
    }

    /// In the extension, an equals sign ends a key.
    private static String extension(String text) {
        return cut(text).replace("\\", "\\\\").replace("=", "\\=");
    }

    /// What traffic says is foreign: no control character of it gets into a log.
    private static String cut(String text) {
        String shown = text.length() <= MAX_VALUE ? text : text.substring(0, MAX_VALUE - 1) + "…";
        return shown.codePoints()
                .map(c -> Character.isISOControl(c) || !Character.isDefined(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
