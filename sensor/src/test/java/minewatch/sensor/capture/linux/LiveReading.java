package minewatch.sensor.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.LiveCapture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// How tests read a live capture.
final class LiveReading {
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private LiveReading() {}

    /// What is done while an interface is read; failures are the test's.
    @FunctionalInterface
    interface Deed {
        void run() throws Exception;
    }

    /// Reads; once it does, the deed is done; ends when all that is waited for has come.
    static void run(LiveCapture capture, Deed deed, BooleanSupplier end) throws IOException {
        long deadline = System.nanoTime() + PATIENCE;
        boolean[] done = {false};
        capture.run(() -> {
            if (!done[0]) {
                done[0] = true;
                try {
                    deed.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return end.getAsBoolean() || System.nanoTime() - deadline > 0;
        });
    }

    static InterfaceLostException lost(ThrowingCallable reading) {
        InterfaceLostException lost = catchThrowableOfType(InterfaceLostException.class, reading);
        assertThat(lost).isNotNull();
        return lost;
    }

    /// Hears the time that silence tells.
    static final class Clock implements FrameHandler {
        long nanos;

        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {}

        @Override
        public void onBatchEnd() {}

        @Override
        public void onSilence(long nowNanos) {
            nanos = nowNanos;
        }
    }
}
