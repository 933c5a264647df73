package minewatch.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import minewatch.feed.v1.Direction;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Visibility;

/// The JSON form of a hit, `minewatch.hit/1`: one object on one line, fields always in the same
/// order, what is not known left out (empty lists, no file, no shares…).
///
/// - Times are RFC 3339 in UTC with nine fractional digits; addresses as [Addresses] writes them.
/// - Hashrates, powers and weights have at most 6 significant digits, seconds at most 3 decimals, a
///   confidence at most 6 decimals; a confidence below 1 is never written as 1.
///
/// Thread-safe: no state.
public final class HitJson {
    /// The value of the field `schema`.
    public static final String SCHEMA = "minewatch.hit/1";

    static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(8)
                                    .maxStringLength(1 << 16)
                                    .maxNumberLength(40)
                                    .maxDocumentLength(16 << 20)
                                    .build())
                    .build();

    private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);
    private static final double ALMOST_CERTAIN = 0.999999;

    private HitJson() {}

    /// The hit's line, without the line feed.
    ///
    /// @throws IllegalArgumentException if the hit breaks a rule of [HitRules]
    public static String write(Hit hit) {
        var text = new StringWriter(1024);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(hit, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter does not fail
        }
        return text.toString();
    }

    /// Appends the hit's line, without the line feed.
    ///
    /// @throws IllegalArgumentException if the hit breaks a rule of [HitRules]
    public static void write(Hit hit, Appendable out) throws IOException {
        out.append(write(hit));
    }

    /// Writes the hit as one object, wherever the generator stands.
    ///
    /// @throws IllegalArgumentException if the hit breaks a rule of [HitRules]
    public static void write(Hit hit, JsonGenerator json) throws IOException {
        HitRules.check(hit);
        json.writeStartObject();
        json.writeStringField("schema", SCHEMA);
        json.writeStringField("sensor", hit.getSensor());
        text(json, "file", hit.getFile(), hit.hasFile());
        json.writeStringField("source_ip", Addresses.text(hit.getSourceIp()));
        json.writeStringField("first_seen", Times.text(hit.getFirstSeenNanos()));
        json.writeStringField("last_seen", Times.text(hit.getLastSeenNanos()));
        json.writeStringField("verdict", lower(hit.getVerdict()));
        confidence(json, hit.getConfidence());
        texts(json, "protocols", hit.getProtocolsList());
        texts(json, "algorithms", hit.getAlgorithmsList());
        texts(json, "coins", hit.getCoinsList());
        objects(json, "pools", hit.getPoolsList(), HitJson::pool);
        texts(json, "agents", hit.getAgentsList());
        texts(json, "accounts", hit.getAccountsList());
        texts(json, "workers", hit.getWorkersList());
        positive(json, "sessions", hit.getSessions());
        positive(json, "miners", hit.getMiners());
        measures(json, hit);
        objects(json, "flows", hit.getFlowsList(), HitJson::flow);
        objects(json, "evidence", hit.getEvidenceList(), HitJson::evidence);
        json.writeEndObject();
    }

    /// Reads what [#write(Hit)] writes. Strict: unknown or repeated fields, other types, and hits
    /// that break a rule of [HitRules] are refused.
    ///
    /// @throws IllegalArgumentException `name: value (expected: rule)`, or what is wrong with the
    ///   JSON
    public static Hit parse(String line) {
        return HitReader.read(line);
    }

    private static void measures(JsonGenerator json, Hit hit) throws IOException {
        if (hit.hasShares()) {
            json.writeObjectFieldStart("shares");
            shares(json, hit.getShares());
        }
        if (hit.getHashrateCount() > 0) {
            json.writeObjectFieldStart("hashrate");
            for (var entry : new TreeMap<>(hit.getHashrateMap()).entrySet()) {
                json.writeObjectFieldStart(entry.getKey());
                hashrate(json, entry.getValue());
            }
            json.writeEndObject();
        }
        if (hit.hasPowerWatts()) {
            json.writeObjectFieldStart("power_watts");
            power(json, hit.getPowerWatts());
        }
        if (hit.hasVisibility()) {
            json.writeObjectFieldStart("visibility");
            visibility(json, hit.getVisibility());
        }
    }

    private static void pool(JsonGenerator json, Pool pool) throws IOException {
        text(json, "name", pool.getName(), pool.hasName());
        text(json, "host", pool.getHost(), pool.hasHost());
        if (!pool.getIp().isEmpty()) {
            json.writeStringField("ip", Addresses.text(pool.getIp()));
        }
        positive(json, "port", pool.getPort());
        texts(json, "by", pool.getByList());
    }

    private static void shares(JsonGenerator json, Shares shares) throws IOException {
        if (shares.hasSubmitted()) {
            json.writeNumberField("submitted", shares.getSubmitted());
        }
        if (shares.hasAccepted()) {
            json.writeNumberField("accepted", shares.getAccepted());
        }
        if (shares.hasRejected()) {
            json.writeNumberField("rejected", shares.getRejected());
        }
        json.writeEndObject();
    }

    private static void hashrate(JsonGenerator json, Hashrate rate) throws IOException {
        sixDigits(json, "low", rate.getLow());
        sixDigits(json, "best", rate.getBest());
        sixDigits(json, "high", rate.getHigh());
        json.writeStringField("unit", rate.getUnit());
        json.writeNumberField("shares", rate.getShares());
        json.writeNumberField("seconds", decimals(rate.getSeconds(), 3));
        json.writeStringField("basis", rate.getBasis());
        if (rate.hasSelfReported()) {
            sixDigits(json, "self_reported", rate.getSelfReported());
        }
        if (rate.hasEffectiveShares()) {
            sixDigits(json, "effective_shares", rate.getEffectiveShares());
        }
        json.writeEndObject();
    }

    private static void power(JsonGenerator json, PowerWatts power) throws IOException {
        sixDigits(json, "low", power.getLow());
        sixDigits(json, "best", power.getBest());
        sixDigits(json, "high", power.getHigh());
        json.writeStringField("basis", power.getBasis());
        json.writeEndObject();
    }

    private static void visibility(JsonGenerator json, Visibility visibility) throws IOException {
        json.writeBooleanField("originator", visibility.getOriginator());
        json.writeBooleanField("responder", visibility.getResponder());
        json.writeBooleanField("handshake", visibility.getHandshake());
        json.writeEndObject();
    }

    private static void flow(JsonGenerator json, Flow flow) throws IOException {
        text(json, "community_id", flow.getCommunityId(), !flow.getCommunityId().isEmpty());
        json.writeNumberField("source_port", flow.getSourcePort());
        json.writeStringField("destination_ip", Addresses.text(flow.getDestinationIp()));
        json.writeNumberField("destination_port", flow.getDestinationPort());
        json.writeStringField("first_seen", Times.text(flow.getFirstSeenNanos()));
        json.writeStringField("last_seen", Times.text(flow.getLastSeenNanos()));
        json.writeNumberField("packets", flow.getPackets());
        json.writeNumberField("octets", flow.getOctets());
    }

    private static void evidence(JsonGenerator json, Evidence evidence) throws IOException {
        json.writeStringField("signature", evidence.getSignature());
        json.writeNumberField("revision", evidence.getRevision());
        sixDigits(json, "weight", evidence.getWeight());
        json.writeNumberField("count", evidence.getCount());
        json.writeStringField("at", Times.text(evidence.getAtNanos()));
        Direction direction = evidence.getDirection();
        boolean known = direction == Direction.ORIGINATOR || direction == Direction.RESPONDER;
        text(json, "direction", lower(direction), known);
        text(json, "excerpt", evidence.getExcerpt(), evidence.hasExcerpt());
    }

    private static void confidence(JsonGenerator json, double confidence) throws IOException {
        double rounded = decimals(confidence, 6);
        boolean roundedUp = rounded == 1 && confidence < 1;
        json.writeNumberField("confidence", roundedUp ? ALMOST_CERTAIN : rounded);
    }

    /// Whole numbers without a fraction, large ones with an exponent: `420`, `1.4e13`.
    private static void sixDigits(JsonGenerator json, String name, double value)
            throws IOException {
        double rounded = new BigDecimal(value).round(SIX_DIGITS).doubleValue();
        json.writeFieldName(name);
        if (rounded == Math.rint(rounded) && Math.abs(rounded) < 1e7) {
            json.writeNumber((long) rounded);
        } else {
            json.writeNumber(Double.toString(rounded).replace('E', 'e'));
        }
    }

    private static double decimals(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    }

    private static void positive(JsonGenerator json, String name, int value) throws IOException {
        if (value > 0) {
            json.writeNumberField(name, value);
        }
    }

    private static void text(JsonGenerator json, String name, String value, boolean known)
            throws IOException {
        if (known) {
            json.writeStringField(name, value);
        }
    }

    private static void texts(JsonGenerator json, String name, List<String> values)
            throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(name);
            for (String value : values) {
                json.writeString(value);
            }
            json.writeEndArray();
        }
    }

    private static <T> void objects(
            JsonGenerator json, String name, List<T> values, FieldsWriter<T> fields)
            throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(name);
            for (T value : values) {
                json.writeStartObject();
                fields.write(json, value);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private interface FieldsWriter<T> {
        void write(JsonGenerator json, T value) throws IOException;
    }
}
