package minewatch.sensor.output;

import java.io.IOException;
import java.time.Duration;
import minewatch.feed.v1.Batch;

/// Where the spool's batches go beside the collector. Used by one thread.
interface Output {
    /// Names it in the spool's state, in metrics and in the log.
    String name();

    /// Where it goes, for messages.
    String target();

    /// What to do where it cannot be reached, for messages.
    String remedy();

    /// @param changed to be called, from any thread, when [Connection#settled] may have changed or
    ///   the connection has broken
    /// @throws IOException if it cannot be reached now
    Connection connect(Runnable changed) throws IOException;

    /// Tries the way there, and sends nothing.
    ///
    /// @param within each step of it
    /// @throws IOException if it cannot be reached now
    void probe(Duration within) throws IOException, InterruptedException;

    /// Takes batches until it breaks; then another is opened, and is given all that had not
    /// settled.
    interface Connection extends AutoCloseable {
        /// Whether another batch may be given now.
        boolean hasRoom();

        /// Hands one batch on. May block as long as the other side does.
        ///
        /// @throws IOException if the connection is broken
        void send(Batch batch) throws IOException;

        /// The last number of those given that need not be given again; 0 if none. All before it
        /// need not either.
        ///
        /// @throws IOException if the connection is broken
        long settled() throws IOException;

        /// How long [#settled] stays as it is unless `changed` is called.
        long idleNanos();

        /// Waits a few seconds at most until all that was given has settled.
        void finish() throws IOException;

        /// Breaks it off at once, from any thread: a call that blocks ends with an exception.
        void abort();

        @Override
        void close();
    }
}
