package minewatch.collector.web;

import com.linecorp.armeria.common.CommonPools;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import minewatch.collector.ledger.LedgerChanges;
import org.jspecify.annotations.Nullable;

/// Tells browsers that the ledger changed: server-sent events `ledger`, whose id and data name the
/// state of the ledger. Such a mark is opaque, is compared for equality only, and differs between
/// runs of the collector.
///
/// Commits may come by the thousand; a stream hears of them at most twice a second and only once it
/// has taken the last event, so a slow reader costs one event, not a queue. The mark a page was
/// drawn at comes back as `since`, so that nothing between drawing and listening is missed.
///
/// - **Thread:** commits from any thread; all streams are confined to one event loop.
/// - **Limits:** [#STREAMS] streams; more are refused.
final class LiveEvents implements LedgerChanges, AutoCloseable {
    static final int STREAMS = 256;

    private static final Duration COALESCE = Duration.ofMillis(500);
    private static final Duration KEEP_ALIVE =
            Duration.ofSeconds(20); // below the idle limits of proxies
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final EventLoop loop = CommonPools.workerGroup().next();
    private final Set<Stream> streams = new HashSet<>(); // only on the loop
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong revision = new AtomicLong();
    private final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final AtomicBoolean due = new AtomicBoolean();

    /// The state of the ledger as far as this run has heard.
    String mark() {
        return run + "." + revision.get();
    }

    @Override
    public void onCommit(long committed) {
        revision.accumulateAndGet(committed, Math::max);
        if (due.compareAndSet(false, true)) {
            var _ = loop.schedule(this::tell, COALESCE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        due.set(false);
        streams.forEach(Stream::push);
    }

    /// @param since the mark of what the reader already shows
    /// @return null where there are too many streams
    @Nullable HttpResponse stream(String since) {
        if (open.incrementAndGet() > STREAMS) {
            open.decrementAndGet();
            return null;
        }
        StreamWriter<ServerSentEvent> writer = StreamMessage.streaming();
        var stream = new Stream(writer, since);
        loop.execute(stream::start);
        return ServerSentEvents.fromPublisher(writer);
    }

    int openStreams() {
        return open.get();
    }

    /// Ends every stream; browsers come back by themselves.
    @Override
    public void close() {
        loop.execute(() -> List.copyOf(streams).forEach(stream -> stream.writer.close()));
    }

    private final class Stream {
        private final StreamWriter<ServerSentEvent> writer;
        private String told;
        private boolean writing;
        private @Nullable ScheduledFuture<?> keepAlive;

        Stream(StreamWriter<ServerSentEvent> writer, String since) {
            this.writer = writer;
            this.told = since;
        }

        void start() {
            streams.add(this);
            var _ = writer.whenComplete().handle((_, _) -> leave());
            var _ = writer.tryWrite(ServerSentEvent.builder().retry(RETRY).comment("open").build());
            keepAlive =
                    loop.scheduleAtFixedRate(
                            this::keepAlive,
                            KEEP_ALIVE.toSeconds(),
                            KEEP_ALIVE.toSeconds(),
                            TimeUnit.SECONDS);
            push();
        }

        private void keepAlive() {
            var _ = writer.tryWrite(ServerSentEvent.ofComment(""));
        }

        void push() {
            String latest = mark();
            if (writing || latest.equals(told)) {
                return;
            }
            told = latest;
            writing =
                    writer.tryWrite(
                            ServerSentEvent.builder()
                                    .id(latest)
                                    .event("ledger")
                                    .data(latest)
                                    .build());
            if (writing) {
                var _ = writer.whenConsumed().thenRunAsync(this::taken, loop);
            }
        }

        private void taken() {
            writing = false;
            push();
        }

        private boolean leave() {
            loop.execute(this::forget);
            return true;
        }

        private void forget() {
            if (streams.remove(this)) {
                open.decrementAndGet();
            }
            if (keepAlive != null) {
                keepAlive.cancel(false);
            }
        }
    }
}
