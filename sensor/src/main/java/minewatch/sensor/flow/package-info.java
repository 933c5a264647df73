/// Packet → flow: key, direction, table, timeouts, the first-bytes gate.
///
/// - **In:** packet views from `decode`, worked on a batch at a time.
/// - **Out:** packets of suspect flows, to a [SuspectHandler].
/// - **Thread:** the capture worker's own; packet time drives every clock.
/// - **Limits:** [FlowConfig#maxFlows()] flows of 64 bytes; what is evicted is counted.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.flow;
