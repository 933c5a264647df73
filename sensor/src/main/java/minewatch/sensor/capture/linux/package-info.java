/// A network interface read through the kernel's packet ring (AF_PACKET, TPACKET_V3), without a
/// library: the system calls are made through `java.lang.foreign`, here and nowhere else.
///
/// - **In:** an interface, and the right to capture (CAP_NET_RAW).
/// - **Out:** frames handed to a [minewatch.sensor.capture.FrameHandler], in a buffer that is used
///   again after each block.
/// - **Thread:** one ring, one thread; nothing here is shared.
/// - **Errors:** one line with the cause and the remedy; a lost interface is an
///   [minewatch.sensor.capture.InterfaceLostException].
///
/// Source: packet(7), kernel Documentation/networking/packet_mmap.rst,
/// include/uapi/linux/if_packet.h.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.capture.linux;
