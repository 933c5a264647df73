package minewatch.collector;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.collector.report.LedgerSensors;
import minewatch.collector.report.SensorRow;
import org.jspecify.annotations.Nullable;

/// How many sensors are in which state, for an alarm. The ledger is asked at most once in five
/// seconds, by whoever reads the metrics.
final class SensorMetrics {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LedgerSensors sensors;
    private @Nullable List<SensorRow> rows; // null: the ledger does not answer
    private long askAgainAt = System.nanoTime();

    SensorMetrics(LedgerSensors sensors) {
        this.sensors = sensors;
    }

    void bindTo(MeterRegistry registry) {
        for (String state : LedgerSensors.STATES) {
            Gauge.builder("minewatch.collector.report.sensors", this, all -> all.count(state))
                    .tag("state", state)
                    .register(registry);
        }
    }

    /// Not a number while the ledger does not answer.
    private synchronized double count(String state) {
        if (System.nanoTime() - askAgainAt >= 0) {
            rows = ask();
            askAgainAt = System.nanoTime() + FRESH_NANOS;
        }
        List<SensorRow> known = rows;
        return known == null
                ? Double.NaN
                : known.stream().filter(row -> row.state().equals(state)).count();
    }

    private @Nullable List<SensorRow> ask() {
        try {
            return sensors.list();
        } catch (IOException e) {
            return null;
        }
    }
}
