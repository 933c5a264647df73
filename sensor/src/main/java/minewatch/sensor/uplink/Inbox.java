package minewatch.sensor.uplink;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Optional;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.SensorMessage;
import org.jspecify.annotations.Nullable;

/// What the collector said, as gRPC's threads hand it over. Guarded by itself; each change wakes
/// the uplink.
final class Inbox implements ClientResponseObserver<SensorMessage, CollectorMessage> {
    private final Runnable wake;
    private boolean welcomed;
    private ByteString welcomeDigest = ByteString.EMPTY;
    private long durableThrough;
    private long pauseUntilNanos = System.nanoTime();
    private @Nullable Throwable end;
    private boolean completed;
    private @Nullable ReleaseOffer offer;

    Inbox(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SensorMessage> requests) {
        requests.setOnReadyHandler(wake);
    }

    @Override
    public void onNext(CollectorMessage message) {
        synchronized (this) {
            switch (message.getBodyCase()) {
                case WELCOME -> {
                    welcomed = true;
                    welcomeDigest = message.getWelcome().getDurableDigest();
                    durableThrough =
                            Math.max(durableThrough, message.getWelcome().getDurableThroughSeq());
                }
                case ACK -> {
                    durableThrough =
                            Math.max(durableThrough, message.getAck().getDurableThroughSeq());
                    pause(
                            Math.min(
                                    message.getAck().getPauseMillis(),
                                    Session.LONGEST_PAUSE_MILLIS));
                }
                case RELEASE -> offer = message.getRelease();
                case BODY_NOT_SET -> {} // of a newer collector; nothing this sensor knows
            }
        }
        wake.run();
    }

    @Override
    public void onError(Throwable failure) {
        synchronized (this) {
            end = failure;
        }
        wake.run();
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            completed = true;
        }
        wake.run();
    }

    private void pause(int millis) {
        if (millis > 0) {
            pauseUntilNanos = System.nanoTime() + millis * 1_000_000L;
        }
    }

    synchronized boolean isWelcomed() {
        return welcomed;
    }

    /// Of the last batch the collector held at the welcome; empty if it does not tell.
    synchronized ByteString welcomeDigest() {
        return welcomeDigest;
    }

    synchronized long durableThrough() {
        return durableThrough;
    }

    /// Nanoseconds the collector still wants to be left alone; 0 or less: none.
    synchronized long pauseNanos() {
        return pauseUntilNanos - System.nanoTime();
    }

    /// The release the collector told of last; null if it told of none.
    synchronized @Nullable ReleaseOffer offer() {
        return offer;
    }

    /// Why the stream is over, or empty if it is not.
    synchronized Optional<Throwable> end() {
        return completed && end == null
                ? Optional.of(
                        io.grpc.Status.UNAVAILABLE
                                .withDescription("the collector ended the stream")
                                .asException())
                : Optional.ofNullable(end);
    }
}
