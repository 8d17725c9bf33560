package dev.lethe.ledger.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and who is not, with neither a broker nor a database behind the doors. */
class DoorsTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @TempDir
    static Path folder;

    private static Doors doors;

    private final HttpClient browser = Doors.browser();

    @BeforeAll
    static void start() throws Exception {
        doors = Doors.open(folder);
    }

    @AfterAll
    static void stop() {
        doors.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/requests",
                "/requests/7b0e4f0a-0000-4000-8000-000000000000",
                "/statistics",
                "/stores",
                "/dead-letters",
                "/actions",
                "/events"
            })
    void aProgramWithoutATokenIsToldNothing(String path) throws Exception {
        HttpResponse<String> answer = doors.get(browser, path);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.body()).contains("\"status\":401");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator-operator-operato", "operator-operator-operator-", "", "viewer"})
    void aTokenThatIsAlmostRightIsWrong(String token) throws Exception {
        assertThat(doors.get(browser, "/stores", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(401);
        assertThat(doors.get(browser, "/stores", "Authorization", "Bearer " + Doors.VIEWER)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/requests", "/dead-letters/redrive", "/dead-letters/discard"})
    void aViewersTokenChangesNothing(String path) throws Exception {
        HttpResponse<String> answer = doors.post(
                browser,
                path,
                "{\"key\":\"k\",\"reason\":\"r\",\"userId\":\"u\"}",
                "Authorization",
                "Bearer " + Doors.VIEWER,
                "Content-Type",
                "application/json");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("it takes an operator");
    }

    @Test
    void somebodyWithoutASessionIsSentToSignInAndBackToWhereTheyWanted() throws Exception {
        HttpResponse<String> answer = doors.get(browser, "/console/requests?due=overdue");

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location"))
                .contains("/console/sign-in?to=%2Fconsole%2Frequests%3Fdue%3Doverdue");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "//evil.example",
                "/console/../..//evil.example",
                "/consoles",
                "/console\\\\evil",
                "javascript:alert(1)"
            })
    void signingInLeadsNowhereElse(String to) throws Exception {
        String page = doors.get(
                        browser,
                        "/console/sign-in?to="
                                + java.net.URLEncoder.encode(to, java.nio.charset.StandardCharsets.UTF_8))
                .body();

        assertThat(page).contains("name=\"to\" value=\"/console\"");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1:1",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "X-Nothing, that would tell where it comes from"
    })
    void anotherSitesFormIsRefused(String header, String value) throws Exception {
        HttpResponse<String> answer =
                doors.post(browser, "/console/sign-in", "token=" + Doors.OPERATOR, "Content-Type", FORM, header, value);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void anUnknownTokenIsRefusedOnThePageWithoutRepeatingIt() throws Exception {
        HttpResponse<String> answer = doors.post(
                browser,
                "/console/sign-in",
                "token=not-a-token-of-anybody",
                "Content-Type",
                FORM,
                "Sec-Fetch-Site",
                "same-origin");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("That token is not known here.").doesNotContain("not-a-token-of-anybody");
    }

    @Test
    void whileNothingCanBeNotedNobodySignsIn() throws Exception {
        HttpResponse<String> answer = doors.post(
                browser,
                "/console/sign-in",
                "token=" + Doors.OPERATOR,
                "Content-Type",
                FORM,
                "Sec-Fetch-Site",
                "same-origin");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(answer.body()).contains("Kafka does not answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/console/sign-in", "/stores", "/nothing", "/console/nothing", "/openapi.json"})
    void everyAnswerForbidsWhatNoPageNeeds(String path) throws Exception {
        HttpResponse<String> answer = doors.get(browser, path);

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*", "data:");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void noPageHasAScriptOrAStyleInIt() throws Exception {
        String page = doors.get(browser, "/console/sign-in").body();

        assertThat(page)
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContain("<style", " style=")
                .doesNotContainPattern(" on[a-z]+=");
        assertThat(page).containsPattern("href=\"/console/assets/console\\.css\\?v=[0-9a-f]{16}\"");
    }

    @Test
    void filesOfTheConsoleAreKeptForGood() throws Exception {
        HttpResponse<String> style = doors.get(browser, "/console/assets/console.css");

        assertThat(style.statusCode()).isEqualTo(200);
        assertThat(style.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("immutable"));
        assertThat(doors.get(browser, "/console/assets/..%2FConsole.class").statusCode())
                .isIn(400, 404);
    }

    @Test
    void whatIsWrongWithADocumentIsSaidAtOnceAndNeverRepeated() throws Exception {
        HttpResponse<String> answer = doors.post(
                browser,
                "/requests",
                "{\"tenantId\":5,\"identifiers\":{\"email\":[\"\"]},\"someone\":\"alice@example.com\"}",
                "Authorization",
                "Bearer " + Doors.OPERATOR,
                "Content-Type",
                "application/json");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains("\"/userId\"", "\"/tenantId\"", "\"/identifiers/email/0\"", "\"/someone\"")
                .doesNotContain("alice");
    }

    @Test
    void aRequestIsNotAcknowledgedWhileItCannotBeNotedAndCommitted() throws Exception {
        HttpResponse<String> answer = doors.post(
                browser,
                "/requests",
                "{\"userId\":\"u\"}",
                "Authorization",
                "Bearer " + Doors.OPERATOR,
                "Content-Type",
                "application/json");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
}
