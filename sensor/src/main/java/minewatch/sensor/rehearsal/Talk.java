package minewatch.sensor.rehearsal;

import java.util.Random;

/// What the two sides of a flow say.
@FunctionalInterface
interface Talk {
    /// @param back whether the responder speaks
    /// @param opens whether it is the first that this side says
    byte[] say(Random random, boolean back, boolean opens);
}
