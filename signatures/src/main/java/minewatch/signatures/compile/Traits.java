package minewatch.signatures.compile;

import minewatch.signatures.lexer.JsonTape;
import minewatch.signatures.lexer.JsonTape.Kind;

/// What a node looks like at a glance, as a set of bits: its kind, and how many elements, members
/// or bytes it has. A check allows some; a node that has one it does not allow cannot fit.
final class Traits {
    /// Those of every node.
    static final long ANY = -1;

    private static final int SIZES = Kind.values().length; // the bit of size 0; kinds are below
    private static final int LARGEST = 53; // this and all above share a bit
    private static final int SPARE = SIZES + LARGEST + 1; // bits from here on are nobody's

    private Traits() {}

    /// The traits of a node; none where there is no node. The size of a string with escapes is not
    /// known at a glance.
    static long of(JsonTape tape, int node) {
        if (node < 0) {
            return 0;
        }
        return tape.kindBit(node) | (tape.isEscaped(node) ? 0 : size(tape.size(node)));
    }

    static long of(Kind kind) {
        return of(kind, 0, 0);
    }

    /// @param most elements, members or bytes; `least` or more
    static long of(Kind kind, int least, int most) {
        long traits = kind.bit();
        for (int size = Math.min(least, LARGEST); size <= Math.min(most, LARGEST); size++) {
            traits |= size(size);
        }
        return traits;
    }

    /// A bit that no node has.
    ///
    /// @param index 0 or 1
    static long spare(int index) {
        return 1L << SPARE + index;
    }

    private static long size(int size) {
        return 1L << SIZES + Math.min(size, LARGEST);
    }
}
