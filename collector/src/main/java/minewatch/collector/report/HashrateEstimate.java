package minewatch.collector.report;

/// Hashrate of one algorithm, summed over the miners of a project. Algorithms are never summed
/// together.
///
/// @param algorithm name of the contract, `sha256d`
/// @param unit `H/s`, `Sol/s` or `g/s`
/// @param shares accepted shares the estimate rests on
public record HashrateEstimate(String algorithm, Band rate, String unit, long shares) {}
