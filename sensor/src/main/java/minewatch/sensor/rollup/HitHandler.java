package minewatch.sensor.rollup;

import java.util.List;
import minewatch.feed.v1.Hit;

/// What the next room does with the hits of one interval.
@FunctionalInterface
public interface HitHandler {
    /// @param hits one per source IP; may be empty
    void onHits(List<Hit> hits);
}
