/// From shares to hashes, from hashes to a rate with its bounds, from the rate to a band of power.
/// Pure arithmetic.
///
/// A share found under a target T costs on average 2^256/(T+1) hashes, and how many are found is a
/// Poisson count: so a rate is an interval, never a point.
///
/// Source: docs/reference/signatures.md, section "Work".
@org.jspecify.annotations.NullMarked
package minewatch.signatures.work;
