package minewatch.sensor.inspect;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The targets of the channels of one Stratum V2 connection, shared by the readers of both
/// directions.
///
/// - **Memory:** at most [#MAX_CHANNELS], out of the [BufferBudget]; a channel that finds no room
///   has no target.
final class ChannelTable {
    static final int MAX_CHANNELS = 1024;
    private static final int TARGET = 32;
    private static final int COST = 128; // bytes of heap, about

    private final BufferBudget budget;
    private final Map<Integer, byte[]> targets = new HashMap<>(2);

    ChannelTable(BufferBudget budget) {
        this.budget = budget;
    }

    /// @param data the target at `at`, 32 bytes, little-endian
    void learn(int channel, byte[] data, int at) {
        byte[] target = targets.get(channel);
        if (target == null) {
            if (targets.size() == MAX_CHANNELS || !budget.reserve(COST)) {
                return;
            }
            target = new byte[TARGET];
            targets.put(channel, target);
        }
        for (int i = 0; i < TARGET; i++) {
            target[TARGET - 1 - i] = data[at + i];
        }
    }

    /// @return 32 bytes, big-endian; null if not known
    byte @Nullable [] target(int channel) {
        return targets.get(channel);
    }

    void release() {
        budget.release(COST * targets.size());
        targets.clear();
    }
}
