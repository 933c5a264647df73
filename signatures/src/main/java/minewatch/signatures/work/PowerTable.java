package minewatch.signatures.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// From a hashrate to a band of power, by hardware whose efficiency a source states.
///
/// Hardware that cannot be what is seen does not count: a mining session is at least one device, so
/// a session far slower than a device ([#LEAST]) is not that device, though it may be one on one
/// board of three, or throttled. Where a row does not state its device's rate, the slowest one
/// known for the algorithm stands in; a graphics card is slower than any ASIC ([#LEAST_OF_CARD]).
/// If nothing is left, there is no figure: absent knowledge is absent.
public final class PowerTable {
    static final double LEAST = 0.25; // of the device's rate
    static final double LEAST_OF_CARD = 0.1; // of the slowest ASIC's

    /// What no connection stands for. The largest sites in the world draw some hundred megawatts.
    private static final double MOST_WATTS = 1e9;

    private static final int COLUMNS = 10;
    private static final Map<String, Double> UNITS =
            Map.of(
                    "H/s", 1.0, "kH/s", 1e3, "MH/s", 1e6, "GH/s", 1e9, "TH/s", 1e12, "Sol/s", 1.0,
                    "kSol/s", 1e3);

    private final List<Efficiency> rows;
    private final Map<String, Double> thriftiest; // by algorithm, joules a hash
    private final double thriftiestOfAll;

    PowerTable(List<Efficiency> rows) {
        this.rows = List.copyOf(rows);
        thriftiest =
                rows.stream()
                        .filter(row -> Double.isFinite(row.joulesPerHash()))
                        .collect(
                                Collectors.toMap(
                                        Efficiency::algorithm,
                                        Efficiency::joulesPerHash,
                                        Math::min));
        thriftiestOfAll = thriftiest.values().stream().min(Double::compare).orElse(0.0);
    }

    /// The table that comes with the program.
    public static PowerTable builtIn() {
        try (InputStream in = PowerTable.class.getResourceAsStream("efficiency.csv")) {
            if (in == null) {
                throw new IOException("cannot find resource efficiency.csv");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param csv `algorithm,hardware,hashrate,unit,power_w,j_per_unit,release,class,source,
    ///   source_kind`; several names of one algorithm with `|` between; empty: not stated
    static PowerTable parse(String csv) {
        List<Efficiency> rows = new ArrayList<>();
        csv.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(PowerTable::fields)
                .forEach(fields -> addRows(fields, rows));
        return new PowerTable(rows);
    }

    /// Watts that a rate may draw, null where no listed hardware fits.
    ///
    /// @param sessions mining connections that make the rate together, at least 1
    public @Nullable Power watts(String algorithm, Rate rate, int sessions) {
        double perSession = rate.high() / Math.max(1, sessions);
        List<Efficiency> known =
                rows.stream().filter(row -> row.algorithm().equals(algorithm)).toList();
        double slowest =
                known.stream()
                        .mapToDouble(Efficiency::hashrate)
                        .filter(Double::isFinite)
                        .min()
                        .orElse(Double.NaN);
        List<Efficiency> fitting =
                known.stream()
                        .filter(row -> Double.isFinite(row.joulesPerHash()))
                        .filter(row -> perSession >= least(row, slowest))
                        .toList();
        if (fitting.isEmpty()) {
            return null;
        }
        double[] joules =
                fitting.stream().mapToDouble(Efficiency::joulesPerHash).sorted().toArray();
        return new Power(
                rate.low() * joules[0],
                rate.best() * median(joules),
                rate.high() * joules[joules.length - 1],
                algorithm + "-" + decades(fitting));
    }

    /// Whether a connection can have this rate: with the thriftiest hardware known for the
    /// algorithm, or of all where none is, it draws no more than [#MOST_WATTS]. A pool sets any
    /// target it likes, and a miner states any rate; one that lies would outweigh everybody else in
    /// every sum.
    ///
    /// @param rate hashes or solutions a second
    public boolean allows(String algorithm, double rate) {
        return rate * thriftiest.getOrDefault(algorithm, thriftiestOfAll) <= MOST_WATTS;
    }

    /// The least rate of a session that may be this hardware; NaN, which nothing reaches, where
    /// that cannot be said.
    private static double least(Efficiency row, double slowest) {
        if (Double.isFinite(row.hashrate())) {
            return row.hashrate() * LEAST;
        }
        return slowest * (row.asic() ? LEAST : LEAST_OF_CARD);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String decades(List<Efficiency> rows) {
        return rows.stream()
                .map(row -> row.year() / 10 * 10)
                .distinct()
                .sorted()
                .map(decade -> decade + "s")
                .collect(Collectors.joining("-"));
    }

    private static void addRows(List<String> fields, List<Efficiency> rows) {
        Double unit = fields.size() == COLUMNS ? UNITS.get(fields.get(3)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    "efficiency.csv: "
                            + fields
                            + " (expected: "
                            + COLUMNS
                            + " columns, unit one of "
                            + UNITS.keySet()
                            + ")");
        }
        for (String algorithm : fields.get(0).split("\\|", -1)) {
            rows.add(
                    new Efficiency(
                            algorithm,
                            fields.get(1),
                            number(fields.get(2)) * unit,
                            number(fields.get(5)) / unit,
                            Integer.parseInt(fields.get(6).substring(0, 4)),
                            !fields.get(7).equals("cpu") && !fields.get(7).equals("gpu")));
        }
    }

    private static double number(String text) {
        return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
    }

    /// The fields of one CSV line (RFC 4180, without line breaks in fields).
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
