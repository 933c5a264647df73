package minewatch.sensor.uplink;

import minewatch.feed.v1.ReleaseOffer;

/// Takes the releases a collector has for this sensor. What the collector says of them, and what it
/// sends, is a stranger's.
public interface ReleaseHandler {
    /// Whether to fetch it. On the uplink's thread, often: must not wait.
    boolean wants(ReleaseOffer offer);

    /// The file that was offered, at most 4 MiB. On a thread of its own; returns when it is in
    /// force, or refused.
    ///
    /// @return whether it is in force
    /// @throws InterruptedException if the uplink is closed meanwhile
    boolean onRelease(byte[] file) throws InterruptedException;
}
