package minewatch.signatures.coinbase;

/// The pool a job comes from.
///
/// @param name as people know it, `F2Pool`
/// @param by `payout-address` or `coinbase-tag`; anyone can write a tag, but pays who writes an
///   address
public record PoolName(String name, String by) {}
