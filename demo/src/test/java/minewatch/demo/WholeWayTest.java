package minewatch.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import minewatch.collector.report.ProjectRow;
import minewatch.testkit.browser.ConsoleWalk;
import minewatch.testkit.browser.StrictBrowser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// From a real capture to a named enterprise, and to a person who reads about it in a browser.
@Timeout(300)
class WholeWayTest {
    @TempDir static Path folder;

    private static Demo demo;

    @BeforeAll
    static void replayTheSamples() throws Exception {
        demo = new Demo(folder, 0);
        demo.startCollector();
        demo.replay();
    }

    @AfterAll
    static void stop() {
        demo.close();
    }

    @Test
    void everyMinerOfTheSamplesIsNamedAndNobodyElse() {
        List<ProjectRow> rows = demo.projects().list(null, null);
        Map<String, String> verdicts =
                rows.stream()
                        .collect(
                                Collectors.toMap(
                                        row -> String.valueOf(row.enterprise()),
                                        ProjectRow::verdict));
        assertThat(verdicts)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "示例企业一号 / Sample Enterprise 1", "miner",
                                "示例企业二号 / Sample Enterprise 2", "miner",
                                "示例企业三号 / Sample Enterprise 3", "miner",
                                "示例企业四号 / Sample Enterprise 4", "miner",
                                "示例企业五号 / Sample Enterprise 5", "miner",
                                "示例数据中心 / Sample Data Centre", "miner",
                                "示例大学 / Sample University", "browser"));
        assertThat(rows).noneMatch(ProjectRow::contested);
    }

    @Test
    void hashrateOfAnEnterpriseHoldsTheMinersOwnFigure() {
        ProjectRow row = demo.projects().list("650106", null).getFirst();
        assertThat(row.hashrate()).hasSize(1);
        assertThat(row.hashrate().getFirst().algorithm()).isEqualTo("sha256d");
        // The miner's own log averages 521,174.8 H/s (cases/stratum-v1-ckpool).
        assertThat(row.hashrate().getFirst().rate().low()).isLessThan(521_174.8);
        assertThat(row.hashrate().getFirst().rate().high()).isGreaterThan(521_174.8);
        assertThat(row.hashrate().getFirst().shares()).isEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({"zh-CN, 挖矿项目", "en, Mining projects"})
    void aPersonWalksFromTheListToTheEvidence(String language, String title) {
        assumeTrue(
                StrictBrowser.program().isPresent(),
                "no Chromium on this machine: the whole way is not walked in a browser (./check installs it)");
        try (StrictBrowser browser = StrictBrowser.launch(demo.url())) {
            ConsoleWalk walk = ConsoleWalk.begin(browser, demo.url(), language);
            assertThat(walk.page().locator("h1")).hasText(title);
            assertThat(walk.rows()).hasCount(7);
            walk.openProject("示例企业三号");
            assertThat(walk.hits()).hasCount(1);
            assertThat(walk.hits().first()).containsText("stratum-v1.submit");
            assertThat(walk.evidence().locator(".excerpt").first()).containsText("mining.");
            assertThat(walk.hits().first()).containsText("10.77.1.19");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
