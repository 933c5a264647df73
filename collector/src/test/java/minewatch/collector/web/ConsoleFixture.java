package minewatch.collector.web;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.ledger.Ledger;
import minewatch.collector.ledger.TestDatabase;
import minewatch.collector.report.LedgerProjects;
import minewatch.feed.v1.Hit;

/// A console on a real server, a real ledger and a real database of its own, on loopback.
final class ConsoleFixture implements AutoCloseable {
    static final String CREDIT_CODE = "91350100M000100Y43"; // the example of GB 32100-2015

    private static final UUID BOOT = UUID.fromString("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private static final String SENSOR = "isp-nm-01";
    private static final String REGISTRY =
            """
            prefix,enterprise,credit_code,address,region_code,valid_from,valid_to,use_mode
            10.77.0.0/24,鄂尔多斯市云算数据科技有限公司,91350100M000100Y43,内蒙古自治区鄂尔多斯市东胜区罕台镇工业园区12号,150602,2026-01-01,,static
            10.77.4.0/24,四川甘孜水电开发有限责任公司,,康定市姑咱镇,513300,2026-01-01,,static
            10.77.8.0/24,<b>Escape & Sons</b>,,,320102,2026-01-01,,static
            """;

    private final TestDatabase database = TestDatabase.create();
    private final Ledger ledger = new Ledger(database.dataSource());
    private final Console console =
            new Console(new LedgerProjects(database.dataSource()), ledger::subscribe);
    private final HttpClient client = HttpClient.newHttpClient();
    private final Server server;
    private long seq;

    ConsoleFixture() throws StoreException {
        ledger.onHello(SENSOR, BOOT, "test");
        var builder = Server.builder().localPort(0, SessionProtocol.HTTP);
        console.addTo(builder);
        server = builder.build();
        server.start().join();
    }

    /// Names the holders of the sample addresses.
    void importRegistry(Path folder) throws IOException, RegistryException {
        Path file = Files.writeString(folder.resolve("registry.csv"), REGISTRY);
        var _ = ledger.importRegistry(file, "ip-filing", false, "test", _ -> {});
    }

    /// Commits hits as a sensor's next batch.
    void commit(Hit... hits) throws StoreException {
        seq++;
        byte[] digest = ByteBuffer.allocate(32).putLong(seq).array();
        var _ =
                ledger.onBatch(
                        SENSOR,
                        BOOT,
                        new CheckedBatch(
                                seq,
                                0,
                                0,
                                OptionalLong.empty(),
                                hits.length,
                                ByteString.copyFrom(digest),
                                List.of(hits),
                                Stream.of(hits).map(Hit::toByteArray).toList(),
                                List.of()));
    }

    /// What the tests show: one of each kind.
    void commitSamples() throws StoreException {
        commit(
                SampleHits.stratum("10.77.0.2", SampleHits.START),
                SampleHits.stratum("10.77.0.3", SampleHits.START.plusSeconds(3600)),
                SampleHits.randomx("10.77.4.9", SampleHits.START.plusSeconds(600)),
                SampleHits.browser("10.77.8.1", SampleHits.START.plusSeconds(700)),
                SampleHits.encrypted("2001:db8:77::2", SampleHits.START.plusSeconds(800)),
                SampleHits.possible("10.99.0.1", SampleHits.START.plusSeconds(900)));
    }

    /// From now on no question is answered.
    void breakDatabase() throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE project RENAME TO gone");
        }
    }

    String address(String path) {
        return "http://127.0.0.1:" + server.activeLocalPort() + path;
    }

    HttpClient client() {
        return client;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address(path)));
    }

    HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.shutdownNow();
        console.close();
        var _ = server.stop(); // answers nothing any more; its threads end in their own time
        database.close();
    }
}
