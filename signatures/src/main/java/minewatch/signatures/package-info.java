/// What mining looks like: the pack of signatures, the language they are written in, the compiler
/// that turns them into matchers, and the arithmetic from shares to hashes and power. Pure: no I/O
/// on the hot side, no threads.
@org.jspecify.annotations.NullMarked
package minewatch.signatures;
