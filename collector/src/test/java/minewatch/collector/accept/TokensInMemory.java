package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Tokens as the ledger keeps them, with a clock that a test sets.
final class TokensInMemory implements EnrolmentTokens {
    private final Map<ByteString, Entry> entries = new HashMap<>();
    private long nowMillis;

    private record Entry(String sensor, long endMillis, boolean used) {}

    synchronized void pass(Duration time) {
        nowMillis += time.toMillis();
    }

    @Override
    public synchronized void add(String sensor, ByteString hash, Duration valid) {
        entries.put(hash, new Entry(sensor, nowMillis + valid.toMillis(), false));
    }

    @Override
    public synchronized Token find(ByteString hash) {
        Entry entry = entries.get(hash);
        if (entry == null) {
            return new Token.Unknown();
        }
        if (entry.used()) {
            return new Token.Used();
        }
        return entry.endMillis() <= nowMillis
                ? new Token.Expired()
                : new Token.Open(entry.sensor());
    }

    @Override
    public synchronized boolean use(ByteString hash) {
        boolean open = find(hash) instanceof Token.Open;
        if (open) {
            entries.computeIfPresent(
                    hash, (_, entry) -> new Entry(entry.sensor(), entry.endMillis(), true));
        }
        return open;
    }
}
