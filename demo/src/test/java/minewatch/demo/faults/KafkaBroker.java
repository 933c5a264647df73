package minewatch.demo.faults;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// A Kafka cluster of one real broker, a process of its own, over TLS that asks for a certificate.
final class KafkaBroker {
    static final String TOPIC = "minewatch-hits";
    static final int PARTITIONS = 6;

    private final Path folder;
    private final Path settings;
    private final int port = Installation.freePort();
    private Process process;

    /// Makes the storage, and starts the broker with the topic.
    ///
    /// @param folder holds `ca.pem`, and `collector.pem` and `.key` for the broker, `reader.pem`
    ///   and `.key` for a client
    KafkaBroker(Path folder) throws Exception {
        this.folder = folder;
        settings = folder.resolve("server.properties");
        int controllerPort = Installation.freePort();
        var server = new Properties();
        server.putAll(
                Map.of(
                        "process.roles", "broker,controller",
                        "node.id", "1",
                        "controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort,
                        "listeners",
                                "SSL://127.0.0.1:"
                                        + port
                                        + ",CONTROLLER://127.0.0.1:"
                                        + controllerPort
                                        + ",BROKER://127.0.0.1:"
                                        + Installation.freePort(),
                        "listener.security.protocol.map",
                                "SSL:SSL,CONTROLLER:PLAINTEXT,BROKER:PLAINTEXT",
                        "controller.listener.names", "CONTROLLER",
                        "inter.broker.listener.name", "BROKER",
                        "log.dirs", folder.resolve("kafka").toString(),
                        "auto.create.topics.enable", "true",
                        "group.initial.rebalance.delay.ms", "0"));
        server.putAll(
                Map.of(
                        "offsets.topic.replication.factor", "1",
                        "offsets.topic.num.partitions", "1",
                        "ssl.client.auth", "required",
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.certificates", Files.readString(folder.resolve("ca.pem")),
                        "ssl.keystore.type", "PEM",
                        "ssl.keystore.certificate.chain",
                                Files.readString(folder.resolve("collector.pem")),
                        "ssl.keystore.key", Files.readString(folder.resolve("collector.key"))));
        try (Writer writer = Files.newBufferedWriter(settings)) {
            server.store(writer, null);
        }
        java(
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        settings.toString(),
                        "--standalone")
                .start()
                .waitFor();
        process = start();
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
        }
    }

    /// As settings of sensor and collector name it.
    String yaml() {
        return "{servers: [\"127.0.0.1:%d\"], ca: ca.pem, certificate: reader.pem, key: reader.key}"
                .formatted(port);
    }

    /// For a client of a test.
    Properties client() throws IOException {
        var client = new Properties();
        client.putAll(
                Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:" + port,
                        "security.protocol",
                        "SSL",
                        "ssl.truststore.type",
                        "PEM",
                        "ssl.truststore.certificates",
                        Files.readString(folder.resolve("ca.pem")),
                        "ssl.keystore.type",
                        "PEM",
                        "ssl.keystore.certificate.chain",
                        Files.readString(folder.resolve("reader.pem")),
                        "ssl.keystore.key",
                        Files.readString(folder.resolve("reader.key"))));
        return client;
    }

    /// Ends it as a crash would, and starts it again on what is there.
    void crash() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = start();
    }

    private Process start() throws IOException, InterruptedException {
        Process started = java("kafka.Kafka", settings.toString()).start();
        try {
            Installation.awaitPort(port);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(Files.readString(folder.resolve("kafka.log")), e);
        }
        return started;
    }

    /// How many records the topic was ever given.
    long records() throws IOException, InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(client())) {
            var latest = new HashMap<TopicPartition, OffsetSpec>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                latest.put(new TopicPartition(TOPIC, partition), OffsetSpec.latest());
            }
            return admin.listOffsets(latest).all().get().values().stream()
                    .mapToLong(offset -> offset.offset())
                    .sum();
        }
    }

    private ProcessBuilder java(String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx384m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("kafka.log").toFile()))
                .redirectErrorStream(true);
    }

    void end() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
