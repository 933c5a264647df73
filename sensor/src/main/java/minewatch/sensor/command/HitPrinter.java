package minewatch.sensor.command;

import java.io.IOException;
import java.util.List;
import minewatch.feed.v1.Hit;

/// Writes hits to standard output in one of the formats of `scan`.
interface HitPrinter {
    void print(List<Hit> hits) throws IOException;

    /// No more hits follow.
    void finish() throws IOException;
}
