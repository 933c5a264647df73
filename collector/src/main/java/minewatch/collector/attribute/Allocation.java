package minewatch.collector.attribute;

/// One registry row: `holder` had `prefix` from `validFrom` until before `validTo`.
///
/// @param id row id in the ledger
/// @param source name of the registry
/// @param validFromNanos nanoseconds since the Unix epoch, inclusive
/// @param validToNanos exclusive; `Long.MAX_VALUE` while still valid
public record Allocation(
        long id,
        String source,
        IpPrefix prefix,
        long validFromNanos,
        long validToNanos,
        Holder holder,
        UseMode useMode) {}
