/// Frame → packet view, or a named anomaly.
///
/// - **In:** a frame from `capture`, valid until the end of its batch.
/// - **Out:** a filled [PacketView]; or one count in [DecodeAnomaly] or [NonIpFrame] that says why
///   there is none. The books balance: frames = packets + anomalies + non-IP frames.
/// - **Thread:** the capture worker's own; nothing here is shared.
/// - **Limits:** 4 VLAN tags, 8 IPv6 extension headers; fragments are not put together.
///
/// Source: IEEE 802.1Q-2022 §9, RFC 791, RFC 4302, RFC 8200, RFC 9293, RFC 768, RFC 1661, RFC 1662,
/// draft-ietf-opsawg-pcaplinktype.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.decode;
