package minewatch.sensor.uplink;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.ReleaseRequest;
import minewatch.sensor.spool.QuietLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Fetches releases in parts, over the connection that carries the batches, on a thread of its own:
/// a collector that stalls holds up nothing else. Bounded in size and time; after a failure, and
/// after a release that was refused, the next attempt waits, at last for ten minutes.
///
/// - **Thread:** [#offered] on the uplink's, [#close] on any.
final class ReleaseFetch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseFetch.class);
    private static final Duration WHOLE_WITHIN = Duration.ofMinutes(10);

    private final ReleaseHandler handler;
    private final Duration partWithin;
    private final Backoff backoff;
    private final UplinkMetrics metrics;
    private final QuietLog trouble = new QuietLog(LOG);
    private volatile long notBeforeNanos = System.nanoTime();
    private volatile @Nullable Thread thread;

    /// @param partWithin how long to wait for a part
    ReleaseFetch(
            ReleaseHandler handler, Duration partWithin, Backoff backoff, UplinkMetrics metrics) {
        this.handler = handler;
        this.partWithin = partWithin;
        this.backoff = backoff;
        this.metrics = metrics;
    }

    /// The collector at the other end of this channel has a release. Returns at once; to be called
    /// again as long as the offer stands.
    void offered(ReleaseOffer offer, Channel channel) {
        Thread running = thread;
        if ((running != null && running.isAlive())
                || notBeforeNanos - System.nanoTime() > 0
                || !handler.wants(offer)) {
            return;
        }
        thread = Thread.ofPlatform().name("release").daemon().start(() -> take(offer, channel));
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void take(ReleaseOffer offer, Channel channel) {
        boolean inForce = false;
        try {
            byte[] file = fetch(offer, channel);
            metrics.fetchedReleases.increment();
            inForce = handler.onRelease(file);
        } catch (StatusRuntimeException e) {
            metrics.failedReleases.increment();
            trouble.log(
                    Level.WARN,
                    "cannot fetch release "
                            + Long.toUnsignedString(offer.getNumber())
                            + " from the collector: "
                            + describe(e.getStatus())
                            + "; tried again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a bug kept a release from being put in force", e);
        } finally {
            if (inForce) {
                backoff.reset();
            } else {
                notBeforeNanos = System.nanoTime() + backoff.pause(false).toNanos();
            }
        }
    }

    private byte[] fetch(ReleaseOffer offer, Channel channel) {
        long until = System.nanoTime() + WHOLE_WITHIN.toNanos();
        var file = new ByteArrayOutputStream();
        while (file.size() < offer.getSize()) {
            if (System.nanoTime() - until > 0) {
                throw failure("not all of it came in " + WHOLE_WITHIN.toMinutes() + " minutes");
            }
            ByteString part = part(offer, file.size(), channel);
            if (part.isEmpty() || part.size() > offer.getSize() - file.size()) {
                throw failure("it is not as long as was said");
            }
            file.writeBytes(part.toByteArray());
        }
        byte[] bytes = file.toByteArray();
        if (!ReleaseFile.digest(bytes).equals(offer.getDigest())) {
            throw failure("it is not the file that was offered");
        }
        return bytes;
    }

    private ByteString part(ReleaseOffer offer, int offset, Channel channel) {
        return FeedGrpc.newBlockingStub(channel)
                .withDeadlineAfter(partWithin.toMillis(), TimeUnit.MILLISECONDS)
                .fetchRelease(
                        ReleaseRequest.newBuilder()
                                .setDigest(offer.getDigest())
                                .setOffset(offset)
                                .build())
                .getData();
    }

    private static StatusRuntimeException failure(String why) {
        return Status.DATA_LOSS.withDescription(why).asRuntimeException();
    }

    private static String describe(Status status) {
        return status.getDescription() == null
                ? status.getCode().toString()
                : status.getDescription();
    }
}
