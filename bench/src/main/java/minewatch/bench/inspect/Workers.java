package minewatch.bench.inspect;

import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minewatch.sensor.Worker;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.HitHandler;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.endpoint.Endpoint;
import minewatch.signatures.endpoint.Endpoints;
import minewatch.signatures.language.InvalidSignaturesException;
import minewatch.signatures.work.PowerTable;

/// Workers as a sensor has them, and the pack they are measured with.
public final class Workers {
    /// Of [#wholePack()].
    public static final int ENDPOINTS = 10_000;

    private static final LocalDate NEVER = LocalDate.of(9999, 1, 1);
    private static final PowerTable POWER = PowerTable.builtIn();

    private static final Inspector.Limits LIMITS =
            new Inspector.Limits(1 << 14, 64L << 20, Inspector.Limits.LIVE_PACKETS_PER_SESSION);

    private Workers() {}

    /// A worker whose hits go nowhere.
    static Worker of(SignaturePack pack) {
        return of(pack, _ -> {});
    }

    public static Worker of(SignaturePack pack, HitHandler hits) {
        return of(pack, FlowConfig.DEFAULT, hits);
    }

    static Worker of(SignaturePack pack, FlowConfig table) {
        return of(pack, table, _ -> {});
    }

    private static Worker of(SignaturePack pack, FlowConfig table, HitHandler hits) {
        return new Worker(
                new Worker.Settings(table, LIMITS, Worker.NO_INTERVAL),
                pack,
                new HitBuilder("bench", null, Privacy.OPEN, POWER),
                hits,
                null);
    }

    /// Every dialect, the endpoints that come with the program, and made-up ones up to
    /// [#ENDPOINTS]: half names, half addresses that no network has (RFC 5180).
    public static SignaturePack wholePack() throws IOException, InvalidSignaturesException {
        return CompiledPack.of(SignaturePacks.files(List.of()), endpoints(ENDPOINTS));
    }

    /// So many endpoints: of those that come with the program first, then made-up ones.
    static Endpoints endpoints(int count) throws IOException, InvalidSignaturesException {
        List<Endpoint> builtIn = SignaturePacks.endpoints(List.of());
        List<Endpoint> endpoints =
                new ArrayList<>(builtIn.subList(0, Math.min(count, builtIn.size())));
        for (int i = endpoints.size(); i < count; i++) {
            endpoints.add(
                    new Endpoint(
                            "pool" + i,
                            i % 2 == 0
                                    ? "stratum%d.pool%d.example".formatted(i, i / 10)
                                    : "2001:2:0:%x::%x".formatted(i >> 16, i & 0xFFFF),
                            List.of(3333),
                            List.of("BTC"),
                            Set.of(),
                            null,
                            null,
                            NEVER,
                            "made up"));
        }
        return Endpoints.of(endpoints);
    }
}
