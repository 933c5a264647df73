package minewatch.signatures.coinbase;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Pools by what they write into their coinbase transactions: the scripts they pay to, and tags.
///
/// A script counts more than a tag, and of several tags that fit the longest: some hold another.
///
/// Source: `pools.csv`, from mempool/mining-pools.
public final class PoolTable {
    private static final String HEADER = "pool,kind,value,script";

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Tag(byte[] bytes, PoolName pool) {}

    private final List<Tag> tags;
    private final Map<String, PoolName> scripts;

    private PoolTable(List<Tag> tags, Map<String, PoolName> scripts) {
        this.tags = List.copyOf(tags);
        this.scripts = Map.copyOf(scripts);
    }

    /// Read when first asked for, and once.
    private static final class BuiltIn {
        static final PoolTable TABLE = read();
    }

    /// The table that comes with the program.
    public static PoolTable builtIn() {
        return BuiltIn.TABLE;
    }

    private static PoolTable read() {
        try (InputStream in = PoolTable.class.getResourceAsStream("pools.csv")) {
            if (in == null) {
                throw new IOException("cannot find resource pools.csv");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param csv `pool,kind,value,script`: kind `tag`, its text and nothing; or `address`, the
    ///   address and the output script that pays it, hexadecimal
    static PoolTable parse(String csv) {
        List<Tag> tags = new ArrayList<>();
        Map<String, PoolName> scripts = new HashMap<>();
        List<String> lines = csv.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String[] row = lines.get(i).split(",", -1);
            if (i == 0 && lines.get(i).equals(HEADER)) {
                continue;
            }
            if (row.length == 4 && row[1].equals("tag") && !row[2].isEmpty()) {
                tags.add(
                        new Tag(
                                row[2].getBytes(StandardCharsets.UTF_8),
                                new PoolName(row[0], "coinbase-tag")));
            } else if (row.length == 4 && row[1].equals("address") && !row[3].isEmpty()) {
                scripts.put(row[3], new PoolName(row[0], "payout-address"));
            } else {
                throw new IllegalArgumentException(
                        "pools.csv:%d: %s (expected: %s)".formatted(i + 1, lines.get(i), HEADER));
            }
        }
        tags.sort((a, b) -> Integer.compare(b.bytes.length, a.bytes.length));
        return new PoolTable(tags, scripts);
    }

    /// The pool this transaction names; null where it names none that is known.
    public @Nullable PoolName find(Coinbase coinbase) {
        for (byte[] script : coinbase.outputs()) {
            PoolName paid = scripts.get(HexFormat.of().formatHex(script));
            if (paid != null) {
                return paid;
            }
        }
        for (Tag tag : tags) {
            if (coinbase.scriptContains(tag.bytes)) {
                return tag.pool;
            }
        }
        return null;
    }
}
