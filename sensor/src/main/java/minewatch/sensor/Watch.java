package minewatch.sensor;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.linux.Affinity;

/// One lane at a network interface.
///
/// - **Thread:** opened and closed by any, [#run] on the lane's.
final class Watch implements AutoCloseable {
    private final Lane lane;
    private final LiveCapture capture;
    private final OptionalInt core;

    /// @param capture hands its frames to `lane`; closed with this
    /// @param core where the lane's thread is to run
    Watch(Lane lane, LiveCapture capture, OptionalInt core) {
        this.lane = lane;
        this.capture = capture;
        this.core = core;
    }

    /// Feeds the lane until `stopping` says so, and ends it.
    ///
    /// @throws IOException if the interface cannot be read any more, in one line
    void run(BooleanSupplier stopping) throws IOException {
        try {
            if (core.isPresent()) {
                Affinity.pin(core.getAsInt());
            }
            capture.run(() -> {
                lane.feeds();
                if (lane.isTellingDue()) {
                    lane.tell(capture.counts());
                }
                return stopping.getAsBoolean();
            });
        } finally {
            lane.tell(capture.counts());
            lane.finish();
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
