package minewatch.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.collector.ledger.Hits;
import minewatch.collector.ledger.LedgerTokens;
import minewatch.collector.ledger.TestDatabase;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.SensorMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole collector, started from a settings file and asked over its ports; the commands beside
/// it.
@Timeout(120)
class CollectorTest {
    @TempDir Path folder;
    private TestDatabase database;
    private Path config;

    @BeforeEach
    void configure() throws IOException {
        database = TestDatabase.create();
        Files.writeString(folder.resolve("password"), database.password());
        config =
                Files.writeString(
                        folder.resolve("collector.yaml"),
                        """
                        feed:
                          listen: 127.0.0.1:0
                          tls: {ca: pki/ca.pem, certificate: pki/collector.pem, key: pki/collector.key}
                        web: {listen: 127.0.0.1:0}
                        database: {url: %s, user: %s, password-file: password}
                        """
                                .formatted(database.url(), database.user()));
        assertThat(
                        command(
                                        "enrol",
                                        "--sensor",
                                        "tap-1",
                                        "--out",
                                        folder.resolve("tap-1").toString())
                                .code)
                .isZero();
    }

    @AfterEach
    void dropDatabase() {
        database.close();
    }

    @Test
    void aHitComesOutOfTheConsoleWithItsEnterprise() throws Exception {
        try (var collector = new Collector(CollectorConfig.load(config))) {
            collector.start();
            sendOneBatch(collector.feedPort());
            assertThat(get(collector, "/api/v1/projects").body()).contains("10.77.1.10");

            var changes = new AtomicInteger();
            collector.ledger().subscribe(revision -> changes.incrementAndGet());
            Path registry =
                    Files.writeString(
                            folder.resolve("registry.csv"),
                            "prefix,enterprise,valid_from\n10.77.1.10/32,示例企业一号,2026-01-01\n");
            Said said = command("registry", "import", registry.toString(), "--source", "ip-filing");
            assertThat(said.err).contains("1 rows new").contains("1 hits attributed anew");
            assertThat(said.code).isZero();
            await().untilAsserted(() ->
                    assertThat(changes).hasPositiveValue()); // another process's import
            assertThat(get(collector, "/api/v1/projects").body()).contains("示例企业一号");
            assertThat(command("report", "list", "--format", "csv").out).contains("示例企业一号");

            assertThat(get(collector, "/healthz").statusCode()).isEqualTo(200);
            String metrics = get(collector, "/metrics").body();
            assertThat(metrics)
                    .contains("minewatch_collector_accept_hits_total{result=\"stored\"} 1.0");
            assertThat(ownNames(metrics))
                    .isNotEmpty()
                    .allMatch(page("metrics-collector.md")::contains);
        }
    }

    @Test
    void closingAndStartingAgainKeepsEverything() throws Exception {
        try (var collector = new Collector(CollectorConfig.load(config))) {
            collector.start();
            sendOneBatch(collector.feedPort());
        }
        try (var collector = new Collector(CollectorConfig.load(config))) {
            collector.start();
            sendOneBatch(collector.feedPort()); // the same one
            assertThat(collector.projects().list(null, null)).hasSize(1);
        }
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("1");
    }

    @Test
    void databaseThatIsNotThereIsUnhealthyNotFatal() throws Exception {
        try (var collector = new Collector(CollectorConfig.load(config))) {
            collector.start();
            database.refuseConnections();
            assertThat(get(collector, "/healthz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aSecondCertificateForOneSensorIsNotWrittenOverTheFirst() throws Exception {
        String before = Files.readString(folder.resolve("tap-1/sensor.key"));
        Said said =
                command("enrol", "--sensor", "tap-1", "--out", folder.resolve("tap-1").toString());
        assertThat(said.code).isEqualTo(2);
        assertThat(said.err).contains("is there already");
        assertThat(Files.readString(folder.resolve("tap-1/sensor.key"))).isEqualTo(before);
    }

    @Test
    void tokenIsPrintedAloneAndKeptAsAHash() throws Exception {
        assertThat(command("enrol", "--sensor", "tap-2", "--token").err)
                .contains("this collector lets nobody enrol; set enrolment.listen");
        letSensorsEnrol();
        Said said = command("enrol", "--sensor", "tap-2", "--token");
        assertThat(said.code).isZero();
        EnrolmentToken token = EnrolmentToken.parse(said.out);
        assertThat(token.sensor()).isEqualTo("tap-2");
        String kept = database.ask("SELECT sensor_id || encode(hash, 'hex') FROM enrolment_token");
        assertThat(kept)
                .isEqualTo(
                        "tap-2"
                                + HexFormat.of()
                                        .formatHex(
                                                EnrolmentToken.hash(token.secret()).toByteArray()));
        try (var collector = new Collector(CollectorConfig.load(config))) {
            collector.start();
            assertThat(collector.enrolmentPort()).isPositive();
        }
        assertThat(command("enrol", "--sensor", "No Name", "--token").err)
                .contains("expected: 1 to 63");
        assertThat(command("enrol", "--sensor", "tap-2").err).contains("neither --out nor --token");
    }

    @Test
    void openTokensEndWithTheSensorsCertificates() throws Exception {
        letSensorsEnrol();
        EnrolmentToken mine = token("tap-1");
        EnrolmentToken other = token("tap-2");
        Said said = command("revoke", "--sensor", "tap-1");
        assertThat(said.code).isZero();
        assertThat(said.err)
                .contains("ended open tokens of sensor tap-1: 1")
                .contains("revoked CN=tap-1");
        var tokens = new LedgerTokens(database.dataSource());
        assertThat(tokens.use(EnrolmentToken.hash(mine.secret()))).isFalse();
        assertThat(tokens.use(EnrolmentToken.hash(other.secret()))).isTrue();

        token("tap-3"); // which has never enrolled
        assertThat(command("revoke", "--sensor", "tap-3").code).isZero();
        assertThat(command("revoke", "--sensor", "tap-3").code).isEqualTo(2);
    }

    @Test
    void certificatesAreRevokedWithoutADatabaseToo() throws Exception {
        letSensorsEnrol();
        database.refuseConnections();
        Said said = command("revoke", "--sensor", "tap-1");
        assertThat(said.code).isEqualTo(1);
        assertThat(said.err)
                .contains("cannot end tokens of sensor tap-1, which let it in again")
                .contains("revoked CN=tap-1");
        assertThat(folder.resolve("pki/crl.pem")).isNotEmptyFile();
    }

    private void letSensorsEnrol() throws IOException {
        Files.writeString(
                config,
                Files.readString(config)
                        + "enrolment: {listen: \"127.0.0.1:0\", authority: pki}\n");
    }

    private EnrolmentToken token(String sensor) {
        return EnrolmentToken.parse(command("enrol", "--sensor", sensor, "--token").out);
    }

    @Test
    void refusedRegistryFileTellsItsProblemsAndEndsWithOne() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("bad.csv"),
                        "prefix,enterprise,valid_from\n10.0.0.1/8,,yesterday\n");
        Said said = command("registry", "import", file.toString(), "--source", "ip-filing");
        assertThat(said.code).isEqualTo(1);
        assertThat(said.err.lines())
                .hasSize(4)
                .first()
                .asString()
                .startsWith(file + ":2: prefix: 10.0.0.1/8");
        assertThat(said.out).isEmpty();
    }

    @Test
    void wrongUsageEndsWithTwo() {
        assertThat(run("collector").code).isEqualTo(2);
        assertThat(run("collector", "run").err).contains("--config");
        assertThat(run("collector", "run", "--config", "nowhere.yaml").code).isEqualTo(2);
        assertThat(command("enrol", "--sensor", "No Name", "--out", "x").err)
                .contains("expected: 1 to 63");
        assertThat(command("report", "list", "--region", "北京").code).isEqualTo(2);
    }

    @Test
    void settingsAreCheckedAndPrintedWithoutStarting() {
        assertThat(command("run", "--check-config").code).isZero();
        assertThat(command("run", "--print-config").out).contains("listen: 127.0.0.1:0");
    }

    @Test
    void settingsThatContradictAreAllTold() throws Exception {
        Path wrong =
                Files.writeString(
                        folder.resolve("wrong.yaml"),
                        "feeds: {}\nweb: {listen: somewhere}\ndatabase: {user: me}\n");
        Said said = run("collector", "run", "--config", wrong.toString(), "--check-config");
        assertThat(said.code).isEqualTo(2);
        assertThat(said.err).contains("feeds").contains("web.listen").contains("database.url");
    }

    @Test
    void everySettingAndItsDefaultStandInTheReference() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.yaml"), "web: {}\n");
        String page = page("configuration-collector.md");
        String section = "";
        for (String line : CollectorConfig.load(empty).print().lines().toList()) {
            int depth = line.indexOf(line.strip()) / 2;
            String key = line.strip().replaceFirst(":.*", "");
            String value = line.strip().replaceFirst("^[^:]*: ?", "");
            String[] parents = section.split("\\.", -1);
            String name =
                    String.join(".", Arrays.copyOf(parents, depth)) + (depth == 0 ? "" : ".") + key;
            section = name;
            if (!value.isEmpty()) {
                assertThat(page).contains("| `" + name + "` | `" + value + "` |");
            }
        }
    }

    private static List<String> ownNames(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("minewatch_"))
                .map(line -> line.replaceFirst("[{ ].*", "").replaceFirst("_(count|sum|max)$", ""))
                .distinct()
                .toList();
    }

    private static String page(String name) throws IOException {
        return Files.readString(
                Path.of(System.getProperty("minewatch.root", ".."), "docs", "reference", name));
    }

    /// What a command said, and its exit code.
    private record Said(int code, String out, String err) {}

    /// A command with this test's settings.
    private Said command(String... words) {
        String[] all = new String[words.length + 3];
        all[0] = "collector";
        System.arraycopy(words, 0, all, 1, words.length);
        all[all.length - 2] = "--config";
        all[all.length - 1] = config.toString();
        return run(all);
    }

    private static Said run(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(words);
        return new Said(code, out.toString(), err.toString());
    }

    private static HttpResponse<String> get(Collector collector, String path)
            throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + collector.webPort() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /// As a sensor would, with the files `enrol` made.
    private void sendOneBatch(int port) throws Exception {
        Path tap = folder.resolve("tap-1");
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .sslContext(
                                GrpcSslContexts.forClient()
                                        .trustManager(tap.resolve("ca.pem").toFile())
                                        .keyManager(
                                                tap.resolve("sensor.pem").toFile(),
                                                tap.resolve("sensor.key").toFile())
                                        .build())
                        .build();
        try {
            var answers = new Answers();
            StreamObserver<SensorMessage> requests = FeedGrpc.newStub(channel).exchange(answers);
            requests.onNext(
                    SensorMessage.newBuilder()
                            .setHello(
                                    Hello.newBuilder()
                                            .setSensor("tap-1")
                                            .setBootId(new UUID(1, 2).toString())
                                            .setNextSeq(1)
                                            .setSchema(1))
                            .build());
            requests.onNext(
                    SensorMessage.newBuilder()
                            .setBatch(Batch.newBuilder().setSeq(1).addHits(Hits.hit("10.77.1.10")))
                            .build());
            assertThat(answers.take().hasWelcome()).isTrue();
            assertThat(answers.take().getAck().getDurableThroughSeq()).isEqualTo(1);
            requests.onCompleted();
        } finally {
            channel.shutdownNow();
        }
    }

    private static final class Answers implements StreamObserver<CollectorMessage> {
        private final BlockingQueue<CollectorMessage> inbox = new LinkedBlockingQueue<>();
        private volatile String end = "open";

        CollectorMessage take() throws InterruptedException {
            CollectorMessage message = inbox.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no answer; the stream is " + end);
            }
            return message;
        }

        @Override
        public void onNext(CollectorMessage message) {
            inbox.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            end = failure.toString();
        }

        @Override
        public void onCompleted() {
            end = "completed";
        }
    }
}
