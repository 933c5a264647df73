package minewatch.collector.ledger;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;

/// The totals of several (project, source IP) pairs, collected in memory and merged into the
/// database in one order, so that two transactions never wait for each other in a circle.
final class ProjectTotals {
    private static final String MERGE_SOURCE =
            """
            INSERT INTO project_source AS old (project_id, source_ip, hits, first_seen, last_seen,
                strength, confidence, mines, sessions, protocols,
                power_seen, power_low, power_best, power_high, miners)
            SELECT project_id, source_ip::inet, hits, timestamptz 'epoch' + first_seen * MICROSECOND,
                timestamptz 'epoch' + last_seen * MICROSECOND, strength, confidence, mines,
                sessions, string_to_array(protocols, ' '),
                CASE WHEN power_best <> 'NaN' THEN timestamptz 'epoch' + power_seen * MICROSECOND END,
                nullif(power_low, 'NaN'), nullif(power_best, 'NaN'), nullif(power_high, 'NaN'),
                nullif(miners, 0)
            FROM unnest(?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::integer[],
                ?::float8[], ?::boolean[], ?::integer[], ?::text[], ?::bigint[], ?::float8[],
                ?::float8[], ?::float8[], ?::integer[])
                AS added (project_id, source_ip, hits, first_seen, last_seen, strength, confidence,
                    mines, sessions, protocols, power_seen, power_low, power_best, power_high,
                    miners)
            ON CONFLICT (project_id, source_ip) DO UPDATE SET
                hits = old.hits + excluded.hits,
                first_seen = least(old.first_seen, excluded.first_seen),
                last_seen = greatest(old.last_seen, excluded.last_seen),
                strength = greatest(old.strength, excluded.strength),
                confidence = CASE
                    WHEN excluded.strength > old.strength THEN excluded.confidence
                    WHEN excluded.strength < old.strength THEN old.confidence
                    ELSE greatest(old.confidence, excluded.confidence) END,
                mines = old.mines OR excluded.mines,
                sessions = greatest(old.sessions, excluded.sessions),
                protocols = CASE WHEN old.protocols @> excluded.protocols THEN old.protocols
                    ELSE (ARRAY(SELECT DISTINCT unnest(old.protocols || excluded.protocols)
                        ORDER BY 1))[1:64] END,
                power_seen = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_seen ELSE old.power_seen END,
                power_low = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_low ELSE old.power_low END,
                power_best = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_best ELSE old.power_best END,
                power_high = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_high ELSE old.power_high END,
                miners = greatest(old.miners, excluded.miners)
            """
                    .replace("MICROSECOND", "interval '1 microsecond'");

    private static final String MERGE_HASHRATE =
            """
            INSERT INTO project_hashrate AS old (project_id, source_ip, algorithm, unit, sensor,
                hour, hashes, squares, shares, seen, powered, energy_low, energy_best, energy_high)
            SELECT project_id, source_ip::inet, algorithm, unit, sensor, to_timestamp(hour), hashes,
                squares, shares, seen::tstzmultirange, powered, energy_low, energy_best, energy_high
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                ?::float8[], ?::float8[], ?::bigint[], ?::text[], ?::float8[], ?::float8[],
                ?::float8[], ?::float8[])
                AS added (project_id, source_ip, algorithm, unit, sensor, hour, hashes, squares,
                    shares, seen, powered, energy_low, energy_best, energy_high)
            ON CONFLICT (project_id, source_ip, algorithm, unit, sensor, hour) DO UPDATE SET
                hashes = old.hashes + excluded.hashes,
                squares = old.squares + excluded.squares,
                shares = old.shares + excluded.shares,
                seen = old.seen + excluded.seen,
                powered = old.powered + excluded.powered,
                energy_low = old.energy_low + excluded.energy_low,
                energy_best = old.energy_best + excluded.energy_best,
                energy_high = old.energy_high + excluded.energy_high
            """;

    private final Map<Key, SourceTotals> totals = new HashMap<>();

    private record Key(long projectId, ByteString sourceIp) {
        private static final Comparator<Key> ORDER =
                Comparator.comparingLong(Key::projectId)
                        .thenComparing(
                                Key::sourceIp, ByteString.unsignedLexicographicalComparator());

        String address() {
            return Addresses.text(sourceIp);
        }
    }

    private record Work(Key key, SourceTotals.WorkKey of, PooledWork pooled) {}

    void add(long projectId, Hit hit) {
        totals.computeIfAbsent(new Key(projectId, hit.getSourceIp()), absent -> new SourceTotals())
                .add(hit);
    }

    /// Pairs of a project and a source IP.
    int sources() {
        return totals.size();
    }

    void merge(Connection connection) throws SQLException {
        List<Map.Entry<Key, SourceTotals>> ordered =
                totals.entrySet().stream().sorted(Map.Entry.comparingByKey(Key.ORDER)).toList();
        if (!ordered.isEmpty()) {
            mergeSources(connection, ordered);
        }
        var work = new ArrayList<Work>();
        for (Map.Entry<Key, SourceTotals> source : ordered) {
            source.getValue()
                    .work
                    .forEach((of, pooled) -> work.add(new Work(source.getKey(), of, pooled)));
        }
        if (!work.isEmpty()) {
            mergeHashrates(connection, work);
        }
    }

    private static void mergeSources(Connection connection, List<Map.Entry<Key, SourceTotals>> rows)
            throws SQLException {
        new Columns<>(connection, rows)
                .longs(row -> row.getKey().projectId())
                .texts(row -> row.getKey().address())
                .longs(row -> row.getValue().hits)
                .longs(row -> micros(row.getValue().firstSeenNanos))
                .longs(row -> micros(row.getValue().lastSeenNanos))
                .ints(row -> row.getValue().strength)
                .doubles(row -> row.getValue().confidence)
                .booleans(row -> row.getValue().mines)
                .ints(row -> row.getValue().sessions)
                .texts(row -> String.join(" ", row.getValue().protocols))
                .longs(row -> micros(row.getValue().powerSeenNanos))
                .doubles(row -> power(row.getValue(), PowerWatts::getLow))
                .doubles(row -> power(row.getValue(), PowerWatts::getBest))
                .doubles(row -> power(row.getValue(), PowerWatts::getHigh))
                .ints(row -> row.getValue().miners)
                .execute(connection, MERGE_SOURCE);
    }

    private static double power(SourceTotals sum, ToDoubleFunction<PowerWatts> bound) {
        return sum.power == null ? Double.NaN : bound.applyAsDouble(sum.power);
    }

    private static void mergeHashrates(Connection connection, List<Work> rows) throws SQLException {
        new Columns<>(connection, rows)
                .longs(row -> row.key().projectId())
                .texts(row -> row.key().address())
                .texts(row -> row.of().algorithm())
                .texts(row -> row.of().unit())
                .texts(row -> row.of().sensor())
                .longs(row -> row.of().hour().getEpochSecond())
                .doubles(row -> row.pooled().hashes())
                .doubles(row -> row.pooled().squares())
                .longs(row -> row.pooled().shares())
                .texts(row -> row.pooled().seen())
                .doubles(row -> row.pooled().powered())
                .doubles(row -> row.pooled().energyLow())
                .doubles(row -> row.pooled().energyBest())
                .doubles(row -> row.pooled().energyHigh())
                .execute(connection, MERGE_HASHRATE);
    }

    private static long micros(long nanos) {
        return Math.floorDiv(nanos, 1_000);
    }
}
