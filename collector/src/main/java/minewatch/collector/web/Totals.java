package minewatch.collector.web;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import minewatch.collector.report.Band;
import minewatch.collector.report.HashrateEstimate;
import minewatch.collector.report.ProjectRow;
import org.jspecify.annotations.Nullable;

/// Sums over the projects shown. Each algorithm by itself: hashes of different algorithms are
/// different work. Bounds are added as they are, which is wider than the truth and so safe.
///
/// @param minersAtLeast behind the addresses; where nothing is told of a project, its addresses
/// @param power watts, over the projects it can be estimated for; null for none
/// @param withoutPower projects whose power cannot be estimated
public record Totals(
        int projects,
        int miners,
        long minersAtLeast,
        int sessions,
        List<Sum> sums,
        @Nullable Band power,
        int withoutPower) {
    /// @param projects how many contribute
    public record Sum(String algorithm, String unit, Band rate, int projects) {
        private Sum plus(HashrateEstimate more) {
            return new Sum(algorithm, unit, add(rate, more.rate()), projects + 1);
        }
    }

    static Totals of(List<ProjectRow> rows) {
        Band power = null;
        int withoutPower = 0;
        int miners = 0;
        long minersAtLeast = 0;
        int sessions = 0;
        for (ProjectRow row : rows) {
            miners += row.miners();
            minersAtLeast += row.minersAtLeast() == null ? row.miners() : row.minersAtLeast();
            sessions += row.sessions();
            if (row.power() == null) {
                withoutPower++;
            } else {
                power = power == null ? row.power() : add(power, row.power());
            }
        }
        return new Totals(
                rows.size(), miners, minersAtLeast, sessions, sums(rows), power, withoutPower);
    }

    private static List<Sum> sums(List<ProjectRow> rows) {
        var sums = new TreeMap<String, Sum>();
        for (ProjectRow row : rows) {
            for (HashrateEstimate rate : row.hashrate()) {
                Sum none = new Sum(rate.algorithm(), rate.unit(), new Band(0, 0, 0), 0);
                String key = rate.algorithm() + " " + rate.unit();
                sums.put(key, sums.getOrDefault(key, none).plus(rate));
            }
        }
        return new ArrayList<>(sums.values());
    }

    private static Band add(Band left, Band right) {
        return new Band(
                left.low() + right.low(), left.best() + right.best(), left.high() + right.high());
    }
}
