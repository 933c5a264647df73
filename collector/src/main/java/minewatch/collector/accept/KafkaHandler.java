package minewatch.collector.accept;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import minewatch.collector.accept.BatchHandler.StoreException;

/// Makes durable what comes through a Kafka topic, and how far the topic was read, together. Every
/// method blocks.
public interface KafkaHandler {
    /// Where to read on, by partition; a partition that is not there was never read.
    Map<Integer, Long> offsets(String topic) throws StoreException;

    /// Returns once the batches are durable, or were before, and with them that the partition is
    /// read up to `nextOffset`.
    ///
    /// @return for each batch, what became of it
    List<Outcome> onRecords(String topic, int partition, long nextOffset, List<Received> batches)
            throws StoreException;

    /// Names batches that have not come although later ones of the same sensor came so long ago:
    /// each becomes a gap. One that comes later all the same is taken out of it.
    ///
    /// @return how many batches were named
    long nameMissing(Duration after) throws StoreException;

    /// A batch and who sent it, as the record says: nobody vouches for it but the brokers.
    record Received(String sensor, UUID bootId, String version, CheckedBatch batch) {}

    /// What became of a batch.
    enum Outcome {
        NEW,
        REPEATED,
        /// Another batch is held under its number; its hits are counted in a gap.
        CONFLICTING,
        /// It cannot be stored for what is in it, and becomes a gap when later ones have come.
        REFUSED
    }
}
