package minewatch.signatures.endpoint;

import java.util.List;

/// Addresses by hash, open addressing at most half full: one slot for each port of an address, or
/// one for all of them. A slot is half a cache line, so that a miss costs one.
final class AddressTable {
    private static final int ANY_PORT = 0;
    private static final int SLOT = 4; // longs, half a cache line: high, low, port, row + 1

    private final long[] slots;
    private final int mask;

    AddressTable(List<Endpoint> endpoints) {
        int count =
                endpoints.stream()
                        .filter(endpoint -> !endpoint.isName())
                        .mapToInt(endpoint -> Math.max(1, endpoint.ports().size()))
                        .sum();
        int size = Integer.highestOneBit(Math.max(2, count * 2 - 1)) << 1;
        slots = new long[size * SLOT];
        mask = size - 1;
        for (int i = 0; i < endpoints.size(); i++) {
            if (!endpoints.get(i).isName()) {
                put(endpoints.get(i), i);
            }
        }
    }

    int find(long high, long low, int port) {
        int slot = home(high, low);
        while (slots[slot * SLOT + 3] != 0) {
            int at = slot * SLOT;
            if (slots[at + 1] == low
                    && slots[at] == high
                    && (slots[at + 2] == port || slots[at + 2] == ANY_PORT)) {
                return (int) slots[at + 3] - 1;
            }
            slot = (slot + 1) & mask;
        }
        return Endpoints.NONE;
    }

    private void put(Endpoint endpoint, int index) {
        long[] address = IpAddress.parse(endpoint.host());
        if (address == null) {
            throw new IllegalArgumentException(
                    "endpoint: " + endpoint.host() + " (expected: a name or an address)");
        }
        if (endpoint.ports().isEmpty()) {
            put(address[0], address[1], ANY_PORT, index);
        }
        endpoint.ports().forEach(port -> put(address[0], address[1], port, index));
    }

    private void put(long high, long low, int port, int index) {
        int slot = home(high, low);
        while (slots[slot * SLOT + 3] != 0
                && !(slots[slot * SLOT] == high
                        && slots[slot * SLOT + 1] == low
                        && slots[slot * SLOT + 2] == port)) {
            slot = (slot + 1) & mask;
        }
        slots[slot * SLOT] = high;
        slots[slot * SLOT + 1] = low;
        slots[slot * SLOT + 2] = port;
        slots[slot * SLOT + 3] = index + 1L;
    }

    private int home(long high, long low) {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xD6E8FEB86659FD93L;
        return (int) (mixed ^ (mixed >>> 32)) & mask;
    }
}
