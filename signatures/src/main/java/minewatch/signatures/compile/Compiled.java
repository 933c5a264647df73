package minewatch.signatures.compile;

import java.util.BitSet;
import java.util.Map;
import minewatch.signatures.Field;
import minewatch.signatures.Template;
import minewatch.signatures.lexer.JsonKey;

/// A template with what it takes to match it.
///
/// @param answers [Template#repliesTo()], to be asked without boxing
/// @param requiredKeys bits of the keys that a message must have to fit
/// @param resultKinds kinds that its `result` may be of, if it has one
record Compiled(
        Template template,
        Check check,
        BitSet answers,
        Map<Field, FieldPath[]> fields,
        long requiredKeys,
        int resultKinds) {
    static final JsonKey RESULT = JsonKey.of("result");

    static Compiled of(
            Template template, Check check, BitSet answers, Map<Field, FieldPath[]> fields) {
        return check instanceof Check.Members members
                ? new Compiled(
                        template,
                        check,
                        answers,
                        fields,
                        members.requiredKeys(),
                        members.kindsOf(RESULT))
                : new Compiled(template, check, answers, fields, 0, Check.ANY_KIND);
    }
}
