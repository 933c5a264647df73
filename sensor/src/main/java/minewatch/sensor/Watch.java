package minewatch.sensor;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.LiveCapture;

/// One lane at a network interface.
///
/// - **Thread:** opened and closed by any, [#run] on the lane's.
final class Watch implements AutoCloseable {
    private final Lane lane;
    private final LiveCapture capture;

    /// @param capture hands its frames to `lane`; closed with this
    Watch(Lane lane, LiveCapture capture) {
        this.lane = lane;
        this.capture = capture;
    }

    /// Feeds the lane until `stopping` says so.
    ///
    /// @throws IOException if the interface cannot be read any more, in one line
    void run(BooleanSupplier stopping) throws IOException {
        try {
            capture.run(() -> {
                lane.feeds();
                if (lane.isTellingDue()) {
                    lane.tell(capture.counts());
                }
                return stopping.getAsBoolean();
            });
        } finally {
            CaptureCounts counts = capture.counts();
            lane.tell(counts);
        }
    }

    @Override
    public void close() {
        capture.close();
    }
}
