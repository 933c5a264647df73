/// Hits → what stands beside the collector: an EVE file, syslog.
///
/// - **In:** the hits of one interval as the rollup hands them over ([EveFile]), or the spool's
///   batches in order of their number ([Follower]).
/// - **Out:** lines of a file, messages of a stream.
/// - **Promise:** the best the medium allows, and what is lost all the same is counted: the spool
///   keeps a batch until every output is done with it, within its limit.
/// - **Thread:** one for each output that follows the spool.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.output;
