/// Segment files → collector over gRPC and mutual TLS; resend until acknowledged.
///
/// - **In:** batches from the spool, in order.
/// - **Out:** one stream a sensor: `Hello`, then after the collector's `Welcome` every batch it
///   does not hold, at most a window ahead of its acknowledgements, which go back to the spool.
/// - **Failure:** the stream is opened again after a growing, jittered pause; a refused certificate
///   waits the longest pause at once. Nothing is lost by it: the spool keeps what is not
///   acknowledged.
/// - **Thread:** one of its own for the stream, one for the clock; gRPC's only hand messages over.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.uplink;
