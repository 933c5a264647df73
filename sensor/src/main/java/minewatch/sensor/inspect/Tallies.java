package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import minewatch.signatures.Template;
import org.jspecify.annotations.Nullable;

/// The message shapes of one dialogue, each with who sent it, in order of appearance.
///
/// - **Memory:** at most [#MAX].
/// - **Thread:** the worker's own.
final class Tallies {
    static final int MAX = 96;

    /// Of [#MAX], shapes of what is not mining: they leave room for what is.
    static final int MAX_HARMLESS = 12;

    private static final int FIRST = 8;

    private final List<Tally> held = new ArrayList<>(FIRST);
    private int[] keys = new int[FIRST]; // of `held`: a search reads this array and nothing else
    private int harmless;

    /// See [Session#touch()].
    long touch() {
        int last = held.size() - 1;
        return last < 0 ? 0 : keys[last] + held.get(last).total;
    }

    /// In order of appearance; a view.
    List<Tally> list() {
        return held;
    }

    /// @return null where this shape was not heard from this side
    @Nullable Tally find(Template template, boolean fromOriginator) {
        int key = key(template, fromOriginator);
        for (int i = 0; i < held.size(); i++) {
            if (keys[i] == key) {
                return held.get(i);
            }
        }
        return null;
    }

    /// Whether there is a place for a shape not heard before from this side.
    boolean hasRoomFor(Template template) {
        return held.size() < MAX
                && (template.weight() >= 0
                        || harmless < MAX_HARMLESS
                        || find(template, true) != null
                        || find(template, false) != null);
    }

    void add(Tally tally) {
        int size = held.size();
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
        }
        keys[size] = key(tally.template, tally.fromOriginator);
        held.add(tally);
        harmless += tally.template.weight() < 0 ? 1 : 0;
    }

    /// Forgets the shapes of dialects that are not wanted any more; those of what is not mining
    /// stay.
    void keepOnly(IntPredicate dialects) {
        held.removeIf(
                tally -> tally.template.weight() >= 0 && !dialects.test(tally.template.dialect()));
        for (int i = 0; i < held.size(); i++) {
            keys[i] = key(held.get(i).template, held.get(i).fromOriginator);
        }
    }

    void startInterval() {
        held.forEach(tally -> tally.count = 0);
    }

    private static int key(Template template, boolean fromOriginator) {
        return template.index() << 1 | (fromOriginator ? 1 : 0);
    }
}
