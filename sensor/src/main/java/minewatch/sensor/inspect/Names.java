package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Distinct names a dialogue has told (agents, accounts, workers), in order of appearance, bounded
/// in number and length: they are foreign text. The hashes of names that were told save making a
/// string of each repetition: through a proxy hundreds of workers take turns.
///
/// - **Memory:** out of the dialogue's [Allowance].
/// - **Thread:** the worker's own.
final class Names {
    static final int MAX_NAMES = 256;
    static final int MAX_LENGTH = 128;
    private static final int NAME_BYTES = 64; // besides its characters: string, arrays
    private static final int MIN_SEEN = 8;
    private static final int MAX_SEEN = 2 * MAX_NAMES;
    private static final long[] NOTHING = {};
    private static final int[] NO_NAMES = {};

    private final Allowance allowance;
    private final List<String> names = new ArrayList<>(1);
    private int[] hashCodes = NO_NAMES; // of `names`: a search reads this array and little else
    private boolean full; // that is nearer than the list's size
    private long latest;
    private long[] seen = NOTHING; // hashes, each in one of two places; 0: none
    private int kept; // bytes

    Names(Allowance allowance) {
        this.allowance = allowance;
    }

    /// @return whether a name with this hash may be new, so that it is worth making a string
    boolean isNew(long hash) {
        if (hash == 0 || hash == latest || full) {
            return false;
        }
        boolean known = latest != 0 && isSeen(hash);
        latest = hash;
        return !known;
    }

    /// Of a hash that is not the latest; from now on it is seen, as the latest is.
    private boolean isSeen(long hash) {
        if (seen.length == 0) {
            seen = new long[MIN_SEEN];
            put(latest);
        }
        int place = place(hash);
        if (seen[place] == hash || seen[place ^ 1] == hash) {
            return true;
        }
        while (seen[place] != 0 && seen[place ^ 1] != 0 && mayGrow()) {
            long[] old = seen;
            seen = new long[old.length * 2];
            Arrays.stream(old).filter(each -> each != 0).forEach(this::put);
            place = place(hash);
        }
        put(hash);
        return false;
    }

    private boolean mayGrow() {
        int bytes = seen.length * Long.BYTES;
        return seen.length < MAX_SEEN && take(bytes);
    }

    /// Where both places are taken one hash is forgotten, whose name is then made once more.
    private void put(long hash) {
        int place = place(hash);
        if (seen[place] != 0) {
            seen[place ^ 1] = seen[place];
        }
        seen[place] = hash;
    }

    private int place(long hash) {
        return (int) (hash >>> Integer.SIZE) & (seen.length - 1);
    }

    /// See [Session#touch(boolean, int)].
    long touch() {
        return latest;
    }

    void add(@Nullable String name) {
        if (name == null || name.isBlank() || full) {
            return;
        }
        String printable = escape(shortened(name.strip()));
        if (!contains(printable) && take(NAME_BYTES + Character.BYTES * printable.length())) {
            keep(printable);
        }
    }

    private boolean contains(String name) {
        int hashCode = name.hashCode();
        for (int i = 0; i < names.size(); i++) {
            if (hashCodes[i] == hashCode && names.get(i).equals(name)) {
                return true;
            }
        }
        return false;
    }

    private void keep(String name) {
        if (names.size() == hashCodes.length) {
            hashCodes = Arrays.copyOf(hashCodes, Math.max(1, 2 * hashCodes.length));
        }
        hashCodes[names.size()] = name.hashCode();
        names.add(name);
        full = names.size() == MAX_NAMES;
    }

    private boolean take(int bytes) {
        boolean taken = allowance.take(bytes);
        kept += taken ? bytes : 0;
        return taken;
    }

    /// Bytes of the [Allowance].
    int kept() {
        return kept;
    }

    List<String> list() {
        return new ArrayList<>(names);
    }

    private static String escape(String name) {
        String text = name;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                text = text.replace(c, '\uFFFD');
            }
        }
        return text;
    }

    /// Never cut inside a character: half of one is no text.
    private static String shortened(String name) {
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        boolean splits = Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1));
        return name.substring(0, splits ? MAX_LENGTH - 1 : MAX_LENGTH);
    }
}
