package minewatch.sensor.uplink;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.sensor.uplink.UplinkException.Kind;

/// Whether the collector takes a connection from this sensor, tried once: TCP, mutual TLS, and the
/// HTTP/2 settings that a server sends to a client only once it accepts its certificate. No stream
/// is opened, so that a sensor that runs at the same time is not disturbed.
public final class Reachability {
    private static final long CAUSE_SECONDS = 1;

    private Reachability() {}

    /// @return empty if the collector takes it; else what is wrong in words for the user, and after
    ///   `; `, where there is one, the remedy
    public static Optional<String> problem(UplinkConfig config, Duration within)
            throws InterruptedException {
        ManagedChannel channel = null;
        try {
            channel = new Dialer(config).dial();
            connect(config, channel, within);
            return Optional.empty();
        } catch (UplinkException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            if (channel != null) {
                channel.shutdownNow();
            }
        }
    }

    private static void connect(UplinkConfig config, ManagedChannel channel, Duration within)
            throws UplinkException, InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        ConnectivityState state = channel.getState(true);
        while (state != ConnectivityState.READY) {
            if (state == ConnectivityState.TRANSIENT_FAILURE) {
                throw cause(config, channel);
            }
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            if (!changed.await(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw silence(config, within.toSeconds());
            }
            state = channel.getState(true);
        }
    }

    /// A call over a channel that has just failed ends at once and says why; the channel itself
    /// does not tell.
    private static UplinkException cause(UplinkConfig config, ManagedChannel channel)
            throws InterruptedException {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        FeedGrpc.newStub(channel)
                .withDeadlineAfter(CAUSE_SECONDS, TimeUnit.SECONDS)
                .exchange(new End(end));
        try {
            return new Failures(config).of(end.get(2 * CAUSE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return silence(config, CAUSE_SECONDS);
        }
    }

    private static UplinkException silence(UplinkConfig config, long seconds) {
        return new UplinkException(
                Kind.NETWORK,
                "cannot reach collector "
                        + config.collector()
                        + ": no answer in "
                        + seconds
                        + " s");
    }

    private record End(CompletableFuture<Throwable> failure)
            implements StreamObserver<CollectorMessage> {
        @Override
        public void onNext(CollectorMessage message) {
            // nothing was asked
        }

        @Override
        public void onError(Throwable cause) {
            failure.complete(cause);
        }

        @Override
        public void onCompleted() {
            failure.cancel(false);
        }
    }
}
