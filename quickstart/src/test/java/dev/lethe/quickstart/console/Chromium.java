package dev.lethe.quickstart.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The system's Chromium, without a window. Where there is none, tests fail: nobody has looked. {@code -Dlethe.test.chromium=FILE} names one
 * that is somewhere else.
 */
final class Chromium implements AutoCloseable {
    private static final Path SHOTS = Path.of("target", "screenshots");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 860;
    private static final int PATIENCE_MILLIS = 60_000;

    private final Playwright playwright;
    private final Browser browser;
    /** What pages complained of: a policy that was broken, a script that failed. */
    private final List<String> complaints = new ArrayList<>();

    Chromium() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable())
                        // Whoever builds in a container is root there, for whom Chromium has no sandbox.
                        .setChromiumSandbox(false));
    }

    private static Path executable() {
        String named = System.getProperty("lethe.test.chromium");
        return Stream.of(
                        named,
                        "/usr/bin/chromium",
                        "/usr/bin/chromium-browser",
                        "/usr/bin/google-chrome",
                        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
                .filter(path -> path != null && Files.isExecutable(Path.of(path)))
                .map(Path::of)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "there is no Chromium: install it (apt-get install chromium), or name it with -Dlethe.test.chromium=FILE"));
    }

    /** Somebody's browser, which knows nothing of anybody else's. */
    BrowserContext somebody(ColorScheme scheme) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(WIDTH, HEIGHT)
                .setAcceptDownloads(true));
        // A machine that has much else to do is slow.
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("the server responded with a status of")) {
                complaints.add(message.text());
            }
        });
        context.onWebError(error -> complaints.add(error.error()));
        return context;
    }

    List<String> complaints() {
        return complaints;
    }

    /** Keeps what the page looks like, and demands that nobody is kept out by it. */
    void look(Page page, String name, ColorScheme scheme) {
        String file = name + "-" + scheme.name().toLowerCase(Locale.ROOT);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SHOTS.resolve(file + ".png"))
                .setFullPage(page.locator("dialog[open]").count() == 0));
        List<Rule> violations = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule ->
                                Set.of("serious", "critical", "moderate").contains(rule.getImpact()))
                        .toList();
        assertThat(violations)
                .as("what keeps people out of %s", file)
                .extracting(rule -> rule.getId() + " (" + rule.getImpact() + "): "
                        + rule.getNodes().stream().map(node -> node.getHtml()).toList())
                .isEmpty();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
