package minewatch.signatures.endpoint;

import java.util.Arrays;
import java.util.List;

/// Names by hash, open addressing at most half full. A name is hashed from its last byte to its
/// first, so that one pass gives the hash of everything it is below.
final class NameTable {
    private static final long PRIME = 0x100000001B3L; // FNV-1a, 64 bits
    private static final long BASIS = 0xCBF29CE484222325L;
    private static final long BELOW_SEED = 0x9E3779B97F4A7C15L; // tells "*.a" from "a"

    private final List<Endpoint> endpoints;
    private final long[] hashes; // 0: empty
    private final int[] indexes;
    private final int mask;

    NameTable(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
        int count = (int) endpoints.stream().filter(Endpoint::isName).count();
        int size = Integer.highestOneBit(Math.max(2, count * 2 - 1)) << 1;
        hashes = new long[size];
        indexes = new int[size];
        mask = size - 1;
        Arrays.fill(indexes, Endpoints.NONE);
        for (int i = 0; i < endpoints.size(); i++) {
            if (endpoints.get(i).isName()) {
                put(endpoints.get(i).host(), i);
            }
        }
    }

    /// The row of the name itself, or of the longest it is below.
    int find(byte[] name, int start, int end) {
        int found = Endpoints.NONE;
        long hash = BASIS;
        for (int at = end - 1; at >= start; at--) {
            if (name[at] == '.') {
                int below = probe(finish(hash ^ BELOW_SEED), name, at + 1, end, true);
                found = below >= 0 ? below : found;
            }
            hash = (hash ^ lower(name[at])) * PRIME;
        }
        int exact = probe(finish(hash), name, start, end, false);
        return exact >= 0 ? exact : found;
    }

    /// Whether a row that [#find] gave is of the name itself.
    boolean isExact(int index) {
        return offset(endpoints.get(index).host()) == 0;
    }

    static boolean isSame(String text, int from, byte[] name, int start, int end) {
        if (text.length() - from != end - start) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (text.charAt(from + i - start) != lower(name[i])) {
                return false;
            }
        }
        return true;
    }

    private int probe(long hash, byte[] name, int start, int end, boolean below) {
        for (int slot = (int) hash & mask; hashes[slot] != 0; slot = (slot + 1) & mask) {
            if (hashes[slot] == hash) {
                String host = endpoints.get(indexes[slot]).host();
                int offset = offset(host);
                if (below == (offset > 0) && isSame(host, offset, name, start, end)) {
                    return indexes[slot];
                }
            }
        }
        return Endpoints.NONE;
    }

    private void put(String host, int index) {
        int offset = offset(host);
        long hash = BASIS;
        for (int at = host.length() - 1; at >= offset; at--) {
            hash = (hash ^ host.charAt(at)) * PRIME;
        }
        hash = finish(offset > 0 ? hash ^ BELOW_SEED : hash);
        int slot = (int) hash & mask;
        while (hashes[slot] != 0
                && !(hashes[slot] == hash && endpoints.get(indexes[slot]).host().equals(host))) {
            slot = (slot + 1) & mask;
        }
        hashes[slot] = hash;
        indexes[slot] = index;
    }

    private static int offset(String host) {
        return host.startsWith(Endpoint.BELOW) ? Endpoint.BELOW.length() : 0;
    }

    private static long finish(long hash) {
        long mixed = (hash ^ (hash >>> 32)) * 0x9E3779B97F4A7C15L;
        return (mixed ^ (mixed >>> 29)) | 1L << 63; // never 0
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b & 0xFF;
    }
}
