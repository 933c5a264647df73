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
import minewatch.sensor.inspect.Verdict;
import org.jspecify.annotations.Nullable;

/// Sums the findings of one interval up to one hit per source IP.
///
/// A source seen to mine *and* to be mined at is a relay: mining goes in and out of it.
///
/// - **Memory:** at most [#MAX_BYTES] of findings in all and [#MAX_BYTES_OF_SOURCE] of one source;
///   beyond that a source's hit leaves before the interval ends, so nothing is lost. Hits go on in
///   portions of [#PORTION], or of [#PORTION_BYTES] where they are large.
/// - **Thread:** the worker's own.
public final class Rollup implements FindingHandler {
    static final int MAX_BYTES = 48 << 20;
    static final int MAX_BYTES_OF_SOURCE = 2 << 20;
    static final int PORTION = 1_000;
    static final int PORTION_BYTES = 4 << 20; // as they are sent
    private static final int MAX_POOLS = 20_000;

    private record Address(long high, long low) {}

    private final HitBuilder builder;
    private final HitHandler handler;
    private final Cache<Address, SourceState> sources;
    private final Set<Address> pools = new HashSet<>();
    private final List<Hit> portion = new ArrayList<>();
    private long portionBytes;
    private long hits;

    public Rollup(HitBuilder builder, HitHandler handler) {
        this.builder = builder;
        this.handler = handler;
        this.sources =
                Caffeine.newBuilder()
                        .maximumWeight(MAX_BYTES)
                        .weigher((Address _, SourceState state) -> (int) state.bytes())
                        .executor(Runnable::run)
                        .evictionListener(this::onEvicted)
                        .build();
    }

    @Override
    public void onFinding(Finding finding) {
        Finding.Parties parties = finding.parties();
        Address miner = new Address(parties.minerHigh(), parties.minerLow());
        boolean isMinedAt = finding.verdict().compareTo(Verdict.PROBABLE) >= 0;
        if (isMinedAt && pools.size() < MAX_POOLS) {
            pools.add(new Address(parties.poolHigh(), parties.poolLow()));
        }
        // Put again each time: a source weighs as much as was found of it.
        SourceState state = sources.asMap().compute(miner, (at, known) -> add(at, known, finding));
        boolean full = state.bytes() >= MAX_BYTES_OF_SOURCE;
        if (full && sources.asMap().remove(miner, state)) { // else it has left already
            leave(state);
        }
    }

    /// The interval is over: hands its hits on and starts the next.
    public void endInterval() {
        sources.cleanUp();
        List<SourceState> states = new ArrayList<>(sources.asMap().values());
        sources.invalidateAll();
        states.sort((a, b) -> {
            int high = Long.compareUnsigned(a.high, b.high);
            return high != 0 ? high : Long.compareUnsigned(a.low, b.low);
        });
        states.forEach(this::leave);
        handOn();
        pools.clear();
    }

    public long hits() {
        return hits;
    }

    private void onEvicted(
            @Nullable Address address, @Nullable SourceState state, RemovalCause cause) {
        if (state != null) {
            leave(state);
        }
    }

    private static SourceState add(Address at, @Nullable SourceState known, Finding finding) {
        SourceState state = known == null ? new SourceState(at.high, at.low) : known;
        state.add(finding);
        return state;
    }

    private void leave(SourceState state) {
        state.sort();
        boolean relay = state.isProof() && pools.contains(new Address(state.high, state.low));
        Hit hit = builder.build(state, relay);
        portion.add(hit);
        portionBytes += hit.getSerializedSize();
        if (portion.size() == PORTION || portionBytes >= PORTION_BYTES) {
            handOn();
        }
    }

    /// Called at the end of an interval even if there is nothing to hand on.
    private void handOn() {
        hits += portion.size();
        handler.onHits(List.copyOf(portion));
        portion.clear();
        portionBytes = 0;
    }
}
