package minewatch.sensor.spool;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A directory of the real file system whose every change is told to a [CrashDisk]. A spool that is
/// given one of its paths notices nothing.
final class CrashFileSystem extends FileSystem {
    private final Path root;
    private final CrashDisk disk;
    private final Map<String, Integer> files = new HashMap<>();
    private final Provider provider = new Provider();

    CrashFileSystem(Path root, CrashDisk disk) throws IOException {
        this.root = Files.createDirectories(root).toRealPath();
        this.disk = disk;
    }

    Path root() {
        return new CrashPath(this, root);
    }

    private static Path real(Path path) {
        return ((CrashPath) path).real();
    }

    private String name(Path path) {
        return root.relativize(real(path)).toString();
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return FileSystems.getDefault().getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        return new CrashPath(this, Path.of(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }

    private final class Provider extends FileSystemProvider {
        @Override
        public FileChannel newFileChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            Path real = real(path);
            if (Files.isDirectory(real)) {
                return new CrashChannel(FileChannel.open(real, options), disk, name(path));
            }
            boolean existed = Files.exists(real);
            if (!existed && options.contains(StandardOpenOption.WRITE)) {
                disk.attempt();
            }
            FileChannel channel = FileChannel.open(real, options, attributes);
            int file = files.computeIfAbsent(name(path), _ -> disk.newFile());
            if (!existed) {
                disk.add(new CrashDisk.Step.Create(file, name(path)));
            } else if (options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                disk.add(new CrashDisk.Step.Truncate(file, 0));
            }
            return new CrashChannel(channel, disk, file);
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            if (options.contains(StandardOpenOption.WRITE)) {
                throw new UnsupportedOperationException("only channels that can be synced");
            }
            return Files.newByteChannel(real(path), options, attributes);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(
                Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
            List<Path> entries = new ArrayList<>();
            try (var stream = Files.newDirectoryStream(real(path))) {
                for (Path entry : stream) {
                    entries.add(new CrashPath(CrashFileSystem.this, entry));
                }
            }
            return new DirectoryStream<>() {
                @Override
                public java.util.Iterator<Path> iterator() {
                    return entries.iterator();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
            Files.createDirectory(real(path), attributes); // a crash keeps the few there are
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.attempt();
            Files.delete(real(path));
            files.remove(name(path));
            disk.add(new CrashDisk.Step.Delete(name(path)));
        }

        @Override
        public void move(Path from, Path to, CopyOption... options) throws IOException {
            disk.attempt();
            Files.move(real(from), real(to), options);
            Integer file = files.remove(name(from));
            if (file != null) {
                files.put(name(to), file);
            }
            disk.add(new CrashDisk.Step.Rename(name(from), name(to)));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return Files.getFileStore(real(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            real(path).getFileSystem().provider().checkAccess(real(path), modes);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(
                Path path, Class<A> type, LinkOption... options) throws IOException {
            return Files.readAttributes(real(path), type, options);
        }

        @Override
        public boolean isSameFile(Path path, Path other) throws IOException {
            return Files.isSameFile(real(path), real(other));
        }

        @Override
        public boolean isHidden(Path path) {
            return false;
        }

        @Override
        public String getScheme() {
            return "crash";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copy(Path from, Path to, CopyOption... options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <V extends FileAttributeView> @Nullable V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return null;
        }

        @Override
        public Map<String, Object> readAttributes(
                Path path, String attributes, LinkOption... options) throws IOException {
            return Files.readAttributes(real(path), attributes, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
            throw new UnsupportedOperationException();
        }
    }
}
