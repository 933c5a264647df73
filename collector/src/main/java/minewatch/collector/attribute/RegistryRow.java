package minewatch.collector.attribute;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One prefix of one line of a registry file, checked.
///
/// @param line line of the file it stood on, from 1; a range yields several rows of one line
/// @param validTo exclusive; null while still valid
public record RegistryRow(
        int line,
        IpPrefix prefix,
        Instant validFrom,
        @Nullable Instant validTo,
        Holder holder,
        UseMode useMode) {

    boolean overlaps(RegistryRow other) {
        return prefix.equals(other.prefix)
                && (validTo == null || other.validFrom.isBefore(validTo))
                && (other.validTo == null || validFrom.isBefore(other.validTo));
    }
}
