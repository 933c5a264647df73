package minewatch.demo.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import minewatch.collector.accept.Authority;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.output.Followers;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Hits through a real Kafka broker: what was issued is stored once, whoever is killed.
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaFaultsTest {
    private static final long SEED =
            Long.getLong("minewatch.faults.seed", new Random().nextInt(1_000_000));

    private static final int PAUSE_MILLIS = 25; // between batches of 20: no more than is soon read

    private final Random random = new Random(SEED);
    private Installation installation;
    private KafkaBroker broker;
    private int port;
    private Process collector;

    @BeforeAll
    void install(@TempDir Path folder) throws Exception {
        System.out.println("minewatch.faults.seed=" + SEED);
        installation = new Installation(folder);
        Authority.openOrCreate(folder)
                .issueSensor(
                        "reader",
                        Duration.ofDays(1),
                        folder.resolve("reader.pem"),
                        folder.resolve("reader.key"));
        broker = new KafkaBroker(folder);
        installation.readKafka(broker.yaml());
        port = Installation.freePort();
        collector = installation.startCollector(port);
        Installation.awaitPort(port);
    }

    @AfterAll
    void remove() throws Exception {
        installation.close();
        broker.end();
    }

    @Test
    void brokerKilledAndStartedAgainLosesNothing() throws Exception {
        var books = new Books();
        Path settings = enrol("broker");
        Process sensor = installation.startSensor(settings, books, 1_000_000, 20, PAUSE_MILLIS);
        Thread listener = Installation.listen(sensor, books);
        for (int crash = 1; crash <= 3; crash++) {
            FeedFaultsTest.awaitMore(books, 100 + random.nextInt(400));
            broker.crash();
        }
        FeedFaultsTest.awaitMore(books, 100);
        FeedFaultsTest.kill(sensor);
        listener.join();
        drain(settings, books);
        balance("broker", books);
    }

    /// One collector is killed, one ends in order, others come: the partitions go from hand to hand
    /// while hits come in.
    @Test
    void collectorsRebalancedUnderLoadStoreEachHitOnce() throws Exception {
        var books = new Books();
        Path settings = enrol("rebalanced");
        Process sensor = installation.startSensor(settings, books, 1_000_000, 20, PAUSE_MILLIS);
        Thread listener = Installation.listen(sensor, books);
        int other = Installation.freePort();
        for (int round = 1; round <= 3; round++) {
            Process second = installation.startCollector(other);
            Installation.awaitPort(other);
            FeedFaultsTest.awaitMore(books, 200 + random.nextInt(400));
            FeedFaultsTest.kill(collector);
            FeedFaultsTest.awaitMore(books, 200 + random.nextInt(400));
            collector = installation.startCollector(port);
            Installation.awaitPort(port);
            FeedFaultsTest.awaitMore(books, 200 + random.nextInt(400));
            Installation.stop(second);
        }
        FeedFaultsTest.kill(sensor);
        listener.join();
        drain(settings, books);
        balance("rebalanced", books);
    }

    /// A sensor that is killed hands on again what it does not know to be there, so the topic holds
    /// some batches twice.
    @Test
    void killedSensorsLoseNothingAndTheLedgerHasNothingTwice() throws Exception {
        var books = new Books();
        Path settings = enrol("restarted");
        long before = broker.records();
        for (int round = 0; round < 5; round++) {
            Process sensor = installation.startSensor(settings, books, 1_000_000, 10, 2);
            Thread listener = Installation.listen(sensor, books);
            FeedFaultsTest.awaitMore(books, 200 + random.nextInt(400));
            FeedFaultsTest.kill(sensor);
            listener.join();
        }
        drain(settings, books);
        balance("restarted", books);
        assertThat(broker.records() - before).isGreaterThanOrEqualTo(books.spooledCount() / 10);
    }

    /// Whoever may write to the topic can write anything.
    @Test
    void recordsThatAreNoBatchStopNothing() throws Exception {
        var client = broker.client();
        try (var producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition = 0; partition < KafkaBroker.PARTITIONS; partition++) {
                byte[] bytes = new byte[random.nextInt(500)];
                random.nextBytes(bytes);
                producer.send(new ProducerRecord<>(KafkaBroker.TOPIC, partition, null, bytes))
                        .get();
                producer.send(new ProducerRecord<>(KafkaBroker.TOPIC, partition, bytes, null))
                        .get();
            }
        }
        var books = new Books();
        drain(enrol("beside"), books);
        balance("beside", books);
    }

    /// As `minewatch doctor` asks.
    @Test
    void brokerAnswersForItsTopicAndMakesNone() throws Exception {
        Path settings = enrol("asking");
        assertThat(reach(settings).problem()).isNull();
        Files.writeString(
                settings,
                Files.readString(settings).replace("{servers", "{topic: another, servers"));
        assertThat(reach(settings).problem()).contains("UnknownTopicOrPartition");
        assertThat(reach(settings).problem())
                .as("asked a second time: this broker makes what a producer asks for")
                .contains("UnknownTopicOrPartition");
    }

    private static Followers.Reach reach(Path settings) throws Exception {
        SensorConfig.Outputs outputs = SensorConfig.load(settings).outputs();
        return Followers.probe(outputs.syslog(), outputs.kafka(), true, Duration.ofSeconds(5))
                .getFirst();
    }

    private Path enrol(String sensor) throws Exception {
        Path settings = installation.enrol(sensor, port, "");
        return Files.writeString(
                settings,
                Files.readString(settings)
                        + "outputs: {primary: kafka, kafka: "
                        + broker.yaml()
                        + "}\n");
    }

    private void drain(Path settings, Books books) throws Exception {
        Process sensor = installation.startSensor(settings, books, 20, 10, 1);
        Installation.listen(sensor, books).join();
        assertThat(books.isDrained()).as("drained: %s", installation.tail("sensor.log")).isTrue();
    }

    /// The topic holds all; the ledger will have read it soon.
    private void balance(String sensor, Books books) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        Books.Held held = installation.held(sensor);
        while (!books.isAllStored(held) && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(200);
            held = installation.held(sensor);
        }
        assertThat(List.of(held))
                .as(installation.tail("collector.log"))
                .allMatch(books::isAllStored);
        System.out.println(sensor + ": " + books.balanceWithoutLoss(held));
    }
}
