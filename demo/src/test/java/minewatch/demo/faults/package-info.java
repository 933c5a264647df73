/// Faults of every kind on the way from a sensor's spool to the ledger, each with an oracle that
/// counts: every hit that was issued is in the ledger once, or in a gap record.
///
/// Sensor and collector are processes of their own and really killed; the database is a real
/// PostgreSQL that syncs. `-Dminewatch.faults.seed=N` repeats a run.
@org.jspecify.annotations.NullMarked
package minewatch.demo.faults;
