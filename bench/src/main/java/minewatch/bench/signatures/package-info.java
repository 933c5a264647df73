/// A message against the pack, without a flow around it.
@org.jspecify.annotations.NullMarked
package minewatch.bench.signatures;
