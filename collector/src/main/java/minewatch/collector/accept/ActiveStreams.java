package minewatch.collector.accept;

import io.grpc.Status;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The streams that are open, at most one a sensor: the newest wins, since after a broken
/// connection the sensor is back long before the old one is known to be dead. Two machines with one
/// certificate throw each other out, and the log says so.
final class ActiveStreams {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveStreams.class);

    private final ConcurrentHashMap<String, SensorStream> bySensor = new ConcurrentHashMap<>();
    private final QuietLog takenOver = new QuietLog(LOG);
    private final QuietLog refused = new QuietLog(LOG);
    private final QuietLog failed = new QuietLog(LOG);

    void put(String sensor, SensorStream stream) {
        SensorStream before = bySensor.put(sensor, stream);
        if (before == null) {
            LOG.info("sensor {} is connected", sensor);
        } else {
            takenOver.warn("sensor " + sensor + " connected anew while its last stream was open");
            before.abort(
                    Status.ABORTED.withDescription(
                            "another connection with this sensor's certificate took over"));
        }
    }

    void remove(String sensor, SensorStream stream) {
        if (bySensor.remove(sensor, stream)) {
            LOG.info("sensor {} is gone", sensor);
        }
    }

    void refused(String peer, String message) {
        refused.warn("refused sensor " + peer + ": " + message);
    }

    void failed(String sensor, BatchHandler.StoreException failure) {
        failed.warn("sensor " + sensor + " must send again: " + failure.getMessage());
    }

    void unexpected(RuntimeException bug) {
        LOG.error("a bug ended a sensor's stream", bug);
    }

    /// Ends the streams whose certificates do not hold any more.
    void endLapsed() {
        List.copyOf(bySensor.values()).forEach(SensorStream::endIfLapsed);
    }

    void abortAll(Status status) {
        List.copyOf(bySensor.values()).forEach(stream -> stream.abort(status));
    }

    boolean isEmpty() {
        return bySensor.isEmpty();
    }
}
