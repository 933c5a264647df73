package minewatch.sensor.inspect;

/// What may be spent on new sessions: every packet earns a part of one.
///
/// A session costs as much as some fifty packets, so flows made to look like mining could take the
/// worker away from all others. With this, what is spent on them stays in proportion to the
/// packets. It counts in packets and not in seconds: the same packets then have the same outcome on
/// any machine.
///
/// - **Thread:** the worker's own.
final class SessionCredit {
    private final int price;
    private final long most;
    private long packets;

    /// @param price packets that earn one session, ≥ 0
    /// @param sessions what there is at first, and at most: all of a link's miners at once, where
    ///   the sensor begins in the middle of their flows
    SessionCredit(int price, int sessions) {
        this.price = price;
        this.most = (long) price * sessions;
        this.packets = most;
    }

    void earn(int count) {
        packets = Math.min(most, packets + count);
    }

    /// Spends one session's worth if there is that much.
    boolean take() {
        if (packets < price) {
            return false;
        }
        packets -= price;
        return true;
    }
}
