package minewatch.sensor.capture;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The bytes of a capture, decompressed where its first bytes say so. Counts what it takes from the
/// file. Does not close the channel below.
final class CaptureSource implements Closeable {
    private static final int GZIP_MAGIC = 0x8B1F; // RFC 1952 §2.3.1, little-endian
    private static final int ZSTD_MAGIC = 0xFD2FB528; // RFC 8878 §3.1.1
    private static final int ZSTD_SKIPPABLE_MAGIC = 0x184D2A50; // and the 15 after it
    private static final int STREAM_BUFFER = 64 << 10; // bytes

    private final ReadableByteChannel file;
    private final ByteBuffer head = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    private final CountedChannel counted = new CountedChannel();
    private String compression = "";
    private @Nullable InputStream decompressor;
    private long readBytes;

    CaptureSource(ReadableByteChannel file) {
        this.file = file;
    }

    /// Standard input as a channel that reads straight into native memory; the process keeps it.
    static ReadableByteChannel standardInput() {
        return new FileInputStream(FileDescriptor.in).getChannel();
    }

    /// Looks at the first bytes, and answers a channel over the content from its start.
    ReadableByteChannel open() throws IOException {
        while (head.hasRemaining() && file.read(head) >= 0) {
            // a pipe may give them one by one
        }
        readBytes = head.position();
        head.flip();
        int magic = head.remaining() == 4 ? head.getInt(0) : 0;
        if ((magic & 0xFFFF) == GZIP_MAGIC) {
            compression = "gzip";
            return decompressed(new GZIPInputStream(stream(), STREAM_BUFFER));
        }
        if (magic == ZSTD_MAGIC || (magic & 0xFFFFFFF0) == ZSTD_SKIPPABLE_MAGIC) {
            compression = "zstd";
            return decompressed(new ZstdInputStreamNoFinalizer(stream()));
        }
        return counted;
    }

    /// `gzip`, `zstd`, or empty where the capture is not compressed.
    String compression() {
        return compression;
    }

    /// Bytes taken from the file so far.
    long readBytes() {
        return readBytes;
    }

    /// zstd-jni has one error code for both; its message tells them apart.
    static boolean isTruncated(ZstdIOException e) {
        return "Truncated source".equals(e.getMessage());
    }

    @Override
    public void close() throws IOException {
        if (decompressor != null) {
            decompressor.close();
        }
    }

    private ReadableByteChannel decompressed(InputStream stream) {
        decompressor = stream;
        return Channels.newChannel(stream);
    }

    private InputStream stream() {
        return new CountedStream();
    }

    /// The head again, then the rest of the file.
    private final class CountedChannel implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            if (head.hasRemaining()) {
                int count = Math.min(head.remaining(), target.remaining());
                target.put(head.slice().limit(count));
                head.position(head.position() + count);
                return count;
            }
            int read = file.read(target);
            readBytes += Math.max(read, 0);
            return read;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {
            // the file is its opener's
        }
    }

    /// As [CountedChannel]. Says that there is more until it has seen the end: gzip looks for a
    /// further member only then.
    private final class CountedStream extends InputStream {
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int read = counted.read(ByteBuffer.wrap(target, from, length));
            ended = read < 0;
            return read;
        }

        @Override
        public int available() {
            return ended ? 0 : 1;
        }
    }
}
