package minewatch.sensor.release;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Files that are on disk, not only on their way there.
public final class DurableFile {
    public static final String SECRET = "rw-------";
    public static final String OPEN = "rw-r--r--";

    private DurableFile() {}

    /// @param permissions which the file has from its first moment
    /// @throws FileAlreadyExistsException if the file is there already, with the remedy
    public static void create(Path file, byte[] bytes, String permissions) throws IOException {
        try {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions)));
        } catch (FileAlreadyExistsException e) {
            throw (FileAlreadyExistsException)
                    new FileAlreadyExistsException(file + ": is there already; move it away first")
                            .initCause(e);
        }
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    /// What was made, renamed or deleted in a folder is so after a power cut as well.
    static void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
