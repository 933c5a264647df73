package minewatch.sensor.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/// A real file, or directory, whose writes and syncs are told to a [CrashDisk].
final class CrashChannel extends FileChannel {
    private final FileChannel real;
    private final CrashDisk disk;
    private final int file;
    private final @Nullable String directory;

    CrashChannel(FileChannel real, CrashDisk disk, int file) {
        this.real = real;
        this.disk = disk;
        this.file = file;
        this.directory = null;
    }

    CrashChannel(FileChannel real, CrashDisk disk, String directory) {
        this.real = real;
        this.disk = disk;
        this.file = -1;
        this.directory = directory;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int written = write(from, real.position());
        real.position(real.position() + written);
        return written;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
        disk.attempt();
        ByteBuffer copy = from.duplicate();
        int written = real.write(from, position);
        byte[] bytes = new byte[written];
        copy.get(bytes);
        disk.add(new CrashDisk.Step.Write(file, position, bytes));
        return written;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.attempt();
        real.truncate(size);
        disk.add(new CrashDisk.Step.Truncate(file, size));
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.attempt();
        disk.add(
                directory == null
                        ? new CrashDisk.Step.Sync(file)
                        : new CrashDisk.Step.SyncDirectory(directory));
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        return real.read(to);
    }

    @Override
    public int read(ByteBuffer to, long position) throws IOException {
        return real.read(to, position);
    }

    @Override
    public long read(ByteBuffer[] to, int offset, int length) throws IOException {
        return real.read(to, offset, length);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        return real.transferTo(position, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
