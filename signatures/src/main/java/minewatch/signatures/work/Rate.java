package minewatch.signatures.work;

/// A hashrate with its 95 % bounds, in the dialect's unit (H/s, Sol/s or g/s).
///
/// @param shares what it rests on
/// @param effectiveShares as many shares of equal cost say as much; below `shares` where their
///   costs differ, or some are not known
/// @param seconds over which they were found
public record Rate(
        double low,
        double best,
        double high,
        long shares,
        double effectiveShares,
        double seconds) {}
