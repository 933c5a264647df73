package minewatch.signatures.compile;

import java.util.BitSet;
import java.util.Map;
import minewatch.signatures.Field;
import minewatch.signatures.Template;

/// A template with what it takes to match it.
///
/// @param answers [Template#repliesTo()], to be asked without boxing
record Compiled(Template template, Check check, BitSet answers, Map<Field, FieldPath[]> fields) {}
