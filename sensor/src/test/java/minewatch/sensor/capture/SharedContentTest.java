package minewatch.sensor.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.testkit.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedContentTest {
    private static final int READERS = 3;
    private static final byte[] CONTENT =
            new byte[SharedContent.CHUNKS * SharedContent.CHUNK_BYTES * 3];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    private final SharedContent shared = new SharedContent(READERS);

    @Test
    void everyReaderGetsEverything() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<byte[]>> read = readers(threads, READERS);
            shared.pump(channel(new ByteArrayInputStream(CONTENT)), () -> {});
            for (Future<byte[]> one : read) {
                assertThat(one.get()).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void readerThatLeavesIsNotWaitedFor() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<byte[]>> read = readers(threads, READERS - 1);
            shared.reader(READERS - 1).close();
            shared.pump(channel(new ByteArrayInputStream(CONTENT)), () -> {});
            for (Future<byte[]> one : read) {
                assertThat(one.get()).isEqualTo(CONTENT);
            }
        }
    }

    @Test
    void whereAllHaveLeftTheSourceIsReadNoFurther() throws Exception {
        for (int i = 0; i < READERS; i++) {
            shared.reader(i).close();
        }
        InputStream source = new ByteArrayInputStream(CONTENT);
        shared.pump(channel(source), () -> {});
        assertThat(source.available()).isEqualTo(CONTENT.length);
    }

    @Test
    void whatEndsTheSourceEndsEveryReaderAfterTheBytesBeforeIt() throws Exception {
        IOException broken = new IOException("broken");
        shared.pump(new Breaking(broken), () -> {});
        for (int i = 0; i < READERS; i++) {
            ReadableByteChannel reader = shared.reader(i);
            ByteBuffer target = ByteBuffer.allocate(200);
            assertThat(reader.read(target)).isEqualTo(100);
            assertThatThrownBy(() -> reader.read(target)).isSameAs(broken);
        }
    }

    @Test
    void handlerThatFailsEndsTheOthersAndIsTheOneThatIsNamed() {
        Captures capture = Captures.pcap(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 100; i++) {
            capture.frame(i, new byte[60]);
        }
        IllegalArgumentException fault = new IllegalArgumentException("a bug");
        CaptureReader reader = new CaptureReader(List.of(new CollectedFrames(), new Faulty(fault)));
        assertThatThrownBy(() ->
                        reader.read(
                                "a.pcap",
                                channel(new ByteArrayInputStream(capture.bytes())),
                                CaptureProgress.UNKNOWN_TOTAL,
                                CaptureProgress.NONE))
                .hasCause(fault);
    }

    private List<Future<byte[]>> readers(ExecutorService threads, int count) {
        List<Future<byte[]>> read = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ReadableByteChannel reader = shared.reader(i);
            int portion = 1000 + 70_001 * i; // bytes: the readers go at different paces
            read.add(threads.submit(() -> readAll(reader, portion)));
        }
        return read;
    }

    private static byte[] readAll(ReadableByteChannel reader, int portion) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(portion);
        try (reader) {
            while (reader.read(buffer.clear()) >= 0) {
                out.write(buffer.array(), 0, buffer.position());
            }
        }
        return out.toByteArray();
    }

    private static ReadableByteChannel channel(InputStream stream) {
        return Channels.newChannel(stream);
    }

    /// A hundred bytes, then a failure.
    private static final class Breaking implements ReadableByteChannel {
        private final IOException failure;
        private boolean begun;

        Breaking(IOException failure) {
            this.failure = failure;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (begun) {
                throw failure;
            }
            begun = true;
            target.put(CONTENT, 0, 100);
            return 100;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    private record Faulty(RuntimeException fault) implements FrameHandler {
        @Override
        public void onFrame(
                java.lang.foreign.MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            throw fault;
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }
}
