/// Recomputes shares: the one kind of evidence that cannot be a coincidence. A share that hashes
/// below its target was mined, and by which algorithm it does says what is mined.
@org.jspecify.annotations.NullMarked
package minewatch.signatures.proof;
