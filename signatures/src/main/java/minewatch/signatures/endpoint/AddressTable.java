package minewatch.signatures.endpoint;

import java.util.List;

/// Addresses by hash, open addressing at most half full: one slot for each address, which leads to
/// its rows, the last first. Nearly every look-up finds nothing: a bit for each address, of which
/// one in sixteen is set at most, tells so before the table is read.
final class AddressTable {
    private static final int SLOT = 2; // longs: the address

    private final List<Endpoint> endpoints;
    private final long[] slots;
    private final int[] rows; // by slot: row + 1; 0: empty
    private final int[] earlier; // by row: the one before it of the same address, + 1
    private final int mask;
    private final long[] present; // a bit for each hash
    private final int presentMask; // of bits

    AddressTable(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
        int count = (int) endpoints.stream().filter(endpoint -> !endpoint.isName()).count();
        int size = Integer.highestOneBit(Math.max(2, count * 2 - 1)) << 1;
        slots = new long[size * SLOT];
        rows = new int[size];
        earlier = new int[count == 0 ? 0 : endpoints.size()];
        mask = size - 1;
        present = new long[Math.max(1, size / (Long.SIZE / 8))];
        presentMask = present.length * Long.SIZE - 1;
        for (int i = 0; i < endpoints.size(); i++) {
            if (!endpoints.get(i).isName()) {
                put(endpoints.get(i).host(), i);
            }
        }
    }

    int find(long high, long low, int port) {
        long hash = mix(high, low);
        int bit = (int) (hash >>> Integer.SIZE) & presentMask;
        if ((present[bit / Long.SIZE] & 1L << bit) == 0) {
            return Endpoints.NONE;
        }
        int slot = slot(hash, high, low);
        for (int row = rows[slot]; row > 0; row = earlier[row - 1]) {
            if (endpoints.get(row - 1).servesOn(port)) {
                return row - 1;
            }
        }
        return Endpoints.NONE;
    }

    private void put(String host, int index) {
        long[] address = IpAddress.parse(host);
        if (address == null) {
            throw new IllegalArgumentException(
                    "endpoint: " + host + " (expected: a name or an address)");
        }
        long hash = mix(address[0], address[1]);
        int bit = (int) (hash >>> Integer.SIZE) & presentMask;
        present[bit / Long.SIZE] |= 1L << bit;
        int slot = slot(hash, address[0], address[1]);
        slots[slot * SLOT] = address[0];
        slots[slot * SLOT + 1] = address[1];
        earlier[index] = rows[slot];
        rows[slot] = index + 1;
    }

    /// The slot of the address, or the empty one where the search for it ends.
    private int slot(long hash, long high, long low) {
        int slot = (int) hash & mask;
        while (rows[slot] != 0 && (slots[slot * SLOT + 1] != low || slots[slot * SLOT] != high)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static long mix(long high, long low) {
        long mixed = (high * 0x9E3779B97F4A7C15L) ^ low;
        mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }
}
