/// Signature files to a checked model: one YAML file per dialect, every problem of a file reported
/// at once with its line and column.
///
/// The model is plain declarations; `minewatch.signatures.compile` turns it into matchers. Cold:
/// runs once at start. Files are foreign: size, nesting and number of everything are bounded, and
/// there are no aliases, no tags and no regular expressions.
///
/// Source: docs/reference/signatures.md.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.language;
