package minewatch.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import minewatch.feed.v1.Direction;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;
import org.jspecify.annotations.Nullable;

/// One line of JSON → one hit. Streaming, so an oversized line fails early ([HitJson#JSON] holds
/// the limits).
final class HitReader {
    private static final Set<String> REQUIRED =
            Set.of(
                    "schema",
                    "sensor",
                    "source_ip",
                    "first_seen",
                    "last_seen",
                    "verdict",
                    "confidence");

    private final JsonParser json;
    private final Hit.Builder hit = Hit.newBuilder();
    private String path = ""; // of the value being read, for messages

    private HitReader(JsonParser json) {
        this.json = json;
    }

    static Hit read(String line) {
        try (JsonParser json = HitJson.JSON.createParser(line)) {
            return new HitReader(json).line();
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            throw new IllegalArgumentException(
                    "column " + column + ": not a JSON object: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a String does not fail
        }
    }

    private Hit line() throws IOException {
        json.nextToken();
        Set<String> seen = new HashSet<>();
        object(name -> {
            seen.add(name);
            return hitField(name);
        });
        if (json.nextToken() != null) {
            throw expected(json.getText(), "one object a line");
        }
        for (String name : REQUIRED.stream().sorted().toList()) {
            if (!seen.contains(name)) {
                path = name;
                throw expected("missing", "always there");
            }
        }
        Hit read = hit.build();
        HitRules.check(read);
        return read;
    }

    private boolean hitField(String name) throws IOException {
        switch (name) {
            case "schema" -> schema();
            case "sensor" -> hit.setSensor(text());
            case "file" -> hit.setFile(text());
            case "source_ip" -> hit.setSourceIp(checked(text(), Addresses::parse));
            case "first_seen" -> hit.setFirstSeenNanos(time());
            case "last_seen" -> hit.setLastSeenNanos(time());
            case "verdict" -> hit.setVerdict(constant(Verdict.class, Verdict.VERDICT_UNSPECIFIED));
            case "confidence" -> hit.setConfidence(number());
            default -> {
                return listField(name) || measureField(name);
            }
        }
        return true;
    }

    private boolean listField(String name) throws IOException {
        switch (name) {
            case "protocols" -> texts(hit::addProtocols);
            case "algorithms" -> texts(hit::addAlgorithms);
            case "coins" -> texts(hit::addCoins);
            case "pools" -> list(() -> hit.addPools(pool()));
            case "agents" -> texts(hit::addAgents);
            case "accounts" -> texts(hit::addAccounts);
            case "workers" -> texts(hit::addWorkers);
            case "flows" -> list(() -> hit.addFlows(flow()));
            case "evidence" -> list(() -> hit.addEvidence(evidence()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean measureField(String name) throws IOException {
        switch (name) {
            case "sessions" -> hit.setSessions(whole32());
            case "miners" -> hit.setMiners(whole32());
            case "shares" -> hit.setShares(shares());
            case "hashrate" ->
                    object(algorithm -> {
                        hit.putHashrate(algorithm, hashrate());
                        return true;
                    });
            case "power_watts" -> hit.setPowerWatts(power());
            case "visibility" -> hit.setVisibility(visibility());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void schema() throws IOException {
        String schema = text();
        if (!schema.equals(HitJson.SCHEMA)) {
            throw expected(schema, HitJson.SCHEMA);
        }
    }

    private Pool pool() throws IOException {
        var pool = Pool.newBuilder();
        object(name -> {
            switch (name) {
                case "name" -> pool.setName(text());
                case "host" -> pool.setHost(text());
                case "ip" -> pool.setIp(checked(text(), Addresses::parse));
                case "port" -> pool.setPort(whole32());
                case "by" -> texts(pool::addBy);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return pool.build();
    }

    private Shares shares() throws IOException {
        var shares = Shares.newBuilder();
        object(name -> {
            switch (name) {
                case "submitted" -> shares.setSubmitted(whole());
                case "accepted" -> shares.setAccepted(whole());
                case "rejected" -> shares.setRejected(whole());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return shares.build();
    }

    private Hashrate hashrate() throws IOException {
        var rate = Hashrate.newBuilder();
        object(name -> {
            switch (name) {
                case "low" -> rate.setLow(number());
                case "best" -> rate.setBest(number());
                case "high" -> rate.setHigh(number());
                case "unit" -> rate.setUnit(text());
                case "shares" -> rate.setShares(whole());
                case "seconds" -> rate.setSeconds(number());
                case "basis" -> rate.setBasis(text());
                case "self_reported" -> rate.setSelfReported(number());
                case "effective_shares" -> rate.setEffectiveShares(number());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return rate.build();
    }

    private PowerWatts power() throws IOException {
        var power = PowerWatts.newBuilder();
        object(name -> {
            switch (name) {
                case "low" -> power.setLow(number());
                case "best" -> power.setBest(number());
                case "high" -> power.setHigh(number());
                case "basis" -> power.setBasis(text());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return power.build();
    }

    private Visibility visibility() throws IOException {
        var visibility = Visibility.newBuilder();
        object(name -> {
            switch (name) {
                case "originator" -> visibility.setOriginator(bool());
                case "responder" -> visibility.setResponder(bool());
                case "handshake" -> visibility.setHandshake(bool());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return visibility.build();
    }

    private Flow flow() throws IOException {
        var flow = Flow.newBuilder();
        object(name -> {
            switch (name) {
                case "community_id" -> flow.setCommunityId(text());
                case "source_port" -> flow.setSourcePort(whole32());
                case "destination_ip" -> flow.setDestinationIp(checked(text(), Addresses::parse));
                case "destination_port" -> flow.setDestinationPort(whole32());
                case "first_seen" -> flow.setFirstSeenNanos(time());
                case "last_seen" -> flow.setLastSeenNanos(time());
                case "packets" -> flow.setPackets(whole());
                case "octets" -> flow.setOctets(whole());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return flow.build();
    }

    private Evidence evidence() throws IOException {
        var evidence = Evidence.newBuilder();
        object(name -> {
            switch (name) {
                case "signature" -> evidence.setSignature(text());
                case "revision" -> evidence.setRevision(whole32());
                case "weight" -> evidence.setWeight(number());
                case "count" -> evidence.setCount(whole());
                case "at" -> evidence.setAtNanos(time());
                case "direction" ->
                        evidence.setDirection(
                                constant(Direction.class, Direction.DIRECTION_UNSPECIFIED));
                case "excerpt" -> evidence.setExcerpt(text());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return evidence.build();
    }

    /// The parser stands on `{`; afterwards on its `}`.
    private void object(FieldReader fields) throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT, "an object");
        String outer = path;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            path = outer.isEmpty() ? name : outer + "." + name;
            json.nextToken();
            if (!fields.read(name)) {
                throw new IllegalArgumentException(path + ": unknown field");
            }
        }
        path = outer;
    }

    private void list(ElementReader element) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, "a list");
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(count++ < HitRules.MAX_LIST, "at most " + HitRules.MAX_LIST + " elements");
            element.read();
        }
    }

    private void texts(Consumer<String> add) throws IOException {
        list(() -> add.accept(text()));
    }

    private String text() throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, "a string");
        return json.getText();
    }

    private boolean bool() throws IOException {
        require(json.currentToken().isBoolean(), "true or false");
        return json.getBooleanValue();
    }

    private double number() throws IOException {
        require(json.currentToken().isNumeric(), "a number");
        return json.getDoubleValue();
    }

    private long whole() throws IOException {
        boolean fits =
                json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                        && json.getLongValue() >= 0;
        require(fits, "a whole number from 0, below 2^63");
        return json.getLongValue();
    }

    private int whole32() throws IOException {
        long value = whole();
        require(value <= Integer.MAX_VALUE, "a whole number from 0, below 2^31");
        return (int) value;
    }

    private long time() throws IOException {
        return checked(text(), Times::parse);
    }

    private <E extends Enum<E>> E constant(Class<E> type, E none) throws IOException {
        String text = text();
        List<String> names =
                EnumSet.allOf(type).stream()
                        .filter(c -> c != none && !c.name().equals("UNRECOGNIZED"))
                        .map(c -> c.name().toLowerCase(Locale.ROOT))
                        .toList();
        if (!names.contains(text)) {
            throw expected(text, names.stream().collect(Collectors.joining(", ", "one of ", "")));
        }
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    private <T> T checked(String text, TextParser<T> parser) {
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private void require(boolean holds, String rule) throws IOException {
        if (!holds) {
            throw expected(json.getText(), rule);
        }
    }

    private IllegalArgumentException expected(@Nullable String found, String rule) {
        String value = found == null ? "nothing" : found;
        String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
        String name = path.isEmpty() ? "" : path + ": ";
        return new IllegalArgumentException(name + shown + " (expected: " + rule + ")");
    }

    private interface FieldReader {
        /// @return false if there is no such field
        boolean read(String name) throws IOException;
    }

    private interface ElementReader {
        void read() throws IOException;
    }

    private interface TextParser<T> {
        T parse(String text);
    }
}
