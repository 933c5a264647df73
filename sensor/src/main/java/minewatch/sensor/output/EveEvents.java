package minewatch.sensor.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.List;
import java.util.Locale;
import minewatch.feed.Addresses;
import minewatch.feed.HitJson;
import minewatch.feed.Times;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hit;

/// A hit as Suricata's EVE JSON (its user guide, "EVE JSON Format"): one `alert` event a flow, with
/// the whole hit beside it as `minewatch`, so that what reads Suricata's output reads this.
public final class EveEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SEVERITY_ACT = 1;
    private static final int SEVERITY_WATCH = 3;

    private EveEvents() {}

    /// One JSON object for each of the hit's flows, without line ends.
    public static List<String> of(Hit hit) {
        return hit.getFlowsList().stream().map(flow -> event(hit, flow)).toList();
    }

    private static String event(Hit hit, Flow flow) {
        ObjectNode event = JSON.createObjectNode();
        event.put("timestamp", Times.text(flow.getLastSeenNanos()));
        event.put("event_type", "alert");
        event.put("src_ip", Addresses.text(hit.getSourceIp()));
        event.put("src_port", flow.getSourcePort());
        event.put("dest_ip", Addresses.text(flow.getDestinationIp()));
        event.put("dest_port", flow.getDestinationPort());
        event.put("proto", "TCP");
        event.put("community_id", flow.getCommunityId());
        ObjectNode alert = event.putObject("alert");
        alert.put("action", "allowed");
        alert.put(
                "signature",
                "Minewatch "
                        + hit.getVerdict().name().toLowerCase(Locale.ROOT)
                        + " "
                        + String.join(" ", hit.getProtocolsList()));
        alert.put("category", "Crypto Currency Mining Activity Detected");
        alert.put(
                "severity",
                switch (hit.getVerdict()) {
                    case MINER, BROWSER, RELAY -> SEVERITY_ACT;
                    default -> SEVERITY_WATCH;
                });
        event.putRawValue("minewatch", new RawValue(HitJson.write(hit)));
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers can be written", e);
        }
    }
}
