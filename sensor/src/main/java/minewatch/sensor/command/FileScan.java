package minewatch.sensor.command;

import java.util.ArrayList;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.CaptureResult;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.inspect.Trace;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.work.PowerTable;
import org.jspecify.annotations.Nullable;

/// One capture by itself, from its first byte to its hits.
final class FileScan {
    /// @param counters of the worker, after the last packet
    record Outcome(
            CaptureResult capture, List<Hit> hits, Worker.Counters counters, PacketClock clock) {}

    private static final PowerTable POWER = PowerTable.builtIn();

    private FileScan() {}

    static Outcome run(
            String file,
            SignaturePack pack,
            Inspector.Limits limits,
            long intervalNanos,
            @Nullable Trace trace,
            Progress progress) {
        List<Hit> hits = new ArrayList<>();
        HitBuilder builder = new HitBuilder("scan", file, Privacy.OPEN, POWER);
        Worker.Settings settings = new Worker.Settings(FlowConfig.DEFAULT, limits, intervalNanos);
        PacketClock clock = new PacketClock();
        try (Worker worker = new Worker(settings, pack, builder, hits::addAll, trace)) {
            CaptureProgress onProgress =
                    (read, total) -> {
                        clock.tick(worker.packets());
                        progress.onBytes(file, read, total);
                    };
            CaptureResult capture = new CaptureReader(worker).read(file, onProgress);
            worker.finish();
            clock.tick(worker.packets());
            progress.onCaptureDone();
            return new Outcome(capture, hits, worker.counters(), clock);
        }
    }
}
