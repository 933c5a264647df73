package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.KafkaHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger for batches that come through Kafka. They, and how far the partition is read, are one
/// transaction. Safe for any number of threads.
public final class KafkaLedger implements KafkaHandler {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLedger.class);

    private final DataSource database;
    private final Ledger ledger;
    private final BatchWriter batches;

    /// @param ledger whose writer writes them, and which is told of commits
    public KafkaLedger(DataSource database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
        this.batches = ledger.writer();
    }

    @Override
    public Map<Integer, Long> offsets(String topic) throws StoreException {
        return inTransaction(
                "read the offsets of topic " + topic,
                transaction -> new KafkaRows(transaction).offsets(topic));
    }

    @Override
    public List<Outcome> onRecords(
            String topic, int partition, long nextOffset, List<Received> received)
            throws StoreException {
        List<Outcome> outcomes;
        try {
            outcomes = store(topic, partition, nextOffset, received);
        } catch (StoreException e) {
            if (!(e.getCause() instanceof SQLException cause) || !GroupCommit.isByContent(cause)) {
                throw e;
            }
            outcomes = storeOneByOne(topic, partition, nextOffset, received, e);
        }
        if (outcomes.contains(Outcome.NEW)) {
            ledger.announce();
        }
        return outcomes;
    }

    /// What one batch brings about must not stop the others: it is passed over, and becomes a gap
    /// when later ones of its sensor have come.
    private List<Outcome> storeOneByOne(
            String topic,
            int partition,
            long nextOffset,
            List<Received> received,
            StoreException failure)
            throws StoreException {
        if (received.size() == 1) {
            Received one = received.getFirst();
            LOG.error(
                    "batch {} of {} cannot be stored for what is in it and is passed over",
                    one.batch().seq(),
                    one.sensor(),
                    failure);
            store(topic, partition, nextOffset, List.of());
            return List.of(Outcome.REFUSED);
        }
        var outcomes = new ArrayList<Outcome>();
        for (Received one : received) {
            outcomes.addAll(onRecords(topic, partition, 0, List.of(one)));
        }
        store(topic, partition, nextOffset, List.of());
        return outcomes;
    }

    private List<Outcome> store(
            String topic, int partition, long nextOffset, List<Received> received)
            throws StoreException {
        List<Append> appends =
                received.stream()
                        .map(one -> new Append(one.sensor(), one.bootId(), one.batch()))
                        .toList();
        Runnable afterwards =
                inTransaction(
                        "store batches of topic " + topic,
                        transaction -> {
                            var rows = new KafkaRows(transaction);
                            rows.introduce(received);
                            rows.lockShared(appends);
                            Runnable committed = batches.write(transaction, appends);
                            rows.arrived(appends.stream().filter(Append::isNew).toList());
                            for (Append append : appends) {
                                if (append.isRefused()) {
                                    rows.conflict(append, topic, partition);
                                }
                            }
                            rows.advance(topic, partition, nextOffset);
                            return committed;
                        });
        afterwards.run();
        return appends.stream().map(KafkaLedger::outcome).toList();
    }

    private static Outcome outcome(Append append) {
        if (append.isRefused()) {
            return Outcome.CONFLICTING;
        }
        return append.isNew() ? Outcome.NEW : Outcome.REPEATED;
    }

    @Override
    public long nameMissing(Duration after) throws StoreException {
        List<KafkaRows.Stream> streams =
                inTransaction(
                        "list the sensors that use Kafka",
                        transaction -> new KafkaRows(transaction).streams());
        long named = 0;
        for (KafkaRows.Stream stream : streams) {
            named +=
                    inTransaction(
                            "name missing batches of " + stream.sensor(),
                            transaction -> new KafkaRows(transaction).nameMissing(stream, after));
        }
        if (named > 0) {
            ledger.announce();
        }
        return named;
    }

    private interface Work<T> {
        T in(Connection transaction) throws SQLException;
    }

    private <T> T inTransaction(String what, Work<T> work) throws StoreException {
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            try {
                T result = work.in(transaction);
                transaction.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                transaction.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException("cannot " + what + ": " + e.getMessage(), false, e);
        }
    }
}
