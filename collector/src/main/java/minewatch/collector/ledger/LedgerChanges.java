package minewatch.collector.ledger;

/// Told after each commit that changed the ledger.
@FunctionalInterface
public interface LedgerChanges {
    /// @param revision grows with every commit
    void onCommit(long revision);
}
