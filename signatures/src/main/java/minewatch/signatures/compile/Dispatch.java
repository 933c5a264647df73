package minewatch.signatures.compile;

import java.util.ArrayList;
import java.util.List;
import minewatch.signatures.lexer.JsonKey;
import minewatch.signatures.lexer.JsonTape;

/// From the string of a top-level key to the templates that may fit: an open-addressing table of
/// hashes. A collision only costs a check in vain.
final class Dispatch {
    private static final Compiled[] NONE = {};

    final JsonKey key;
    private final long[] hashes;
    private final Compiled[][] candidates;

    private Dispatch(JsonKey key, int names) {
        this.key = key;
        int slots = Integer.highestOneBit(Math.max(1, names)) * 4;
        hashes = new long[slots];
        candidates = new Compiled[slots][];
    }

    /// One entry of the table to be.
    record Entry(String name, Compiled compiled) {}

    static Dispatch of(String key, List<Entry> entries) {
        Dispatch dispatch = new Dispatch(JsonKey.of(key), entries.size());
        for (Entry entry : entries) {
            byte[] name = Check.utf8(entry.name());
            dispatch.add(JsonTape.hash(name, 0, name.length), entry.compiled());
        }
        return dispatch;
    }

    private void add(long hash, Compiled compiled) {
        int slot = slot(hash);
        List<Compiled> list =
                new ArrayList<>(candidates[slot] == null ? List.of() : List.of(candidates[slot]));
        list.add(compiled);
        hashes[slot] = hash;
        candidates[slot] = list.toArray(Compiled[]::new);
    }

    /// The slot of a hash, or the free one where it would stand: half the slots stay free, so there
    /// always is one.
    private int slot(long hash) {
        int mask = hashes.length - 1;
        int slot = (int) hash & mask;
        while (candidates[slot] != null && hashes[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    Compiled[] candidates(long hash) {
        Compiled[] found = candidates[slot(hash)];
        return found == null ? NONE : found;
    }
}
