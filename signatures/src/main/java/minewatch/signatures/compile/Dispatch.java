package minewatch.signatures.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minewatch.signatures.lexer.ByteHash;
import minewatch.signatures.lexer.JsonKey;

/// From the string of a top-level key to the templates that may fit: an open-addressing table of
/// hashes. A collision only costs a check in vain.
final class Dispatch {
    final JsonKey key;
    private final long[] hashes;
    private final Candidates[] candidates;

    private Dispatch(JsonKey key, Map<String, List<Compiled>> names) {
        this.key = key;
        int slots = Integer.highestOneBit(Math.max(1, names.size())) * 4;
        hashes = new long[slots];
        candidates = new Candidates[slots];
        names.forEach(this::add);
    }

    /// One entry of the table to be.
    record Entry(String name, Compiled compiled) {}

    static Dispatch of(String key, List<Entry> entries) {
        Map<String, List<Compiled>> names = new LinkedHashMap<>();
        for (Entry entry : entries) {
            names.computeIfAbsent(entry.name(), _ -> new ArrayList<>()).add(entry.compiled());
        }
        return new Dispatch(JsonKey.of(key), names);
    }

    private void add(String name, List<Compiled> compiled) {
        byte[] text = Check.utf8(name);
        long hash = ByteHash.of(text, 0, text.length);
        int slot = slot(hash);
        hashes[slot] = hash;
        candidates[slot] = new Candidates(compiled);
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

    Candidates candidates(long hash) {
        Candidates found = candidates[slot(hash)];
        return found == null ? Candidates.NONE : found;
    }
}
