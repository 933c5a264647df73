package minewatch.sensor.capture;

import org.jspecify.annotations.Nullable;

/// What one capture gave.
///
/// @param name the file as the user named it, or `-`
/// @param packets frames delivered
/// @param octets their length on the wire
/// @param problem why reading ended early; null where the whole capture was read
public record CaptureResult(
        String name, long packets, long octets, @Nullable CaptureProblem problem) {

    public boolean isComplete() {
        return problem == null;
    }
}
