package minewatch.signatures.work;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Coins of the Bitcoin family by the one algorithm each is mined by. Coins of several algorithms
/// (DigiByte, Verge), and those whose pools disagree on the scale of difficulty (Groestlcoin,
/// x16r), are not in it.
public final class CoinTable {
    private static final String HEADER = "coin,algorithm,share_multiplier,source";

    private final Map<String, CoinWork> coins;

    private CoinTable(Map<String, CoinWork> coins) {
        this.coins = Map.copyOf(coins);
    }

    /// Read when first asked for, and once.
    private static final class BuiltIn {
        static final CoinTable TABLE = read();
    }

    /// The table that comes with the program.
    public static CoinTable builtIn() {
        return BuiltIn.TABLE;
    }

    private static CoinTable read() {
        try (InputStream in = CoinTable.class.getResourceAsStream("coins.csv")) {
            if (in == null) {
                throw new IOException("cannot find resource coins.csv");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param csv `coin,algorithm,share_multiplier,source`
    static CoinTable parse(String csv) {
        Map<String, CoinWork> coins = new HashMap<>();
        List<String> lines = csv.lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            String[] row = lines.get(i).split(",", -1);
            if (row.length != 4 || !row[2].matches("[1-9][0-9]{0,8}")) {
                throw new IllegalArgumentException(
                        "coins.csv:%d: %s (expected: %s)".formatted(i + 1, lines.get(i), HEADER));
            }
            coins.put(row[0], new CoinWork(row[1], Double.parseDouble(row[2])));
        }
        return new CoinTable(coins);
    }

    /// What all of these coins have in common: merge-mined ones are mined at once. Null where one
    /// is not known, they differ, or there is none.
    public @Nullable CoinWork of(List<String> symbols) {
        CoinWork common = symbols.isEmpty() ? null : coins.get(symbols.getFirst());
        boolean agree =
                symbols.stream().allMatch(s -> coins.get(s) != null && coins.get(s).equals(common));
        return agree ? common : null;
    }
}
