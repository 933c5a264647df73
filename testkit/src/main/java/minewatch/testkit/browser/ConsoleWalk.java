package minewatch.testkit.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;

/// A reviewer's way through the console: the list, one project, its evidence.
///
/// **Thread:** the browser's.
public final class ConsoleWalk {
    private final Page page;

    private ConsoleWalk(Page page) {
        this.page = page;
    }

    /// @param origin of the console, `http://127.0.0.1:8080`
    /// @param language `zh-CN` or `en`, as the browser asks for it
    public static ConsoleWalk begin(StrictBrowser browser, String origin, String language) {
        return new ConsoleWalk(browser.open(origin + "/", language));
    }

    public Page page() {
        return page;
    }

    /// Rows of the ledger, as shown now.
    public Locator rows() {
        return page.locator("#rows > tr");
    }

    /// The row that shows a text: an enterprise, or a source IP.
    public Locator row(String text) {
        return rows().filter(new Locator.FilterOptions().setHasText(text));
    }

    /// Texts of all rows.
    public List<String> ledger() {
        return rows().allInnerTexts();
    }

    /// Follows the link of the row that shows the text.
    public ConsoleWalk openProject(String text) {
        row(text).getByRole(AriaRole.LINK).click();
        page.locator("#facts").waitFor();
        return this;
    }

    /// Hits of the project that is open, newest first.
    public Locator hits() {
        return page.locator("article.hit");
    }

    /// Pieces of evidence of the hits shown.
    public Locator evidence() {
        return hits().locator("table.evidence[role=table] tbody tr");
    }

    public ConsoleWalk backToList() {
        page.locator(".crumbs a").click();
        page.locator("#totals").waitFor();
        return this;
    }

    /// Chooses a language on the page itself.
    public ConsoleWalk speak(String language) {
        page.locator(".languages a[lang=" + language + "]").click();
        page.locator("html[lang=" + language + "]").waitFor();
        return this;
    }
}
