package minewatch.sensor.inspect;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import minewatch.signatures.Template;
import org.jspecify.annotations.Nullable;

/// The message shapes of one dialogue, each with who sent it, in order of appearance.
///
/// - **Memory:** at most [#MAX], out of the dialogue's [Allowance].
/// - **Thread:** the worker's own.
final class Tallies {
    static final int MAX = 96;

    /// Of [#MAX], shapes of what is not mining: they leave room for what is.
    static final int MAX_HARMLESS = 12;

    private static final int FIRST = 8;
    private static final int TOUCHED = 4;

    private final Allowance allowance;
    private Tally[] held = new Tally[FIRST];
    private int[] keys = new int[FIRST]; // of `held`: a search reads this array and nothing else
    private int size;
    private int harmless;

    Tallies(Allowance allowance) {
        this.allowance = allowance;
    }

    /// See [Session#touch(boolean, int)].
    long touch(int step) {
        return switch (step) {
            case 0 -> size;
            case 1 -> keys[0] + held.length;
            case 2 -> touchLatest();
            default -> 0;
        };
    }

    /// Those of a dialogue that goes on: once a dialect is settled there are few.
    private long touchLatest() {
        long sum = 0;
        for (int i = Math.max(0, size - TOUCHED); i < size; i++) {
            sum += held[i].total;
        }
        return sum;
    }

    /// In order of appearance; a view.
    List<Tally> list() {
        return Arrays.asList(held).subList(0, size);
    }

    /// @return null where this shape was not heard from this side
    @Nullable Tally find(Template template, boolean fromOriginator) {
        int key = key(template, fromOriginator);
        for (int i = 0; i < size; i++) {
            if (keys[i] == key) {
                return held[i];
            }
        }
        return null;
    }

    /// Whether there is a place for a shape not heard before from this side.
    boolean hasRoomFor(Template template) {
        return size < MAX
                && (template.weight() >= 0
                        || harmless < MAX_HARMLESS
                        || find(template, true) != null
                        || find(template, false) != null);
    }

    /// @return whether it is kept: the [Allowance] may not have so much left
    boolean add(Tally tally) {
        if (!allowance.take(Tally.BYTES)) {
            return false;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            held = Arrays.copyOf(held, size * 2);
        }
        put(tally);
        harmless += tally.template.weight() < 0 ? 1 : 0;
        return true;
    }

    private void put(Tally tally) {
        keys[size] = key(tally.template, tally.fromOriginator);
        held[size++] = tally;
    }

    /// Forgets the shapes of dialects that are not wanted any more; those of what is not mining
    /// stay.
    void keepOnly(IntPredicate dialects) {
        int before = size;
        size = 0;
        for (int i = 0; i < before; i++) {
            Tally tally = held[i];
            if (tally.template.weight() < 0 || dialects.test(tally.template.dialect())) {
                put(tally);
            } else {
                allowance.give(Tally.BYTES);
            }
        }
        Arrays.fill(held, size, before, null);
    }

    void startInterval() {
        list().forEach(tally -> tally.count = 0);
    }

    private static int key(Template template, boolean fromOriginator) {
        return template.index() << 1 | (fromOriginator ? 1 : 0);
    }
}
