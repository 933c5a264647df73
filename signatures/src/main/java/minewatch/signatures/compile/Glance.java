package minewatch.signatures.compile;

import minewatch.signatures.Side;
import minewatch.signatures.lexer.JsonKey;
import minewatch.signatures.lexer.JsonTape;
import org.jspecify.annotations.Nullable;

/// The message in hand as far as it is seen without reading its texts, as [#WORDS] sets of bits. A
/// template excludes some bits of each: it needs no closer look where the message has one of them.
///
/// - **Word 0:** the keys that the message does *not* have.
/// - **Word 1:** [Traits] of `result`, and the sender.
/// - **Word 2:** [Traits] of `params`.
/// - **Words 3 to 7:** [Traits] of its first elements, where it is an array.
final class Glance {
    static final int WORDS = 8;
    static final JsonKey RESULT = JsonKey.of("result");
    static final JsonKey PARAMS = JsonKey.of("params");

    private static final int SENDER = 1;
    private static final int ELEMENTS = 3;
    private static final long FROM_MINER = Traits.spare(0);
    private static final long FROM_POOL = Traits.spare(1);

    final long[] words = new long[WORDS];

    /// Looks at an object.
    void at(JsonTape tape) {
        int params = tape.find(0, PARAMS);
        words[0] = ~tape.rootKeys();
        words[1] = Traits.of(tape, tape.find(0, RESULT));
        words[2] = Traits.of(tape, params);
        boolean list = params >= 0 && tape.is(params, JsonTape.Kind.ARRAY);
        int element = params + 1;
        int end = list ? tape.after(params) : element;
        for (int i = ELEMENTS; i < WORDS; i++) {
            words[i] = element < end ? Traits.of(tape, element) : 0;
            element = element < end ? tape.after(element) : end;
        }
    }

    /// @param side null while the roles are unknown
    void from(@Nullable Side side) {
        words[SENDER] &= ~(FROM_MINER | FROM_POOL);
        if (side != null) {
            words[SENDER] |= side == Side.MINER ? FROM_MINER : FROM_POOL;
        }
    }

    /// What a message that fits does not have, [#WORDS] of it from `excluded[at]` on.
    static void exclude(Compiled compiled, long[] excluded, int at) {
        excluded[at + SENDER] =
                switch (compiled.template().from()) {
                    case MINER -> FROM_POOL;
                    case POOL -> FROM_MINER;
                    case EITHER -> 0;
                };
        if (compiled.check() instanceof Check.Members members) {
            Check params = members.checkOf(PARAMS);
            excluded[at] = members.requiredKeys();
            excluded[at + 1] |= allBut(members.checkOf(RESULT));
            excluded[at + 2] = allBut(params);
            if (params instanceof Check.Tuple tuple) {
                for (int i = ELEMENTS; i < WORDS; i++) {
                    excluded[at + i] = allBut(tuple.checkOf(i - ELEMENTS));
                }
            }
        }
    }

    private static long allBut(@Nullable Check check) {
        return ~(check == null ? 0 : check.traits()) & ~(FROM_MINER | FROM_POOL);
    }
}
