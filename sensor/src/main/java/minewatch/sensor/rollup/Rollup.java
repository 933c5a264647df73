package minewatch.sensor.rollup;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minewatch.feed.v1.Hit;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.FindingHandler;
import org.jspecify.annotations.Nullable;

/// Sums the findings of one interval up to one hit per source IP.
///
/// A source seen to mine *and* to be mined at is a relay: mining goes in and out of it.
///
/// - **Memory:** at most [#MAX_SOURCES] sources and [#MAX_FINDINGS] findings of one; beyond that a
///   source's hit leaves early, so nothing is lost.
/// - **Thread:** the worker's own.
public final class Rollup implements FindingHandler {
    static final int MAX_SOURCES = 100_000;
    static final int MAX_FINDINGS = 1_000;

    private record Address(long high, long low) {}

    private final HitBuilder builder;
    private final HitHandler handler;
    private final Cache<Address, SourceState> sources;
    private final Set<Address> pools = new HashSet<>();
    private final List<Hit> early = new ArrayList<>();
    private long hits;

    public Rollup(HitBuilder builder, HitHandler handler) {
        this.builder = builder;
        this.handler = handler;
        this.sources =
                Caffeine.newBuilder()
                        .maximumSize(MAX_SOURCES)
                        .executor(Runnable::run)
                        .evictionListener(this::onEvicted)
                        .build();
    }

    @Override
    public void onFinding(Finding finding) {
        Address miner = new Address(finding.minerHigh(), finding.minerLow());
        SourceState state =
                sources.get(miner, address -> new SourceState(address.high, address.low));
        state.add(finding);
        if (pools.size() < MAX_SOURCES) {
            pools.add(new Address(finding.poolHigh(), finding.poolLow()));
        }
        if (state.findings().size() >= MAX_FINDINGS) {
            sources.invalidate(miner);
            leaveEarly(state);
        }
    }

    /// The interval is over: hands its hits on and starts the next.
    public void endInterval() {
        sources.cleanUp();
        List<SourceState> states = new ArrayList<>(sources.asMap().values());
        sources.invalidateAll();
        List<Hit> all = new ArrayList<>(early);
        early.clear();
        states.sort((a, b) -> {
            int high = Long.compareUnsigned(a.high, b.high);
            return high != 0 ? high : Long.compareUnsigned(a.low, b.low);
        });
        for (SourceState state : states) {
            all.add(build(state));
        }
        pools.clear();
        hits += all.size();
        handler.onHits(all);
    }

    public long hits() {
        return hits;
    }

    private void onEvicted(
            @Nullable Address address, @Nullable SourceState state, RemovalCause cause) {
        if (state != null) {
            leaveEarly(state);
        }
    }

    private void leaveEarly(SourceState state) {
        early.add(build(state));
    }

    private Hit build(SourceState state) {
        boolean relay = state.isProof() && pools.contains(new Address(state.high, state.low));
        return builder.build(state, relay);
    }
}
