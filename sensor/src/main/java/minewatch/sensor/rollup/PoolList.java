package minewatch.sensor.rollup;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import minewatch.feed.v1.Pool;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.Tunnel;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.signatures.coinbase.PoolName;
import org.jspecify.annotations.Nullable;

/// The pools of a hit: one for each address and port, with everything it is known by; then those of
/// which only the name is known, and those whose jobs another passes on.
final class PoolList {
    private static final String DIALOGUE = "dialogue";
    private static final KnownPool NAMELESS = new KnownPool("", "", List.of(DIALOGUE), List.of());
    private static final KnownPool UNKNOWN = new KnownPool("", "", List.of(), List.of());

    /// @param ip empty where only the name is known
    private record Place(ByteString ip, String host, int port) {
        /// The other end, or what lies beyond it where that is a proxy.
        static Place of(Finding finding) {
            Tunnel tunnel = finding.said().tunnel();
            if (tunnel == null) {
                Finding.Parties parties = finding.parties();
                ByteString ip = HitBuilder.address(parties.poolHigh(), parties.poolLow());
                return new Place(ip, "", parties.poolPort());
            }
            return tunnel.address() == null
                    ? new Place(ByteString.EMPTY, tunnel.host(), tunnel.port())
                    : new Place(ByteString.copyFrom(tunnel.address()), "", tunnel.port());
        }
    }

    private PoolList() {}

    static List<Pool> of(List<Finding> findings) {
        Map<Place, KnownPool> byPlace = new LinkedHashMap<>();
        Map<String, KnownPool> byName = new LinkedHashMap<>();
        Map<String, KnownPool> behind = new LinkedHashMap<>();
        for (Finding finding : findings) {
            if (!finding.isMining()) {
                continue;
            }
            KnownPool known = known(finding);
            KnownPool signer = signer(finding);
            if (signer != null && isAnother(signer, known)) {
                behind.merge(signer.name(), signer, KnownPool::and);
            } else if (signer != null) {
                known = known.and(signer);
            }
            if (finding.parties().poolPort() == 0) {
                byName.merge(known.host(), known, KnownPool::and);
            } else if (byPlace.size() < SourceState.MAX_FLOWS) {
                byPlace.merge(Place.of(finding), known, KnownPool::and);
            }
        }
        Set<String> placed =
                byPlace.values().stream().map(KnownPool::host).collect(Collectors.toSet());
        List<Pool> pools =
                byPlace.entrySet().stream()
                        .map(e -> pool(e.getKey(), e.getValue()))
                        .collect(Collectors.toList());
        byName.values().stream()
                .filter(known -> !placed.contains(known.host()))
                .limit(SourceState.MAX_FLOWS)
                .forEach(known -> pools.add(pool(null, known)));
        behind.values().stream()
                .limit(SourceState.MAX_FLOWS)
                .forEach(known -> pools.add(pool(null, known)));
        return pools;
    }

    /// The pool whose jobs are passed on; null if they do not say.
    private static @Nullable KnownPool signer(Finding finding) {
        PoolName name = finding.said().signer();
        return name == null ? null : new KnownPool(name.name(), "", List.of(name.by()), List.of());
    }

    /// Whether the jobs come from another pool than the one that is connected to. Lists spell one
    /// pool in several ways: `f2pool`, `F2Pool`.
    private static boolean isAnother(KnownPool signer, KnownPool known) {
        String one = letters(signer.name());
        String other = letters(known.name());
        return !one.startsWith(other) && !other.startsWith(one);
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /// What is known of the other end; that it was found by what was said goes last.
    private static KnownPool known(Finding finding) {
        KnownPool said = finding.dialect().templates().isEmpty() ? UNKNOWN : NAMELESS;
        Tunnel tunnel = finding.said().tunnel();
        KnownPool told =
                tunnel == null
                        ? said
                        : new KnownPool("", "", List.of(tunnel.by()), List.of()).and(said);
        KnownPool pool = finding.said().pool();
        return pool == null ? told : pool.and(told);
    }

    private static Pool pool(@Nullable Place place, KnownPool known) {
        Pool.Builder pool = Pool.newBuilder().addAllBy(known.by());
        if (place != null) {
            pool.setPort(place.port);
            if (!place.ip.isEmpty()) {
                pool.setIp(place.ip);
            }
        }
        if (!known.name().isEmpty()) {
            pool.setName(known.name());
        }
        String host = place == null || place.host.isEmpty() ? known.host() : place.host;
        if (!host.isEmpty()) {
            pool.setHost(host);
        }
        return pool.build();
    }
}
