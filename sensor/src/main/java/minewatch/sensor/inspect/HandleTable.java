package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sessions by handle: small numbers from 0, used again after they are given back.
///
/// - **Thread:** the worker's own.
final class HandleTable<T> {
    static final int FULL = -1;

    private final int limit;
    private final List<@Nullable T> held = new ArrayList<>();
    private int[] free = new int[64];
    private int freeCount;

    HandleTable(int limit) {
        this.limit = limit;
    }

    boolean isFull() {
        return freeCount == 0 && held.size() >= limit;
    }

    /// @return its handle, or [#FULL]
    int add(T session) {
        if (freeCount > 0) {
            int handle = free[--freeCount];
            held.set(handle, session);
            return handle;
        }
        if (held.size() >= limit) {
            return FULL;
        }
        held.add(session);
        return held.size() - 1;
    }

    T get(int handle) {
        T session = held.get(handle);
        if (session == null) {
            throw new IllegalStateException("session handle " + handle + " is void");
        }
        return session;
    }

    void remove(int handle) {
        held.set(handle, null);
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = handle;
    }

    int active() {
        return held.size() - freeCount;
    }
}
