package minewatch.collector.accept;

import java.util.UUID;
import minewatch.feed.v1.Heartbeat;

/// Makes batches durable. Called by one thread a sensor; for any number of sensors at once. Every
/// method may block.
public interface BatchHandler {
    /// A sensor said hello.
    ///
    /// @return the last sequence number of this (sensor, boot id) that is durable; 0 if none
    long onHello(String sensor, UUID bootId, String version) throws StoreException;

    /// Returns once the batch is durable, or was so before; a batch given twice changes nothing.
    ///
    /// @return whether the batch was new
    boolean onBatch(String sensor, UUID bootId, CheckedBatch batch) throws StoreException;

    void onHeartbeat(String sensor, Heartbeat heartbeat) throws StoreException;

    /// The batch is not durable. `isFinal`: it never will be, however often it is sent.
    final class StoreException extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean isFinal;

        public StoreException(String message, boolean isFinal, Throwable cause) {
            super(message, cause);
            this.isFinal = isFinal;
        }

        public StoreException(String message, boolean isFinal) {
            super(message);
            this.isFinal = isFinal;
        }

        public boolean isFinal() {
            return isFinal;
        }
    }
}
