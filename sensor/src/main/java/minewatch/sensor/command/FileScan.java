package minewatch.sensor.command;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import minewatch.feed.v1.Hit;
import minewatch.sensor.Team;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.CaptureResult;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Faults;
import minewatch.sensor.inspect.InspectAnomaly;
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
    /// @param fault of this program, met while a flow was read
    record Outcome(
            CaptureResult capture,
            List<Hit> hits,
            Worker.Counters counters,
            PacketClock clock,
            @Nullable RuntimeException fault) {
        /// What could not be read, a line each, for the user; none if all could.
        List<String> complaints() {
            List<String> complaints = new ArrayList<>();
            if (capture.problem() != null) {
                complaints.add(capture.problem().describe(capture.name()));
            }
            if (fault != null) {
                complaints.add(capture.name() + ": " + faultText());
            }
            return complaints;
        }

        /// Of a scan with a fault.
        String faultText() {
            return "internal failure in %s, which was left: %s"
                    .formatted(
                            ScanCommand.count(failedSessions(), "flow"),
                            Faults.describe(Objects.requireNonNull(fault)));
        }

        private int failedSessions() {
            return Math.toIntExact(
                    counters.inspectAnomalies()
                            .getOrDefault(InspectAnomaly.SESSION_FAILED.label(), 0L));
        }
    }

    private static final PowerTable POWER = PowerTable.builtIn();

    private FileScan() {}

    /// By one worker.
    static Outcome run(
            String file,
            SignaturePack pack,
            Inspector.Limits limits,
            long intervalNanos,
            @Nullable Trace trace,
            Progress progress) {
        List<Hit> hits = new ArrayList<>();
        PacketClock clock = new PacketClock();
        try (Worker worker =
                new Worker(
                        settings(limits, intervalNanos),
                        pack,
                        builder(file),
                        hits::addAll,
                        trace)) {
            CaptureResult capture =
                    new CaptureReader(new Timed(worker, clock)).read(file, told(file, progress));
            worker.finish();
            clock.tick(worker.packets());
            progress.onCaptureDone();
            return new Outcome(capture, hits, worker.counters(), clock, worker.takeFault());
        }
    }

    /// By several workers, with the same outcome.
    ///
    /// @param limits of each
    /// @param workers 2 or more
    static Outcome runTeam(
            String file,
            SignaturePack pack,
            Inspector.Limits limits,
            long intervalNanos,
            int workers,
            Progress progress) {
        List<Hit> hits = new ArrayList<>();
        PacketClock clock = new PacketClock();
        try (Team team =
                new Team(
                        settings(limits, intervalNanos),
                        pack,
                        builder(file),
                        hits::addAll,
                        workers)) {
            List<FrameHandler> handlers = new ArrayList<>(team.workers());
            handlers.set(0, new Timed(team.workers().getFirst(), clock));
            CaptureResult capture = new CaptureReader(handlers).read(file, told(file, progress));
            team.finish();
            clock.tick(team.counters().packets());
            progress.onCaptureDone();
            return new Outcome(capture, hits, team.counters(), clock, team.takeFault());
        }
    }

    private static Worker.Settings settings(Inspector.Limits limits, long intervalNanos) {
        return new Worker.Settings(FlowConfig.DEFAULT, limits, intervalNanos);
    }

    private static HitBuilder builder(String file) {
        return new HitBuilder("scan", file, Privacy.OPEN, POWER);
    }

    private static CaptureProgress told(String file, Progress progress) {
        return (read, total) -> progress.onBytes(file, read, total);
    }

    /// Notes after each block how many packets there were by then.
    private record Timed(Worker worker, PacketClock clock) implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            worker.onFrame(block, offset, capturedLength, wireLength, timestampNanos, linkType);
        }

        @Override
        public void onBatchEnd() {
            worker.onBatchEnd();
            clock.tick(worker.packets());
        }
    }
}
