package minewatch.bench.inspect;

import minewatch.sensor.Worker;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.work.PowerTable;

/// Workers as a sensor has them.
final class Workers {
    private static final PowerTable POWER = PowerTable.builtIn();

    private static final Inspector.Limits LIMITS =
            new Inspector.Limits(1 << 14, 64L << 20, Inspector.Limits.LIVE_PACKETS_PER_SESSION);

    private Workers() {}

    /// A worker whose hits go nowhere.
    static Worker of(SignaturePack pack) {
        return new Worker(
                new Worker.Settings(FlowConfig.DEFAULT, LIMITS, Worker.NO_INTERVAL),
                pack,
                new HitBuilder("bench", null, Privacy.OPEN, POWER),
                _ -> {},
                null);
    }
}
