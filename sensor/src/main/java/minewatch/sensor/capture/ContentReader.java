package minewatch.sensor.capture;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Hands the frames of decompressed captures to one handler.
final class ContentReader {
    private final FrameHandler handler;
    private final BlockBuffer buffer;

    ContentReader(FrameHandler handler) {
        this.handler = handler;
        this.buffer = new BlockBuffer(handler);
    }

    /// @param name what the result calls it
    /// @param compression what it was in; empty where it was not
    /// @param onFill called about once a block
    CaptureResult read(
            String name, ReadableByteChannel content, String compression, Runnable onFill) {
        try {
            buffer.reset(content, onFill);
            return readContent(name, compression);
        } finally {
            handler.onBatchEnd();
        }
    }

    private CaptureResult readContent(String name, String compression) {
        RecordReader records = recordReader();
        if (records == null) {
            return new CaptureResult(name, 0, 0, notACapture(compression));
        }
        CaptureProblem problem = records.run();
        IOException failure = buffer.failure();
        if (failure != null) {
            problem = sourceProblem(failure, compression);
        }
        return new CaptureResult(name, records.packets, records.octets, problem);
    }

    private @Nullable RecordReader recordReader() {
        buffer.fill(CaptureFormat.MAGIC_BYTES);
        return switch (CaptureFormat.of(buffer)) {
            case PCAP -> new PcapReader(buffer, handler);
            case PCAPNG -> new PcapngReader(buffer, handler);
            case NONE -> null;
        };
    }

    private CaptureProblem notACapture(String compression) {
        IOException failure = buffer.failure();
        if (failure != null) {
            return sourceProblem(failure, compression);
        }
        String found = buffer.held() == 0 ? "is empty" : "starts with " + firstBytes();
        String inside = compression.isEmpty() ? "" : compression + " content ";
        return new CaptureProblem(
                CaptureProblem.Kind.NOT_A_CAPTURE,
                0,
                inside + found + " (expected: pcap or pcapng, plain or in gzip or zstd)");
    }

    private String firstBytes() {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(4, buffer.held()); i++) {
            hex.append("%02x".formatted(buffer.u8(buffer.position() + (long) i)));
        }
        return hex.toString();
    }

    private CaptureProblem sourceProblem(IOException failure, String compression) {
        long offset = buffer.offset();
        return switch (failure) {
            case EOFException e ->
                    CaptureProblem.truncated(offset, compression + " data ends early");
            case ZipException e ->
                    CaptureProblem.corrupt(offset, compression + ": " + CaptureReader.reason(e));
            case ZstdIOException e when CaptureSource.isTruncated(e) ->
                    CaptureProblem.truncated(offset, compression + " data ends early");
            case ZstdIOException e ->
                    CaptureProblem.corrupt(offset, compression + ": " + CaptureReader.reason(e));
            default ->
                    new CaptureProblem(
                            CaptureProblem.Kind.IO, offset, CaptureReader.reason(failure));
        };
    }
}
