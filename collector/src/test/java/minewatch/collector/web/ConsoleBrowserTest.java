package minewatch.collector.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.stream.IntStream;
import minewatch.feed.v1.Hit;
import minewatch.testkit.browser.ConsoleWalk;
import minewatch.testkit.browser.StrictBrowser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The console in a real browser, from a commit in the ledger to what a reviewer sees.
@Timeout(180)
class ConsoleBrowserTest {
    @TempDir Path folder;
    private ConsoleFixture console;
    private StrictBrowser browser;
    private String origin;

    @BeforeAll
    static void needsABrowser() {
        assumeTrue(
                StrictBrowser.program().isPresent(),
                "no Chromium on this machine: the console is not tested in a browser (./check installs it)");
    }

    @BeforeEach
    void start() throws Exception {
        console = new ConsoleFixture();
        console.importRegistry(folder);
        origin = console.address("");
        browser = StrictBrowser.launch(origin);
    }

    @AfterEach
    void stop() {
        browser.close();
        console.close();
    }

    @ParameterizedTest
    @CsvSource({
        "zh-CN, 挖矿项目, 证实挖矿, 协议证实, 双向流量均可见, 未登记地址",
        "en, Mining projects, Miner, Protocol proof, Both directions of the traffic were seen, Unassigned address",
    })
    void aReviewerWalksFromTheListToTheEvidence(
            String language,
            String title,
            String verdict,
            String means,
            String seen,
            String unassigned)
            throws Exception {
        console.commitSamples();
        var walk = ConsoleWalk.begin(browser, origin, language);
        assertThat(walk.page().locator("h1")).hasText(title);
        assertThat(walk.rows()).hasCount(5);
        assertThat(walk.row("鄂尔多斯").locator(".badge")).hasText(verdict);
        assertThat(walk.row("2001:db8:77::2")).containsText(unassigned);
        walk.openProject("鄂尔多斯");
        assertThat(walk.page().locator("#facts")).containsText(means);
        assertThat(walk.hits()).hasCount(2);
        assertThat(walk.evidence()).hasCount(6);
        assertThat(walk.evidence().first().locator(".excerpt")).containsText("\"mining.submit\"");
        assertThat(walk.hits().first()).containsText(seen);
        assertThat(walk.hits().first().locator("svg.interval")).isVisible();
        walk.hits().first().locator("summary").click();
        assertThat(walk.hits().first().locator(".flow-table"))
                .containsText("1:wCb3OG7yAFWelaUydu0D+125CLM=");
        walk.backToList();
        assertThat(walk.rows()).hasCount(5);
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "zh-CN, 400, 至少 12 台, 仅见单向流量, 矿机自报：980 MH/s 高于估算上限",
        "en, 1400, at least 12, one direction only, reported by the miners themselves: 980 MH/s above the upper bound",
    })
    void aReviewerSeesWhatToWeigh(
            String language, int width, String miners, String half, String reported)
            throws Exception {
        console.commit(
                SampleHits.ethash("10.77.4.9", SampleHits.START),
                SampleHits.claim("10.77.4.9", SampleHits.START.plusSeconds(600), 1e300));
        Page page =
                browser.open(
                        origin + "/projects/1", browser.user(language).setViewportSize(width, 900));
        assertThat(page.locator("#facts")).containsText(miners);
        var hit = page.locator("article.hit").last();
        assertThat(hit.locator("h3 .flag")).hasText(half);
        assertThat(hit.locator(".claim")).hasText(reported);
        assertThat(hit).containsText(miners);
        assertThat(page.locator("article.hit").first().locator("svg.interval")).hasCount(0);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theLanguageSwitchIsKeptOnTheWay() throws Exception {
        console.commitSamples();
        var walk = ConsoleWalk.begin(browser, origin, "en").speak("zh-CN");
        assertThat(walk.page().locator("h1")).hasText("挖矿项目");
        walk.openProject("鄂尔多斯");
        assertThat(walk.page().locator("html")).hasAttribute("lang", "zh-CN");
        walk.page().navigate(origin + "/"); // by cookie now
        assertThat(walk.page().locator("h1")).hasText("挖矿项目");
        walk.speak("en");
        assertThat(walk.page().locator("h1")).hasText("Mining projects");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aNewHitAppearsInTheListByItself() throws Exception {
        var walk = ConsoleWalk.begin(browser, origin, "en");
        Page page = walk.page();
        assertThat(page.locator("#empty")).containsText("No mining seen yet");
        console.commitSamples();
        assertThat(walk.rows()).hasCount(5);
        assertThat(page.locator("#found")).hasText("5 projects");
        assertThat(page.locator("#empty")).isEmpty();
        assertThat(page.locator("#totals")).containsText("28.0 TH/s");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRefreshKeepsFilterTypingFocusAndPlace() throws Exception {
        console.commit(
                IntStream.range(0, 60)
                        .mapToObj(i ->
                                SampleHits.possible(
                                        "10.99.1." + i, SampleHits.START.plusSeconds(i)))
                        .toArray(Hit[]::new));
        var walk = ConsoleWalk.begin(browser, origin, "en");
        Page page = walk.page();
        page.navigate(origin + "/?text=10.99.");
        page.locator("#text").fill("10.99.1 and more");
        page.evaluate("window.scrollTo(0, 1500)");
        var link = walk.rows().nth(20).locator("a");
        String focused = link.getAttribute("id");
        link.evaluate("element => element.focus({preventScroll: true})");
        Object place = page.evaluate("window.scrollY");
        console.commit(
                SampleHits.possible("10.99.2.1", SampleHits.START.minusSeconds(60)),
                SampleHits.possible("10.55.0.1", SampleHits.START.minusSeconds(60)));
        assertThat(walk.rows()).hasCount(61);
        assertThat(walk.row("10.55.0.1")).hasCount(0);
        assertThat(page.locator("#text")).hasValue("10.99.1 and more");
        assertThat(page.evaluate("window.scrollY")).isEqualTo(place);
        assertThat(page.evaluate("document.activeElement.id")).isEqualTo(focused);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void evidenceDoesNotMoveUnderTheReader() throws Exception {
        console.commitSamples();
        var walk = ConsoleWalk.begin(browser, origin, "en").openProject("四川甘孜");
        Page page = walk.page();
        assertThat(walk.hits()).hasCount(1);
        console.commit(SampleHits.randomx("10.77.4.10", SampleHits.START.plusSeconds(7200)));
        assertThat(page.locator("#fresh")).containsText("New hits have arrived.");
        assertThat(page.locator("#facts")).containsText("10.77.4.10, 10.77.4.9");
        assertThat(walk.hits()).hasCount(1);
        page.locator("#fresh a").click();
        assertThat(walk.hits()).hasCount(2);
        assertThat(page.locator("#fresh")).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void everythingCanBeReadWithoutJavaScript() throws Exception {
        console.commitSamples();
        Page page = browser.open(origin + "/", browser.user("zh-CN").setJavaScriptEnabled(false));
        assertThat(page.locator("#rows > tr")).hasCount(5);
        page.locator("#text").fill("四川甘孜");
        page.locator("form.filter button").click();
        assertThat(page.locator("#rows > tr")).hasCount(1);
        page.locator("#rows a").click();
        assertThat(page.locator("article.hit")).hasCount(1);
    }

    @ParameterizedTest
    @CsvSource({"zh-CN, 400, LIGHT", "en, 400, DARK", "zh-CN, 1400, DARK", "en, 970, LIGHT"})
    void noPageIsWiderThanItsScreen(String language, int width, ColorScheme scheme)
            throws Exception {
        console.commitSamples();
        var user = browser.user(language).setViewportSize(width, 800).setColorScheme(scheme);
        Page page = browser.open(origin + "/", user);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        page.locator("#rows a").first().click();
        page.locator("#facts").waitFor();
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(width);
        assertThat(browser.complaints()).isEmpty();
    }
}
