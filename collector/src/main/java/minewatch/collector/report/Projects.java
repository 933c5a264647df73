package minewatch.collector.report;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Questions about the ledger of projects. Read-only; safe for any number of threads.
public interface Projects {
    /// @param regionPrefix leading digits of a GB/T 2260 code, or null for all
    /// @param text part of an enterprise name, address or source IP, or null for all
    /// @return strongest verdict first, then latest
    List<ProjectRow> list(@Nullable String regionPrefix, @Nullable String text);

    /// @param hitLimit newest hits to return, 1 to 1000
    Optional<ProjectDetail> find(long id, int hitLimit);
}
