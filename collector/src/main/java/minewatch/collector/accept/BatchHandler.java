package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import java.util.UUID;
import minewatch.feed.v1.Heartbeat;

/// Makes batches durable. Called by one thread a sensor; for any number of sensors at once. Every
/// method may block.
public interface BatchHandler {
    /// A sensor said hello.
    ///
    /// @return what is durable of this (sensor, boot id)
    /// @throws StoreException final, if another machine is heard under the same name
    Held onHello(String sensor, UUID bootId, String version) throws StoreException;

    /// Returns once the batch is durable, or was so before; a batch given twice changes nothing.
    ///
    /// @return whether the batch was new
    boolean onBatch(String sensor, UUID bootId, CheckedBatch batch) throws StoreException;

    /// After the hello of a sensor that tells.
    ///
    /// @param revision of the signatures it uses
    default void onPack(String sensor, String revision) throws StoreException {
        // worth keeping for a list of sensors only
    }

    void onHeartbeat(String sensor, Heartbeat heartbeat) throws StoreException;

    /// What is durable of one sensor's spool.
    ///
    /// @param throughSeq the number of the last batch; 0 if there is none
    /// @param digest of that batch; empty if there is none
    record Held(long throughSeq, ByteString digest) {
        public static final Held NOTHING = new Held(0, ByteString.EMPTY);
    }

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
