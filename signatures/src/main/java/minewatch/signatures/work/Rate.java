package minewatch.signatures.work;

/// A hashrate with its 95 % bounds, in the dialect's unit (H/s, Sol/s or g/s).
///
/// @param shares what it rests on
/// @param seconds over which they were found
public record Rate(double low, double best, double high, long shares, double seconds) {}
