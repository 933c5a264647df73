/// Frame → packet view, or a named anomaly.
///
/// - **In:** a frame from `capture`, valid until the end of its batch.
/// - **Out:** a filled [PacketView]; or one count in [DecodeAnomaly] or [NonIpFrame] that says why
///   there is none. The books balance: frames = packets + anomalies + non-IP frames.
/// - **Thread:** the capture worker's own; nothing here is shared.
/// - **Limits:** 4 VLAN tags in a row, 16 MPLS labels, 8 IPv6 extension headers, 4 tunnels; the
///   first fragments of 4,096 datagrams, for 30 s, and fragments are not put together.
///
/// [Decoder] draws the layers; each names its sources.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.decode;
