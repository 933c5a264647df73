package minewatch.sensor.capture;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.ZipException;

/// Which captures the arguments of a command mean.
public final class CaptureFiles {
    private CaptureFiles() {}

    /// A folder means every capture below it, sorted by name; files in it that are none are left
    /// out. Anything else stays as it is, whether it is a capture or not, and so does what cannot
    /// be looked into: reading it says what is wrong with it.
    public static List<String> find(Collection<String> arguments) {
        List<String> found = new ArrayList<>();
        for (String argument : arguments) {
            if (isFolder(argument)) {
                found.addAll(findBelow(Path.of(argument)));
            } else {
                found.add(argument);
            }
        }
        return found;
    }

    private static List<String> findBelow(Path folder) {
        List<String> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new CaptureVisitor(found));
        } catch (IOException e) {
            found.add(folder.toString());
        }
        found.sort(null);
        return found;
    }

    private static boolean isFolder(String argument) {
        try {
            return !argument.equals(CaptureReader.STANDARD_INPUT)
                    && Files.isDirectory(Path.of(argument));
        } catch (InvalidPathException e) {
            return false; // the reader will say so
        }
    }

    private static boolean mayBeCapture(Path file, BlockBuffer buffer) {
        try (FileChannel channel = FileChannel.open(file);
                CaptureSource source = new CaptureSource(channel)) {
            ReadableByteChannel content = source.open();
            buffer.reset(content, () -> {});
            buffer.fill(CaptureFormat.MAGIC_BYTES);
            return CaptureFormat.of(buffer) != CaptureFormat.NONE;
        } catch (ZipException | EOFException e) {
            return false; // only looked like gzip
        } catch (IOException e) {
            return true; // the reader will say why
        }
    }

    private static final class CaptureVisitor extends SimpleFileVisitor<Path> {
        private final BlockBuffer buffer = new BlockBuffer(new Ignore());
        private final List<String> found;

        CaptureVisitor(List<String> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (Files.isRegularFile(file) && mayBeCapture(file, buffer)) {
                found.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            found.add(file.toString());
            return FileVisitResult.CONTINUE;
        }
    }

    private static final class Ignore implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            // only the first bytes are looked at
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }
}
