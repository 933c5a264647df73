package minewatch.sensor.capture;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads captures, one after the other, into one reused block of memory.
///
/// What a file is, is told by its first bytes, never by its name: pcap or pcapng, as it is or
/// compressed with gzip or zstd. A truncated or corrupt capture gives every frame before the bad
/// place, and a [CaptureProblem] that names it.
///
/// - **Thread:** the caller's; one reader per worker.
/// - **Memory:** one block of 512 KiB, whatever the file says.
public final class CaptureReader {
    /// The argument that means standard input.
    public static final String STANDARD_INPUT = "-";

    /// Longest frame accepted, bytes; the same bound as libpcap's `MAXIMUM_SNAPLEN`.
    public static final int MAX_FRAME_BYTES = 256 << 10;

    private final FrameHandler handler;
    private final BlockBuffer buffer;

    public CaptureReader(FrameHandler handler) {
        this.handler = handler;
        this.buffer = new BlockBuffer(handler);
    }

    /// Reads a whole file, or standard input for [#STANDARD_INPUT].
    public CaptureResult read(String argument, CaptureProgress progress) {
        if (argument.equals(STANDARD_INPUT)) {
            var in = CaptureSource.standardInput();
            return read(STANDARD_INPUT, in, CaptureProgress.UNKNOWN_TOTAL, progress);
        }
        try {
            return read(Path.of(argument), progress);
        } catch (InvalidPathException e) {
            return failed(argument, "no such file");
        }
    }

    /// Reads a whole file. Never throws: what goes wrong is in the result.
    public CaptureResult read(Path file, CaptureProgress progress) {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            return failed(name, "is a folder");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long size = Files.isRegularFile(file) ? channel.size() : CaptureProgress.UNKNOWN_TOTAL;
            return read(name, channel, size, progress);
        } catch (IOException e) {
            return failed(name, reason(e));
        }
    }

    /// Reads a capture from a channel, which stays open.
    ///
    /// @param name what the result calls it
    /// @param totalBytes for `progress`, or [CaptureProgress#UNKNOWN_TOTAL]
    public CaptureResult read(
            String name, ReadableByteChannel channel, long totalBytes, CaptureProgress progress) {
        try (CaptureSource source = new CaptureSource(channel)) {
            ReadableByteChannel content = source.open();
            buffer.reset(content, () -> progress.onProgress(source.readBytes(), totalBytes));
            return readContent(name, source.compression());
        } catch (IOException e) {
            return failed(name, reason(e));
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
            case ZipException e -> CaptureProblem.corrupt(offset, compression + ": " + reason(e));
            case ZstdIOException e when CaptureSource.isTruncated(e) ->
                    CaptureProblem.truncated(offset, compression + " data ends early");
            case ZstdIOException e ->
                    CaptureProblem.corrupt(offset, compression + ": " + reason(e));
            default -> new CaptureProblem(CaptureProblem.Kind.IO, offset, reason(failure));
        };
    }

    private static CaptureResult failed(String name, String reason) {
        return new CaptureResult(name, 0, 0, new CaptureProblem(CaptureProblem.Kind.IO, 0, reason));
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException e -> "no such file";
            case AccessDeniedException e -> "permission denied";
            default -> {
                String message = failure.getMessage();
                yield message == null ? failure.getClass().getSimpleName() : message;
            }
        };
    }
}
