package dev.lethe.quickstart.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import dev.lethe.events.TopicDefinition;
import dev.lethe.ingress.Ingress;
import dev.lethe.keys.KeyFile;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.certificate.Verification;
import dev.lethe.ledger.keys.PublicKeys;
import dev.lethe.quickstart.FusionAuthApi;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LeakSearch;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.worker.app.Worker;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a browser, on a whole installation. What every page looks like is in {@code target/screenshots}. */
@Tag("thorough")
class ConsoleIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String PASSWORD = "correct horse battery staple";
    private static final String REDRIVE = "a[href*='/redrive']";
    private static final String DISCARD = "a[href*='/discard']";

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Ingress ingress;
    private static Worker worker;
    private static Ledger ledger;
    private static Chromium chromium;
    private static int next;

    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 40, Progress.SILENT);
        Files.writeString(
                installation.workerConfigFile(), "retries: { delay: PT1S, maxAge: PT2S }\n", StandardOpenOption.APPEND);
        installation.signInWithFusionAuth();
        Path ledgerFile = installation.ledgerConfigFile();
        Files.writeString(ledgerFile, Files.readString(ledgerFile).replace("lanes: {", "lanes: { retryDelay: PT1S,"));
        ingress = installation.startIngress();
        worker = installation.startWorker();
        ledger = installation.startLedger();
        Installation.awaitReady(ingress, worker);
        Installation.awaitReady(ledger);
        chromium = new Chromium();
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
    }

    @AfterAll
    static void stop() {
        chromium.close();
        ledger.close();
        worker.close();
        ingress.close();
        installation.close();
    }

    @BeforeEach
    void open() {
        context = chromium.somebody(ColorScheme.LIGHT);
        page = context.newPage();
    }

    @AfterEach
    void shut() {
        context.close();
        assertThat(chromium.complaints()).as("what pages complained of").isEmpty();
    }

    @Test
    void aDeletionAppearsByItselfItsTimelineCompletesAndItsCertificateVerifies() throws Exception {
        Person person = somebody();
        signIn(page, installation.operatorToken());
        Locator rows = page.locator("#overview-latest tbody tr");
        int before = rows.count();

        delete(person);

        // Nobody touches the page: it says so by itself.
        assertThat(rows).hasCount(before + 1);
        rows.first().locator("a").click();
        assertThat(page.getByText("Completed after")).isVisible();
        assertThat(page.locator(".timeline")).containsText("Erasure requested");
        assertThat(page.locator(".timeline")).containsText("shop: erased");
        assertThat(page.locator(".timeline")).containsText("support: erased");
        assertThat(page.locator(".timeline")).containsText("customers: 1 deleted");

        page.getByText("Certificate", new Page.GetByTextOptions().setExact(true))
                .click();
        assertThat(page.locator("h1")).hasText("Certificate of erasure");
        Download file =
                page.waitForDownload(() -> page.getByText("Signed file", new Page.GetByTextOptions().setExact(true))
                        .click());
        Verification verified = Verification.of(
                Files.readAllBytes(file.path()), PublicKeys.load(installation.ledgerPublicKeys()), Optional.empty());
        assertThat(verified.certificate().claims().stores())
                .extracting(store -> store.store())
                .containsExactly("shop", "support");
        assertThat(verified.certificate().claims().subjectKey().value()).isEqualTo(subjectKeyOf(person));
    }

    @Test
    void aPersonIsFoundByTheirIdsWhichStandNowhereAfterwards() throws Exception {
        Person person = somebody();
        delete(person);
        signIn(page, installation.viewerToken());
        page.navigate(address("/console/requests"));

        page.getByLabel("User id").fill(person.id().toString());
        page.getByLabel("Tenant id").fill(Installation.TENANT.toString());
        page.getByText("Find", new Page.GetByTextOptions().setExact(true)).click();

        assertThat(page.locator("#requests-list tbody tr")).hasCount(1);
        assertThat(page.url())
                .contains("subject=" + subjectKeyOf(person))
                .doesNotContain(person.id().toString());
        assertThat(page.content()).doesNotContain(person.id().toString());
    }

    @Test
    void aDeadLetterIsRedrivenFromThePage() throws Exception {
        Person person = somebody();
        refuse(person);
        delete(person);
        signIn(page, installation.operatorToken());
        page.navigate(address("/console/dead-letters"));
        Locator row = rowOfDeadLetter(person);
        assertThat(row).isVisible();
        assertThat(row).containsText("A trigger or function of the database raised");
        noLongerRefuse(person);

        row.locator(REDRIVE).click();
        assertThat(page.locator("dialog[open]")).containsText("Send this back to shop?");
        page.locator("dialog[open] button.primary").click();

        assertThat(page.getByText("Sent back. The store tries again")).isVisible();
        assertThat(rowOfDeadLetter(person)).isHidden();
        assertThat(rowsOf(person)).isZero();
        page.navigate(address("/console/activity"));
        assertThat(page.locator("tbody tr", new Page.LocatorOptions().setHasText("Sent a dead letter back"))
                        .first())
                .containsText("operator");
    }

    @Test
    void aDeadLetterIsDiscardedWithAReasonThatNamesNobody() throws Exception {
        Person person = somebody();
        refuse(person);
        delete(person);
        signIn(page, installation.operatorToken());
        page.navigate(address("/console/dead-letters"));
        Locator row = rowOfDeadLetter(person);
        assertThat(row).isVisible();

        row.locator(DISCARD).click();
        page.locator("dialog[open] textarea").fill("as " + person.email() + " wanted");
        page.locator("dialog[open] button.danger").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("must not hold an e-mail address");
        page.locator("textarea").fill("erased by hand, ticket 4711");
        page.locator("button.danger").click();

        assertThat(page.getByText("Given up, with your reason.")).isVisible();
        assertThat(rowOfDeadLetter(person)).isHidden();
        page.navigate(address("/console/requests?subject=" + subjectKeyOf(person)));
        page.locator("#requests-list tbody a").first().click();
        assertThat(page.locator(".timeline")).containsText("Reason: erased by hand, ticket 4711");
        noLongerRefuse(person);
    }

    @Test
    void anErasureIsRequestedOnThePage() throws Exception {
        Person person = somebody();
        signIn(page, installation.operatorToken());
        page.navigate(address("/console/requests"));
        page.getByText("New request", new Page.GetByTextOptions().setExact(true))
                .click();

        page.getByLabel("User id").fill(person.id().toString());
        page.getByLabel("Tenant id").fill(Installation.TENANT.toString());
        page.getByText("Request the erasure").click();

        assertThat(page.getByText("The erasure is requested")).isVisible();
        assertThat(page.locator("#requests-list tbody tr")).containsText("Completed");
        assertThat(rowsOf(person)).isZero();
    }

    @Test
    void peopleSignInWithFusionAuthAndMayWhatTheirRoleThereSays() throws Exception {
        String operator = employee("operator");
        signInWithFusionAuth(page, operator, PASSWORD);
        assertThat(page.locator(".who")).containsText("operator");
        page.getByText("Sign out").click();
        assertThat(page.getByText("You are signed out.")).isVisible();

        String viewer = employee("viewer");
        signInWithFusionAuth(page, viewer, PASSWORD);
        assertThat(page.locator(".who")).containsText("viewer");
        page.navigate(address("/console/activity"));
        assertThat(page.locator("tbody tr", new Page.LocatorOptions().setHasText("Signed in"))
                        .first())
                .isVisible();
        assertThat(page.locator("#actions-list").textContent())
                .as("what the ledger keeps of its readers")
                .doesNotContain(operator, viewer);
    }

    @Test
    void whoHasNoRoleOrComesBackWithAnothersAnswerIsNotLetIn() throws Exception {
        signInWithFusionAuth(page, employee("guest"), PASSWORD);
        assertThat(page.getByText("You are known, but have no role here.")).isVisible();

        page.navigate(address("/console/sign-in/callback?code=stolen&state=guessed"));
        assertThat(page.getByText("This sign-in has not begun in this browser")).isVisible();

        page.navigate(address("/console/sign-in/openid"));
        page.navigate(address("/console/sign-in/callback?code=stolen&state=guessed"));
        assertThat(page.getByText("This is the answer to another sign-in.")).isVisible();
        page.navigate(address("/console"));
        assertThat(page.locator("h1")).hasText("Sign in");
    }

    @Test
    void aViewerSeesEverythingAndChangesNothing() throws Exception {
        Person person = somebody();
        refuse(person);
        delete(person);
        signIn(page, installation.viewerToken());
        page.navigate(address("/console/dead-letters"));
        assertThat(rowOfDeadLetter(person)).isVisible();
        String key = rowOfDeadLetter(person).getAttribute("data-row");

        assertThat(page.locator(REDRIVE)).hasCount(0);
        assertThat(page.locator(DISCARD)).hasCount(0);
        assertThat(statusOfPost("/console/dead-letters/discard", key)).isEqualTo(403);
        assertThat(statusOfPost("/console/dead-letters/redrive", key)).isEqualTo(403);
        assertThat(statusOfPost("/console/requests", key)).isEqualTo(403);
        page.reload();
        assertThat(rowOfDeadLetter(person)).isVisible();
        noLongerRefuse(person);
    }

    @Test
    void anotherSitesPageChangesNothingInSomebodysName() throws Exception {
        Person person = somebody();
        refuse(person);
        delete(person);
        signIn(page, installation.operatorToken());
        page.navigate(address("/console/dead-letters"));
        assertThat(rowOfDeadLetter(person)).isVisible();
        String key = rowOfDeadLetter(person).getAttribute("data-row");
        String csrf = page.locator("input[name=csrf]").first().inputValue();

        // Even one that has learnt the token of the operator's forms; and from the same site, to which cookies are
        // sent.
        for (String host : List.of("localhost", "127.0.0.1")) {
            HttpServer attacker = attacker(host, key, csrf);
            try {
                Page lured = context.newPage();
                Response answer = lured.waitForResponse(
                        response -> response.request().method().equals("POST"),
                        () -> lured.navigate(
                                "http://" + host + ":" + attacker.getAddress().getPort() + "/"));
                assertThat(answer.status()).as("from %s", host).isIn(303, 403);
                lured.close();
            } finally {
                attacker.stop(0);
            }
        }
        page.reload();
        assertThat(rowOfDeadLetter(person)).isVisible();
        noLongerRefuse(person);
    }

    @Test
    void nobodysNameIsOnAnyPageOrInAnyAnswer() throws Exception {
        Person person = somebody();
        Person refused = somebody();
        refuse(refused);
        delete(person);
        delete(refused);
        String request = eventIdOf(person);
        signIn(page, installation.operatorToken());
        page.navigate(address("/console/dead-letters"));
        assertThat(rowOfDeadLetter(refused)).isVisible();
        page.navigate(address("/console/requests/" + request));
        assertThat(page.getByText("Completed after")).isVisible();
        LeakSearch search = LeakSearch.forEverybody(installation.people());
        List<String> paths = new ArrayList<>(LeakSearch.pages(request));
        paths.add("/console/requests?subject=" + subjectKeyOf(person));

        for (String path : paths) {
            APIResponse answer = context.request().get(address(path));
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.text()).as(path).isNotBlank();
            search.inText(path, answer.text())
                    .inText("headers of " + path, answer.headers().toString());
        }
        noLongerRefuse(refused);

        assertThat(search.leaks()).isEmpty();
    }

    @Test
    void everyPageIsThereInLightAndDarkAndKeepsNobodyOut() throws Exception {
        Person person = somebody();
        Person refused = somebody();
        refuse(refused);
        delete(person);
        delete(refused);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (BrowserContext somebody = chromium.somebody(scheme)) {
                Page shown = somebody.newPage();
                shown.navigate(address("/console"));
                chromium.look(shown, "sign-in", scheme);
                signIn(shown, installation.operatorToken());
                shown.navigate(address("/console/dead-letters"));
                assertThat(shown.locator("tbody tr").first()).isVisible();
                chromium.look(shown, "dead-letters", scheme);
                shown.locator(DISCARD).first().click();
                chromium.look(shown, "discard", scheme);
                for (String path : List.of("", "/requests", "/requests/new", "/stores", "/activity", "/nothing-here")) {
                    shown.navigate(address("/console" + path));
                    assertThat(shown.locator("h1")).isVisible();
                    chromium.look(
                            shown,
                            path.isEmpty() ? "overview" : path.substring(1).replace('/', '-'),
                            scheme);
                }
                shown.navigate(address("/console/requests?subject=" + subjectKeyOf(person)));
                chromium.look(shown, "person", scheme);
                shown.locator("#requests-list tbody a").first().click();
                assertThat(shown.getByText("Completed after")).isVisible();
                chromium.look(shown, "request", scheme);
                shown.getByText("Certificate", new Page.GetByTextOptions().setExact(true))
                        .click();
                chromium.look(shown, "certificate", scheme);
            }
        }
        noLongerRefuse(refused);
    }

    private static synchronized Person somebody() {
        return installation.people().get(next++);
    }

    private static String address(String path) {
        return installation.consoleUrl() + path;
    }

    private static void signIn(Page page, String token) {
        page.navigate(address("/console"));
        page.getByLabel("Access token").fill(token);
        page.locator("form[action='/console/sign-in'] button").click();
        assertThat(page.locator("h1")).hasText("Overview");
    }

    /** Somebody who works here, with a role in FusionAuth. */
    private static String employee(String role) throws Exception {
        String email = role + "-" + next++ + "@staff.example";
        new FusionAuthApi(installation.fusionAuth())
                .registerUser(UUID.randomUUID(), email, PASSWORD, Installation.CONSOLE, List.of(role));
        return email;
    }

    private static void signInWithFusionAuth(Page page, String email, String password) {
        page.navigate(address("/console"));
        page.getByText("Sign in with your account").click();
        page.getByLabel("Email or username").fill(email);
        page.getByLabel("Password").fill(password);
        page.getByText("Submit").click();
    }

    private static void delete(Person person) throws Exception {
        assertThat(new FusionAuthApi(installation.fusionAuth()).deleteUser(person.id()))
                .isEqualTo(200);
    }

    private Locator rowOfDeadLetter(Person person) throws Exception {
        return page.locator("#dead-letters-list tbody tr[data-row='" + eventIdOf(person) + "/shop']");
    }

    /** The request's id is FusionAuth's event's, which the log alone tells. */
    private static String eventIdOf(Person person) throws Exception {
        return Log.requestOf(
                installation.kafka().bootstrapServers(), TopicDefinition.REQUESTS, subjectKeyOf(person), PATIENCE);
    }

    private int statusOfPost(String path, String key) {
        return (int) page.evaluate(
                "([path, key]) => fetch(path, { method: 'POST', redirect: 'manual', body: new URLSearchParams({"
                        + " csrf: document.querySelector('input[name=csrf]').value, key, reason: 'because' }) })"
                        + ".then(answer => answer.status)",
                List.of(path, key));
    }

    private static HttpServer attacker(String host, String key, String csrf) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, 0), 0);
        byte[] lure = """
                <!doctype html><form method="post" action="%s">
                <input name="key" value="%s"><input name="csrf" value="%s"><input name="reason" value="none">
                </form><script>document.forms[0].submit()</script>""".formatted(address("/console/dead-letters/discard"), key, csrf)
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, lure.length);
            try (var body = exchange.getResponseBody()) {
                body.write(lure);
            }
        });
        server.start();
        return server;
    }

    private static String subjectKeyOf(Person person) throws Exception {
        return KeyFile.load(installation.keys())
                .subjectKey(Installation.TENANT.toString(), person.id().toString())
                .value();
    }

    private static long rowsOf(Person person) throws Exception {
        return installation.databases().get("shop").itemsOf(person.id()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static void refuse(Person person) throws Exception {
        execute("""
                CREATE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
                CREATE TRIGGER %1$s BEFORE DELETE ON customers FOR EACH ROW
                    WHEN (OLD.id = '%2$s') EXECUTE FUNCTION %1$s();
                """.formatted(triggerOf(person), person.id()));
    }

    private static void noLongerRefuse(Person person) throws Exception {
        execute("DROP TRIGGER IF EXISTS %s ON customers".formatted(triggerOf(person)));
    }

    private static String triggerOf(Person person) {
        return "refuse_" + person.id().toString().replace("-", "");
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = installation.postgres().dataSource("shop").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
