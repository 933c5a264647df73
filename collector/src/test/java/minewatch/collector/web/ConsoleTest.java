package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterators;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import minewatch.feed.HitJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ConsoleTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path folder;
    private ConsoleFixture console;

    @BeforeEach
    void start() throws Exception {
        console = new ConsoleFixture();
        console.importRegistry(folder);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void listShowsWhoMinesWhereAndHowMuch() throws Exception {
        console.commitSamples();
        assertThat(words(console.get("/?lang=en").body()))
                .contains(
                        "5 projects",
                        "Miner Confidence >99.9 % 鄂尔多斯市云算数据科技有限公司 91350100M000100Y43",
                        "Inner Mongolia · 鄂尔多斯市 · 东胜区",
                        "sha256d 28.0 TH/s (19.9–38.3) 840 W (543–1,914)",
                        "2026-11-23 08:00:00 UTC",
                        "2001:db8:77::2 Unassigned address",
                        "Probable");
        assertThat(words(console.get("/?lang=zh-CN").body()))
                .contains(
                        "5 个项目",
                        "证实挖矿",
                        "内蒙古自治区 · 鄂尔多斯市 · 东胜区",
                        "2026-11-23 16:00:00 北京时间",
                        "未登记地址",
                        "高度疑似");
    }

    @Test
    void totalsAreByAlgorithm() throws Exception {
        console.commitSamples();
        assertThat(words(console.get("/?lang=en").body()))
                .contains(
                        "Hashrate, randomx 572 H/s (394–803) in 1 project",
                        "Hashrate, sha256d 28.0 TH/s (19.9–38.3) in 1 project",
                        "Power, estimated 945 W (603–2,104) without 3 projects that cannot be estimated");
    }

    @Test
    void listIsFilteredByRegionAndText() throws Exception {
        console.commitSamples();
        assertThat(console.get("/?region=51&lang=en").body())
                .contains("四川甘孜水电开发有限责任公司", "1 project<")
                .doesNotContain("鄂尔多斯市云算");
        assertThat(console.get("/?text=10.77.0.3&lang=en").body())
                .contains("鄂尔多斯市云算", "value=\"10.77.0.3\"")
                .doesNotContain("四川甘孜");
        assertThat(words(console.get("/?text=nobody&lang=en").body()))
                .contains("No project matches the filter");
    }

    @Test
    void emptyLedgerSaysWhatWillHappen() throws Exception {
        assertThat(words(console.get("/?lang=zh-CN").body())).contains("尚未发现挖矿活动", "没有项目");
    }

    @Test
    void projectShowsItsEvidenceAndWhatIsNotKnown() throws Exception {
        console.commitSamples();
        String known = words(console.get(projectPath("鄂尔多斯") + "?lang=en").body());
        assertThat(known)
                .contains(
                        "10.77.0.0/24 in registry ip-filing",
                        "stratum-v1.submit rev. 3 originator → responder +4.1 40",
                        "f2pool btc.f2pool.com (10.88.0.9) · 3333 known by sni, dns",
                        "40 submitted · 39 accepted · 1 rejected",
                        "from 39 shares in 10 min",
                        "Both directions of the traffic were seen, from the middle",
                        "1:wCb3OG7yAFWelaUydu0D+125CLM=",
                        "10.77.0.2:51234 10.88.0.9:3333");
        String unknown = words(console.get(projectPath("2001:db8:77::2") + "?lang=en").body());
        assertThat(unknown)
                .contains(
                        "No registry knows who holds this address.",
                        "not estimable: no shares were seen in clear",
                        "Mining software not seen",
                        "no registry row names a holder of this address at that time",
                        "Only the traffic of the side that opened the connection was seen, from the start");
    }

    @Test
    void foreignTextIsNeverMarkup() throws Exception {
        console.commitSamples();
        String list = console.get("/?lang=en").body();
        assertThat(list)
                .contains("&lt;b&gt;Escape &amp; Sons&lt;/b&gt;")
                .doesNotContain("<b>Escape");
        String page = console.get(projectPath("鄂尔多斯") + "?lang=en").body();
        assertThat(page)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;&amp;amp;")
                .doesNotContain("<script>alert");
        assertThat(console.get("/?lang=en&text=%22%3E%3Cscript%3E").body())
                .contains("value=\"&#34;>&lt;script>\"");
    }

    @Test
    void severalMinersBehindOneAddressAreTold() throws Exception {
        console.commit(SampleHits.ethash("10.77.4.9", SampleHits.START));
        console.commit(SampleHits.encrypted("10.77.0.2", SampleHits.START));
        assertThat(words(console.get("/?lang=en").body()))
                .contains(
                        "Mining addresses 2 at least 13 miners 4 connections",
                        "ethproxy 1 at least 12 miners 3 connections ethash",
                        "tls-pool 1 1 connection");
        assertThat(words(console.get("/?lang=zh-CN").body()))
                .contains("挖矿地址 2 至少 13 台挖矿设备", "ethproxy 1 至少 12 台挖矿设备");
        String told = words(console.get(projectPath("四川甘孜") + "?lang=en").body());
        assertThat(told)
                .contains("Mining addresses 1 Miners at least 12 Connections open at one time");
        String untold = words(console.get(projectPath("鄂尔多斯") + "?lang=en").body());
        assertThat(untold).contains("Mining addresses 1 Source IPs");
        assertThat(json("/api/v1/projects?region=51").at("/projects/0/miners_at_least").intValue())
                .isEqualTo(12);
        assertThat(json("/api/v1/projects?region=15").at("/projects/0").has("miners_at_least"))
                .isFalse();
    }

    @Test
    void whatMinersReportSetsNoScale() throws Exception {
        console.commit(SampleHits.ethash("10.77.4.9", SampleHits.START));
        String path = projectPath("四川甘孜");
        String bar = console.get(path).body().replaceAll("(?s).*(<rect [^>]*>).*", "$1");
        console.commit(SampleHits.claim("10.77.4.9", SampleHits.START.plusSeconds(600), 1e30));
        assertThat(console.get(path).body()).contains("<h3 id=\"hit-title-2\"").contains(bar);
        assertThat(words(console.get(path + "?lang=en").body())).contains("ethash 1.00e9 ZH/s");
    }

    @Test
    void manyHitsAreShownInPortions() throws Exception {
        for (int i = 0; i < 21; i++) {
            console.commit(SampleHits.possible("10.77.4.9", SampleHits.START.plusSeconds(i)));
        }
        String path = projectPath("四川甘孜");
        String first = console.get(path).body();
        assertThat(first.split("<article", -1)).hasSize(21);
        assertThat(first).contains("href=\"" + path + "?hits=100\"");
        assertThat(console.get(path + "?hits=100").body().split("<article", -1)).hasSize(22);
    }

    @ParameterizedTest
    @CsvSource({
        "'zh-CN,zh;q=0.9', zh-CN",
        "'en-US,en;q=0.9', en",
        "'fr', en",
    })
    void theBrowsersLanguageIsSpoken(String accepted, String spoken) throws Exception {
        HttpResponse<String> page = console.get("/", "accept-language", accepted);
        assertThat(page.headers().firstValue("content-language")).hasValue(spoken);
        assertThat(page.headers().firstValue("vary").orElse(""))
                .contains("accept-language", "cookie");
        assertThat(page.body()).contains("<html lang=\"" + spoken + "\">");
    }

    @Test
    void theChosenLanguageIsKept() throws Exception {
        String cookie =
                console.get("/?lang=zh-CN").headers().firstValue("set-cookie").orElseThrow();
        assertThat(cookie)
                .contains("minewatch-lang=zh-CN", "SameSite=Lax", "Path=/")
                .containsIgnoringCase("httponly");
        String pair = cookie.substring(0, cookie.indexOf(';'));
        assertThat(console.get("/", "cookie", pair, "accept-language", "en").body())
                .contains("<html lang=\"zh-CN\">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/projects/1",
                "/nothing",
                "/api/v1/projects",
                "/api/v1/projects/x",
                "/openapi.yaml",
                "/static/0/console.css"
            })
    void everyAnswerCarriesTheSecurityHeaders(String path) throws Exception {
        var headers = console.get(path).headers();
        assertThat(headers.firstValue("content-security-policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy)
                                .contains(
                                        "default-src 'none'",
                                        "script-src 'self'",
                                        "frame-ancestors 'none'")
                                .doesNotContain("unsafe", "*"));
        assertThat(headers.firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(headers.firstValue("referrer-policy")).hasValue("same-origin");
        assertThat(headers.firstValue("cache-control")).isPresent();
    }

    @Test
    void pagesAboutEnterprisesAreNotStored() throws Exception {
        assertThat(console.get("/").headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(console.get("/api/v1/projects").headers().firstValue("cache-control"))
                .hasValue("no-store");
    }

    @Test
    void staticFilesAreImmutableUnderTheirHash() throws Exception {
        var matcher =
                Pattern.compile("/static/[0-9a-f]{16}/[^\"]+").matcher(console.get("/").body());
        List<String> files = matcher.results().map(m -> m.group()).distinct().toList();
        assertThat(files).hasSize(4);
        for (String file : files) {
            HttpResponse<String> answer = console.get(file);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isNotEmpty();
            assertThat(answer.headers().firstValue("cache-control"))
                    .hasValue("public, max-age=31536000, immutable");
        }
        String wrongHash =
                files.getFirst().replaceFirst("/static/[0-9a-f]{16}", "/static/0000000000000000");
        assertThat(console.get(wrongHash).statusCode()).isEqualTo(404);
    }

    @Test
    void apiNamesEverythingAsTheContractDoes() throws Exception {
        console.commitSamples();
        JsonNode project = json("/api/v1/projects?region=150000").get("projects").get(0);
        assertThat(project.get("enterprise").textValue()).isEqualTo("鄂尔多斯市云算数据科技有限公司");
        assertThat(project.get("credit_code").textValue()).isEqualTo(ConsoleFixture.CREDIT_CODE);
        assertThat(project.get("region_code").textValue()).isEqualTo("150602");
        assertThat(project.get("verdict").textValue()).isEqualTo("miner");
        assertThat(project.get("miners").intValue()).isEqualTo(2);
        assertThat(project.get("source_ips").get(0).textValue()).isEqualTo("10.77.0.3");
        assertThat(project.get("first_seen").textValue()).isEqualTo("2026-11-23T08:00:00Z");
        assertThat(project.get("power_watts").get("best").doubleValue()).isEqualTo(840);
        JsonNode rate = project.get("hashrate").get("sha256d");
        assertThat(rate.get("best").doubleValue()).isEqualTo(2.8e13);
        assertThat(rate.get("unit").textValue()).isEqualTo("H/s");
        assertThat(rate.get("shares").intValue()).isEqualTo(78);
    }

    @Test
    void apiLeavesOutWhatIsNotKnown() throws Exception {
        console.commit(SampleHits.encrypted("2001:db8:77::2", SampleHits.START));
        JsonNode project = json("/api/v1/projects").get("projects").get(0);
        assertThat(project.has("enterprise")).isFalse();
        assertThat(project.has("power_watts")).isFalse();
        assertThat(project.get("hashrate")).isEmpty();
    }

    @Test
    void apiGivesHitsAsTheyWereReceived() throws Exception {
        var hit = SampleHits.stratum("10.77.0.2", SampleHits.START);
        console.commit(hit);
        JsonNode answer = json("/api" + projectPath("鄂尔多斯").replace("/projects", "/v1/projects"));
        JsonNode stored = answer.get("hits").get(0);
        assertThat(stored.get("hit")).isEqualTo(JSON.readTree(HitJson.write(hit)));
        assertThat(stored.get("attributed_to").textValue()).isEqualTo("10.77.0.0/24");
        assertThat(stored.get("attribution_source").textValue()).isEqualTo("ip-filing");
        assertThat(answer.get("more_hits").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/projects?region=x|400|invalid-parameter|region: x (expected: 1 to 6 leading digits of a GB/T 2260 code)",
                "/api/v1/projects?regoin=15|400|invalid-parameter|regoin: unknown parameter (expected: one of region, text)",
                "/api/v1/projects/0|400|invalid-parameter|id: 0 (expected: a whole number from 1, at most 18 digits)",
                "/api/v1/projects/1?hits=1001|400|invalid-parameter|hits: 1001 (expected: 1 to 1000)",
                "/api/v1/projects/4711|404|unknown-project|id: 4711 (expected: the id of a project in the ledger)",
                "/api/v1/nothing|404|not-found|nothing is served at this path",
            })
    void refusalsAreProblemsWithAStableType(String path, int status, String type, String detail)
            throws Exception {
        HttpResponse<String> answer = console.get(path, "accept", "text/html");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type").orElse(""))
                .startsWith("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("type").textValue()).isEqualTo("/problems/" + type);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("detail").textValue()).isEqualTo(detail);
        assertThat(problem.get("title").textValue()).isNotBlank();
    }

    @Test
    void peopleSeeAPageInsteadOfAProblem() throws Exception {
        HttpResponse<String> answer =
                console.get("/projects/4711", "accept", "text/html", "accept-language", "zh");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(words(answer.body())).contains("台账中没有该项目", "id: 4711");
    }

    @Test
    void unreachableDatabaseIsAProblemOfItsOwn() throws Exception {
        console.breakDatabase();
        HttpResponse<String> answer = console.get("/api/v1/projects");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(answer.body()).get("type").textValue())
                .isEqualTo("/problems/ledger-unavailable");
        assertThat(answer.body()).doesNotContain("SQL", "Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    void nothingCanBeChanged(String method) throws Exception {
        HttpRequest request =
                console.request("/api/v1/projects")
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
        HttpResponse<String> answer =
                console.client().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue("GET, HEAD");
        assertThat(JSON.readTree(answer.body()).get("type").textValue())
                .isEqualTo("/problems/method-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/v1/projects", "/openapi.yaml"})
    void headAnswersWithoutABody(String path) throws Exception {
        HttpRequest request =
                console.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        HttpResponse<String> answer =
                console.client().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aCommitIsToldToThoseWhoListen() throws Exception {
        try (var events = new Events("/events", null)) {
            assertThat(events.next()).isEqualTo(":open");
            console.commit(SampleHits.possible("10.99.0.1", SampleHits.START));
            assertThat(events.nextOf("event")).isEqualTo("ledger");
        }
    }

    @Test
    void aCommitBetweenDrawingAndListeningIsNotMissed() throws Exception {
        var since = Pattern.compile("/events\\?since=[^\"]+").matcher(console.get("/").body());
        assertThat(since.find()).isTrue();
        console.commit(SampleHits.possible("10.99.0.1", SampleHits.START));
        try (var events = new Events(since.group(), null)) {
            assertThat(events.nextOf("event")).isEqualTo("ledger");
        }
    }

    @Test
    void whoComesBackIsToldWhatHeMissed() throws Exception {
        try (var events = new Events("/events", "an-earlier-run.7")) {
            assertThat(events.nextOf("event")).isEqualTo("ledger");
        }
    }

    @Test
    void manyCommitsAreFewEvents() throws Exception {
        try (var events = new Events("/events", null)) {
            assertThat(events.next()).isEqualTo(":open");
            for (int i = 0; i < 50; i++) {
                console.commit(SampleHits.possible("10.99.0.1", SampleHits.START));
            }
            String last =
                    JSON.readTree(console.get("/api/v1/projects").body()).get("mark").textValue();
            int told = 0;
            String data;
            do {
                data = events.nextOf("data");
                told++;
            } while (!data.equals(last));
            assertThat(told).isLessThan(50);
        }
    }

    @Test
    void theDescriptionKnowsEveryRouteAndProblem() throws Exception {
        JsonNode description = new YAMLMapper().readTree(console.get("/openapi.yaml").body());
        assertThat(names(description.get("paths")))
                .containsExactlyInAnyOrder("/api/v1/projects", "/api/v1/projects/{id}", "/events");
        var types = description.at("/components/schemas/Problem/properties/type/enum");
        assertThat(StreamSupport.stream(types.spliterator(), false).map(JsonNode::textValue))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Problem.Kind.values())
                                .map(kind -> "/problems/" + kind.slug())
                                .toList());
    }

    @Test
    void theDescriptionNamesEveryFieldOfAProject() throws Exception {
        console.commitSamples();
        JsonNode description = new YAMLMapper().readTree(console.get("/openapi.yaml").body());
        JsonNode project = json("/api/v1/projects?region=15").get("projects").get(0);
        assertThat(names(description.at("/components/schemas/Project/properties")))
                .containsExactlyInAnyOrderElementsOf(names(project));
    }

    private static List<String> names(JsonNode object) {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(object.fieldNames(), 0), false)
                .toList();
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = console.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse(""))
                .startsWith("application/json");
        return JSON.readTree(answer.body());
    }

    /// The address of the page of the one project that the text finds.
    private String projectPath(String text) throws IOException, InterruptedException {
        String query = java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
        JsonNode found = json("/api/v1/projects?text=" + query).get("projects");
        assertThat(found).hasSize(1);
        return "/projects/" + found.get(0).get("id").longValue();
    }

    private static String words(String html) {
        return HitPages.words(html);
    }

    /// An open event stream, read line by line.
    private final class Events implements AutoCloseable {
        private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(10_000);
        private final Stream<String> stream;
        private final Thread reader;

        Events(String path, @Nullable String lastEventId) throws IOException, InterruptedException {
            HttpRequest.Builder request = console.request(path);
            if (lastEventId != null) {
                request.header("last-event-id", lastEventId);
            }
            HttpResponse<Stream<String>> answer =
                    console.client().send(request.build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .startsWith("text/event-stream");
            stream = answer.body();
            reader = Thread.ofVirtual().start(this::read);
        }

        private void read() {
            try {
                stream.forEach(lines::add);
            } catch (java.io.UncheckedIOException closed) {
                lines.add("(closed)");
            }
        }

        String next() throws InterruptedException {
            String line = lines.poll(20, TimeUnit.SECONDS);
            return line == null ? "(nothing)" : line;
        }

        /// The value of the next field of that name.
        String nextOf(String name) throws InterruptedException {
            String prefix = name + ":";
            String line;
            do {
                line = next();
            } while (!line.startsWith(prefix) && !line.startsWith("("));
            return line.startsWith("(") ? line : line.substring(prefix.length()).strip();
        }

        @Override
        public void close() {
            stream.close();
            reader.interrupt();
        }
    }
}
