package minewatch.collector.ledger;

import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.CheckedBatch;
import org.jspecify.annotations.Nullable;

/// One batch on its way into the ledger, and what became of it.
final class Append {
    /// In the order of the table's key, for every transaction alike.
    static final Comparator<Append> BY_KEY =
            Comparator.comparing(Append::sensor)
                    .thenComparing(Append::bootId)
                    .thenComparingLong(append -> append.batch().seq());

    private final String sensor;
    private final UUID bootId;
    private final CheckedBatch batch;
    private final CompletableFuture<Boolean> durable = new CompletableFuture<>();
    private boolean isNew; // this and the next by the writer's thread alone
    private @Nullable StoreException refusal;

    Append(String sensor, UUID bootId, CheckedBatch batch) {
        this.sensor = sensor;
        this.bootId = bootId;
        this.batch = batch;
    }

    String sensor() {
        return sensor;
    }

    UUID bootId() {
        return bootId;
    }

    CheckedBatch batch() {
        return batch;
    }

    /// Completed once the batch is durable, with whether it was new; or with a [StoreException].
    CompletableFuture<Boolean> durable() {
        return durable;
    }

    /// What the transaction found; holds once it is committed.
    void found(boolean isNew, @Nullable StoreException refusal) {
        this.isNew = isNew;
        this.refusal = refusal;
    }

    boolean isNew() {
        return isNew;
    }

    /// Whether another batch is held under its number; the same.
    boolean isRefused() {
        return refusal != null;
    }

    /// The transaction is committed.
    void committed() {
        if (refusal == null) {
            durable.complete(isNew);
        } else {
            durable.completeExceptionally(refusal);
        }
    }

    /// Nothing of the batch is durable, as far as is known.
    void failed(Throwable cause) {
        durable.completeExceptionally(
                new StoreException(
                        "cannot store batch "
                                + batch.seq()
                                + " of "
                                + sensor
                                + ": "
                                + cause.getMessage(),
                        false,
                        cause));
    }
}
