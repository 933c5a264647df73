/// What a writer of signatures works with: labelled captures and the one judge of them, the run of
/// `signatures test` with its reports, and the clock of `signatures bench`.
///
/// - **In:** the hits of whole captures, labels of strangers' files. **Out:** problems, figures and
///   reports of them.
/// - **Limits:** a truth file of 64 MiB and 1,000,000 rows, a previous run of 64 MiB.
/// - **Thread:** any, one at a time; cold.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.workbench;
