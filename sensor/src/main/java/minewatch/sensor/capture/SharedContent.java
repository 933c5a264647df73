package minewatch.sensor.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of one source for several readers, each on a thread of its own, at its own pace: the
/// fastest is at most [#CHUNKS] ahead of the slowest.
///
/// - **Memory:** [#CHUNKS] of [#CHUNK_BYTES].
/// - **Thread:** one pumps, one for each reader reads.
final class SharedContent {
    static final int CHUNKS = 8;
    static final int CHUNK_BYTES = 256 << 10;

    private static final long LEFT = Long.MAX_VALUE;

    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final long[] done; // chunks each reader is through with, or LEFT
    private long filled; // chunks so far
    private boolean ended;
    private @Nullable IOException failure;

    SharedContent(int readers) {
        done = new long[readers];
        for (int i = 0; i < CHUNKS; i++) {
            chunks.add(ByteBuffer.allocateDirect(CHUNK_BYTES));
        }
    }

    /// Reads the source to its end, or until no reader is left.
    ///
    /// @param onChunk called after each, on this thread
    void pump(ReadableByteChannel source, Runnable onChunk) throws InterruptedException {
        try {
            while (awaitRoom()) {
                ByteBuffer chunk = chunk(filled).clear();
                if (source.read(chunk) < 0) {
                    break;
                }
                chunk.flip();
                publish();
                onChunk.run();
            }
        } catch (IOException e) {
            end(e);
        } finally {
            end(null);
        }
    }

    /// The content from its start. To be closed, or the others wait for it.
    ///
    /// @param reader 0 to one less than there are
    ReadableByteChannel reader(int reader) {
        return new Reader(reader);
    }

    private ByteBuffer chunk(long number) {
        return chunks.get((int) (number % CHUNKS));
    }

    /// @return false where nobody reads any more
    private synchronized boolean awaitRoom() throws InterruptedException {
        while (filled - slowest() >= CHUNKS) {
            wait();
        }
        return slowest() != LEFT;
    }

    private long slowest() {
        return Arrays.stream(done).min().orElse(LEFT);
    }

    private synchronized void publish() {
        filled++;
        notifyAll();
    }

    private synchronized void end(@Nullable IOException cause) {
        failure = failure == null ? cause : failure;
        ended = true;
        notifyAll();
    }

    /// @return false at the end
    private synchronized boolean awaitChunk(long number) throws IOException, InterruptedException {
        while (number >= filled && !ended) {
            wait();
        }
        if (number >= filled && failure != null) {
            throw failure;
        }
        return number < filled;
    }

    private synchronized void isThrough(int reader, long chunksDone) {
        done[reader] = chunksDone;
        notifyAll();
    }

    private final class Reader implements ReadableByteChannel {
        private final int index;
        private long number;
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private boolean holds;
        private boolean open = true;

        Reader(int index) {
            this.index = index;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (!rest.hasRemaining() && !next()) {
                return -1;
            }
            int count = Math.min(rest.remaining(), target.remaining());
            target.put(target.position(), rest, rest.position(), count);
            target.position(target.position() + count);
            rest.position(rest.position() + count);
            return count;
        }

        private boolean next() throws IOException {
            if (holds) {
                holds = false;
                isThrough(index, ++number);
            }
            try {
                holds = awaitChunk(number);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            if (holds) {
                rest = chunk(number).duplicate();
            }
            return holds;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
            isThrough(index, LEFT);
        }
    }
}
