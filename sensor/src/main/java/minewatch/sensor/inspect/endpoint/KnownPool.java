package minewatch.sensor.inspect.endpoint;

import java.util.List;
import java.util.stream.Stream;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.work.CoinTable;
import minewatch.signatures.work.CoinWork;
import org.jspecify.annotations.Nullable;

/// What is known of the pool of a session besides its address.
///
/// @param name the pool's short name; empty if not known
/// @param host the name that was asked for or said; empty if none was
/// @param by what it is known by, as in `pools[].by`
/// @param coins what it mines, where that is one coin
/// @param work how its coins are mined, where all are mined alike; null if not known
public record KnownPool(
        String name, String host, List<String> by, List<String> coins, @Nullable CoinWork work) {
    public KnownPool(String name, String host, List<String> by, List<String> coins) {
        this(name, host, by, coins, null);
    }

    static KnownPool of(Endpoint endpoint, String host, Clue clue) {
        return new KnownPool(
                endpoint.pool(),
                host,
                List.of(clue.label()),
                endpoint.coins().size() == 1 ? endpoint.coins() : List.of(),
                CoinTable.builtIn().of(endpoint.coins()));
    }

    /// Both clues at once; what this one says goes first.
    public KnownPool and(KnownPool other) {
        return new KnownPool(
                name.isEmpty() ? other.name : name,
                host.isEmpty() ? other.host : host,
                Stream.concat(by.stream(), other.by.stream()).distinct().toList(),
                coins.isEmpty() ? other.coins : coins,
                work == null ? other.work : work);
    }
}
