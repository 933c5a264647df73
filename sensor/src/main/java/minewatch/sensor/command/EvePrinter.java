package minewatch.sensor.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.util.List;
import minewatch.feed.Addresses;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hit;

/// Suricata's EVE JSON (its user guide, "EVE JSON Format"): one `alert` event a flow, with the
/// whole hit beside it as `minewatch`, so that what reads Suricata's output reads this.
final class EvePrinter implements HitPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SEVERITY_ACT = 1;
    private static final int SEVERITY_WATCH = 3;

    private final Appendable out;

    EvePrinter(Appendable out) {
        this.out = out;
    }

    @Override
    public void print(List<Hit> hits) throws IOException {
        for (Hit hit : hits) {
            for (Flow flow : hit.getFlowsList()) {
                out.append(event(hit, flow)).append('\n');
            }
        }
    }

    @Override
    public void finish() {
        // every line is complete
    }

    private static String event(Hit hit, Flow flow) throws JsonProcessingException {
        ObjectNode event = JSON.createObjectNode();
        event.put("timestamp", HitText.time(flow.getLastSeenNanos()));
        event.put("event_type", "alert");
        event.put("src_ip", HitText.sourceIp(hit));
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
                        + HitText.verdict(hit)
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
        return JSON.writeValueAsString(event);
    }
}
