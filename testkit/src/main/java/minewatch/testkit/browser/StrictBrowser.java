package minewatch.testkit.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// The system's Chromium, which remembers everything a page did that it should not: errors and
/// warnings on the console, breaches of the content security policy, failed requests, requests to
/// any host but the page's own.
///
/// **Thread:** the one that launched it.
public final class StrictBrowser implements AutoCloseable {
    private static final List<Path> PROGRAMS =
            List.of(
                    Path.of("/usr/bin/chromium"),
                    Path.of("/usr/bin/chromium-browser"),
                    Path.of("/usr/bin/google-chrome"));

    /// Nothing but what the test asks for: no update, no account, no traffic of the browser's own.
    private static final List<String> ARGUMENTS =
            List.of(
                    "--no-sandbox", // refused to root, which CI is
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync");

    private static final String TELL_OF_BREACHES =
            "document.addEventListener('securitypolicyviolation', e =>"
                    + " console.error('content security policy: ' + e.violatedDirective + ' ' + e.blockedURI))";

    private final Playwright playwright;
    private final Browser browser;
    private final String host;
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private StrictBrowser(Playwright playwright, Browser browser, String host) {
        this.playwright = playwright;
        this.browser = browser;
        this.host = host;
    }

    /// The browser's program; empty where none is installed.
    public static Optional<Path> program() {
        return PROGRAMS.stream().filter(Files::isExecutable).findFirst();
    }

    /// @param origin the only one whose pages may be asked for, `http://127.0.0.1:8080`
    public static StrictBrowser launch(String origin) {
        Path program =
                program()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "cannot start a browser: none of "
                                                + PROGRAMS
                                                + " is there; install chromium"));
        var playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var browser =
                playwright
                        .chromium()
                        .launch(
                                new BrowserType.LaunchOptions()
                                        .setExecutablePath(program)
                                        .setArgs(ARGUMENTS));
        return new StrictBrowser(playwright, browser, authority(origin));
    }

    /// Opens a page as a user with this language would, with cookies of his own.
    ///
    /// @param locale what the browser asks for, `zh-CN`
    public Page open(String address, String locale) {
        return open(address, user(locale));
    }

    /// The same, to be set further before it is used.
    public Browser.NewContextOptions user(String locale) {
        return new Browser.NewContextOptions()
                .setLocale(locale)
                .setViewportSize(1400, 900)
                .setColorScheme(ColorScheme.LIGHT);
    }

    public Page open(String address, Browser.NewContextOptions user) {
        BrowserContext context = browser.newContext(user);
        context.addInitScript(TELL_OF_BREACHES);
        Page page = context.newPage();
        watch(page);
        page.navigate(address);
        return page;
    }

    /// Ends a user's session, with all pages of it.
    public void leave(Page page) {
        page.context().close();
    }

    private void watch(Page page) {
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.type() + " on the console: " + message.text());
            }
        });
        page.onPageError(error -> complaints.add("uncaught: " + error));
        page.onRequest(this::check);
        page.onRequestFailed(this::failed);
    }

    private void check(Request request) {
        if (!authority(request.url()).equals(host)) {
            complaints.add("request to another host: " + request.url());
        }
    }

    /// A stream that ends because its page is left has not failed.
    private void failed(Request request) {
        if (!request.resourceType().equals("eventsource")) {
            complaints.add("failed: " + request.url() + " " + request.failure());
        }
    }

    private static String authority(String address) {
        return String.valueOf(URI.create(address).getRawAuthority());
    }

    /// What was wrong so far, in order; empty for a page that behaves.
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
