package minewatch.sensor.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/// Reads captures, one after the other, into one reused block of memory.
///
/// What a file is, is told by its first bytes, never by its name: pcap or pcapng, as it is or
/// compressed with gzip or zstd. A truncated or corrupt capture gives every frame before the bad
/// place, and a [CaptureProblem] that names it.
///
/// - **Thread:** the caller's; one reader per worker, or for several that are to have the same
///   frames.
/// - **Memory:** one block of 512 KiB for each handler, and 2 MiB where they are several, whatever
///   the file says.
public final class CaptureReader {
    /// The argument that means standard input.
    public static final String STANDARD_INPUT = "-";

    /// Longest frame accepted, bytes; the same bound as libpcap's `MAXIMUM_SNAPLEN`.
    public static final int MAX_FRAME_BYTES = 256 << 10;

    private final List<ContentReader> readers;

    public CaptureReader(FrameHandler handler) {
        this(List.of(handler));
    }

    /// @param handlers each of which is given every frame, in order, on a thread of its own where
    ///   they are several; none gets far ahead of another
    public CaptureReader(List<? extends FrameHandler> handlers) {
        readers = handlers.stream().map(ContentReader::new).toList();
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
            Runnable onFill = () -> progress.onProgress(source.readBytes(), totalBytes);
            return readers.size() == 1
                    ? readers.getFirst().read(name, content, source.compression(), onFill)
                    : readShared(name, content, source.compression(), onFill);
        } catch (IOException e) {
            return failed(name, reason(e));
        }
    }

    /// All say the same of the capture.
    private CaptureResult readShared(
            String name, ReadableByteChannel content, String compression, Runnable onChunk) {
        SharedContent shared = new SharedContent(readers.size());
        AtomicReference<Throwable> firstFailure = new AtomicReference<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(readers.size())) {
            List<Future<CaptureResult>> results = new ArrayList<>();
            for (int i = 0; i < readers.size(); i++) {
                ContentReader reader = readers.get(i);
                ReadableByteChannel own = shared.reader(i);
                results.add(
                        threads.submit(() -> {
                            try (own) {
                                return reader.read(name, own, compression, () -> {});
                            } catch (RuntimeException | Error e) {
                                firstFailure.compareAndSet(null, e);
                                threads.shutdownNow(); // the others may wait for this one
                                throw e;
                            }
                        }));
            }
            shared.pump(content, onChunk);
            for (Future<CaptureResult> one : results) {
                one.get();
            }
            return results.getFirst().resultNow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(name, "interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(firstFailure.get());
        }
    }

    private static CaptureResult failed(String name, String reason) {
        return new CaptureResult(name, 0, 0, new CaptureProblem(CaptureProblem.Kind.IO, 0, reason));
    }

    static String reason(IOException failure) {
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
