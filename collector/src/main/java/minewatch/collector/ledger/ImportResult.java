package minewatch.collector.ledger;

import java.util.List;

/// What an import changed.
///
/// @param lines data lines of the file
/// @param added registry rows that are new; 0 if the file was imported before
/// @param unchanged rows that were there already
/// @param retired rows the file does not repeat, if it replaced the registry
/// @param reattributed hits whose attribution changed
/// @param ignoredColumns header names nothing was taken from
public record ImportResult(
        int lines,
        int added,
        int unchanged,
        int retired,
        long reattributed,
        List<String> ignoredColumns) {}
