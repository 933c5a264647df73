/// Ring or file → frames.
///
/// - **In:** a capture file (pcap, pcapng; plain, gzip or zstd), standard input, or an interface.
/// - **Out:** frames handed to a [FrameHandler] in memory that is reused after each
///   [FrameHandler#onBatchEnd()].
/// - **Thread:** one reader, one thread; nothing here is shared.
/// - **Limits:** frames of at most [CaptureReader#MAX_FRAME_BYTES]; a longer one is corruption.
///
/// Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng, draft-ietf-opsawg-pcaplinktype.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.capture;
