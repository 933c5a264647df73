package minewatch.signatures;

import java.util.Map;
import java.util.stream.Collectors;

/// Weights of the evidence that is no message of a dialect: known endpoints, and what shows of a
/// session that cannot be read. They stand in `weights.csv`, each with how it was chosen.
/// Immutable, shared by all threads.
public final class Weights {
    private static final int COLUMNS = 4;

    /// One kind of evidence.
    ///
    /// @param id as it stands in a hit's evidence
    /// @param weight log-odds
    /// @param group independence group: of one group only the strongest counts
    /// @param chosen how the weight was chosen
    public record Weight(String id, double weight, String group, String chosen) {}

    private final Map<String, Weight> byId;

    private Weights(Map<String, Weight> byId) {
        this.byId = byId;
    }

    /// The weights that come with the program.
    public static Weights builtIn() {
        return new Weights(
                BuiltInTable.rows("weights.csv", COLUMNS)
                        .map(row -> new Weight(row[0], Double.parseDouble(row[1]), row[2], row[3]))
                        .collect(Collectors.toUnmodifiableMap(Weight::id, weight -> weight)));
    }

    /// @param id one that the table has
    public Weight get(String id) {
        Weight weight = byId.get(id);
        if (weight == null) {
            throw new IllegalArgumentException(
                    "evidence: " + id + " (expected: one in weights.csv)");
        }
        return weight;
    }

    public Iterable<Weight> all() {
        return byId.values();
    }
}
