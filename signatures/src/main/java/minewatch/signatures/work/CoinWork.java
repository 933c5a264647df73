package minewatch.signatures.work;

/// How a coin of the Bitcoin family is mined.
///
/// @param algorithm contract name, `x11`
/// @param shareMultiplier by how many times its pools state a higher difficulty than sha256d's for
///   the same number of hashes
public record CoinWork(String algorithm, double shareMultiplier) {}
