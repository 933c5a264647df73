/// Hits → crash-safe segment files; bounded; what overflow drops is a gap.
///
/// - **In:** the hits of one interval, from the rollup's hand-over thread ([Spool#append]).
/// - **Out:** batches in order of their number, with the gaps that precede them, to the uplink
///   ([SpoolReader]); acknowledgements come back ([Spool#ack]).
/// - **Promise:** when `append` returns true the hits survive a crash and a power cut. What is lost
///   all the same (no room, a bad sector) becomes a gap record with the numbers it concerns.
/// - **Thread:** any; one lock.
///
/// The directory, which belongs to one sensor:
///
/// ```
/// lock                            held while the spool is open
/// state                           sensor, boot id, acknowledged number, gaps; replaced atomically
/// reserve                         room to write `state` on a full disk
/// 00000000000000000001.segment    frames from batch 1 on
/// quarantine/                     bytes that failed their checksum
/// ```
///
/// A segment file:
///
/// ```
///  0                   8          12                  28               36
///  +-------------------+-----------+-------------------+----------------+-----------------+
///  | "MWSPOOL\n"       | version 1 | boot id           | first seq      | crc32c of these |
///  +-------------------+-----------+-------------------+----------------+-----------------+
///  0        4          8                               16
///  +--------+----------+-------------------------------+-------------------...
///  | length | crc32c   | seq                           | payload: a serialized Batch       | repeated
///  +--------+----------+-------------------------------+-------------------...
/// ```
///
/// Numbers are big-endian. A frame's checksum covers boot id, length, seq and payload: bytes of
/// another spool, or bytes that traffic planted in an excerpt, do not pass for a frame.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.spool;
