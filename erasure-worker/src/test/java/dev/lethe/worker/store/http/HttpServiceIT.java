package dev.lethe.worker.store.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.http.NewsService.Reply;
import dev.lethe.worker.store.http.NewsService.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service may answer, and what it is told. */
class HttpServiceIT {
    private static final Instant NOW = Instant.now();
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final String SIGNED = "secret: " + NewsService.SECRET + "\n";
    private static final String COUNTED = "targets: [subscriptions, surveys]\n";

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private NewsService service;

    @BeforeEach
    void start() {
        service = new NewsService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aRequestTellsWhoIsToBeErasedAndWhy() throws Exception {
        var occasion = new Occasion(
                "8c1f6f3e-7a1d-4bb0-9a53-0d8f5b0c6b1a/erase", Instant.parse("2026-11-25T12:00:00Z"), TRACE);
        try (ErasureStore store = open(SIGNED + COUNTED + "optionalIdentifiers: [email, phone]\n")) {
            store.erase(List.of(subject(1)), List.of(occasion));
        }

        Request request = service.erasures().getFirst();
        assertThat(request.json()).isEqualTo(new ObjectMapper().readTree("""
                        {"type": "erasure", "subjects": [{
                          "key": "0000000000000000000001",
                          "identifiers": {"userId": ["user-1"], "email": ["user-1@example.org", "u1@example.org"]},
                          "id": "8c1f6f3e-7a1d-4bb0-9a53-0d8f5b0c6b1a/erase",
                          "requestedAt": "2026-11-25T12:00:00Z",
                          "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}]}
                        """));
        assertThat(request.header("traceparent")).isEqualTo(TRACE);
        assertThat(request.header("webhook-id")).isEqualTo(occasion.id());
        assertThat(request.header("Idempotency-Key")).isEqualTo('"' + occasion.id() + '"');
        assertThat(request.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void aRetryOfTheSameBatchHasTheSameKeyAndAnotherSignature() throws Exception {
        List<Subject> batch = List.of(subject(1), subject(2));
        List<Occasion> occasions = List.of(new Occasion("a/erase", NOW, TRACE), new Occasion("b/erase", NOW, null));
        try (ErasureStore store = open(SIGNED + COUNTED + "mode: batch\n")) {
            store.erase(batch, occasions);
            now.set(NOW.plusSeconds(60));
            store.erase(batch, occasions);
            store.erase(batch, List.of(new Occasion("a/replay-1", NOW, null), occasions.get(1)));
        }

        List<Request> requests = service.erasures();
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0).header("webhook-id"))
                .isEqualTo(requests.get(1).header("webhook-id"))
                .isNotEqualTo(requests.get(2).header("webhook-id"));
        assertThat(requests.get(0).header("webhook-signature"))
                .isNotEqualTo(requests.get(1).header("webhook-signature"));
        assertThat(requests.get(0).header("traceparent"))
                .as("not of all of them")
                .isNull();
    }

    @Test
    void whileOneSecretReplacesAnotherBothSign() throws Exception {
        try (ErasureStore store =
                open("secret: [" + NewsService.FORMER_SECRET + ", " + NewsService.SECRET + "]\n" + COUNTED)) {
            store.erase(List.of(subject(1)));
        }

        assertThat(service.erasures().getFirst().header("webhook-signature")).matches("v1,\\S+ v1,\\S+");
    }

    @ParameterizedTest
    @CsvSource({
        "408,OVERLOADED",
        "425,OVERLOADED",
        "429,OVERLOADED",
        "503,OVERLOADED",
        "500,FAILING",
        "501,FAILING",
        "502,UNREACHABLE",
        "504,UNREACHABLE",
        "401,UNAUTHENTICATED",
        "403,UNAUTHENTICATED",
        "404,MISCONFIGURED",
        "405,MISCONFIGURED",
        "302,MISCONFIGURED",
        "307,MISCONFIGURED"
    })
    void anAnswerThatIsNotTheSubjectsMakesTheStoreUnavailable(int status, String code) throws Exception {
        service.script(
                request -> isProbe(request) ? null : Reply.of(status).with("Location", "http://127.0.0.1:1/elsewhere"));

        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(unavailable(store).code()).isEqualTo(code);
        }
    }

    @Test
    void aSubjectThatIsRefusedFailsAloneAndTheOthersAreErased() throws Exception {
        service.subscribe("user-5@example.org");
        service.script(request -> request.body().contains("\"user-3\"") ? Reply.of(422, "user-3 is odd") : null);
        List<Subject> batch =
                IntStream.range(0, 8).mapToObj(HttpServiceIT::subject).toList();

        try (ErasureStore store = open(SIGNED + COUNTED + "mode: batch\nidentifiers: [userId, email]\n")) {
            List<StoreResult> results = store.erase(batch);

            assertThat(results.get(3)).isEqualTo(new StoreResult.Failed("HTTP_422"));
            assertThat(results.get(5))
                    .isEqualTo(new StoreResult.Settled(
                            List.of(TargetOutcome.deleted("subscriptions", 1), TargetOutcome.deleted("surveys", 0))));
            assertThat(results)
                    .filteredOn(StoreResult.Settled.class::isInstance)
                    .hasSize(7);
        }
    }

    @Test
    void aServiceThatAsksToBeLeftAloneIsLeftAlone() throws Exception {
        service.script(request -> isProbe(request) ? null : Reply.of(429).with("Retry-After", "120"));

        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(unavailable(store).retryAfter()).isEqualTo(Duration.ofMinutes(2));
            int before = service.requests().size();
            now.set(NOW.plusSeconds(90));
            assertThat(unavailable(store).retryAfter()).isEqualTo(Duration.ofSeconds(30));
            assertThat(service.requests()).hasSize(before);

            service.script(request -> null);
            now.set(NOW.plusSeconds(120));
            assertThat(store.erase(List.of(subject(1)))).hasSize(1);
        }
    }

    @Test
    void itMayAlsoNameTheDate() throws Exception {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(NOW.plusSeconds(600).atOffset(ZoneOffset.UTC));
        service.script(request -> isProbe(request) ? null : Reply.of(503).with("Retry-After", date));

        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(unavailable(store).retryAfter()).isBetween(Duration.ofSeconds(598), Duration.ofSeconds(600));
        }
    }

    @Test
    void notFoundIsAbsentOnlyWhereTheConfigurationSaysSo() throws Exception {
        service.script(request -> isProbe(request) ? null : Reply.of(404));

        try (ErasureStore store = open(SIGNED + COUNTED + "notFound: absent\n")) {
            assertThat(store.erase(List.of(subject(1))))
                    .containsExactly(new StoreResult.Settled(
                            List.of(TargetOutcome.deleted("subscriptions", 0), TargetOutcome.deleted("surveys", 0))));
        }
    }

    @Test
    void aWrongAddressIsNotTakenForAbsence() throws Exception {
        try (ErasureStore store = open("/erazures", SIGNED + COUNTED + "notFound: absent\n")) {
            assertThat(unavailable(store).code()).isEqualTo("MISCONFIGURED");
        }
    }

    @Test
    void acceptedWorkIsFollowedToItsEnd() throws Exception {
        var looks = new AtomicInteger();
        service.script(request -> switch (request.path()) {
            case "/erasures" ->
                isProbe(request)
                        ? null
                        : Reply.of(202).with("Location", "/jobs/7").with("Retry-After", "0");
            case "/jobs/7" ->
                looks.incrementAndGet() < 3
                        ? Reply.of(200, "{\"status\":\"in_progress\"}").with("Retry-After", "0")
                        : Reply.of(200, """
                                {"status":"completed","results":[
                                  {"key":"0000000000000000000001","items":{"subscriptions":2,"surveys":0}}]}
                                """);
            default -> null;
        });

        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(store.erase(List.of(subject(1))))
                    .containsExactly(new StoreResult.Settled(
                            List.of(TargetOutcome.deleted("subscriptions", 2), TargetOutcome.deleted("surveys", 0))));
        }
        assertThat(looks).hasValue(3);
    }

    @Test
    void workThatTakesLongerIsScheduled() throws Exception {
        service.script(request -> switch (request.path()) {
            case "/erasures" ->
                isProbe(request)
                        ? null
                        : Reply.of(202, "{\"statusUrl\":\"jobs/7\",\"completesBy\":\"2026-12-24T12:00:00Z\"}");
            case "/jobs/7" -> Reply.of(202, "{\"status\":\"pending\",\"completesBy\":\"2026-12-25T12:00:00Z\"}");
            default -> null;
        });

        try (ErasureStore store = open(SIGNED + COUNTED + "polling: { interval: PT0.01S, most: PT0.1S }\n")) {
            assertThat(store.erase(List.of(subject(1))))
                    .containsExactly(new StoreResult.Settled(
                            List.of(TargetOutcome.scheduled("request", 1, Instant.parse("2026-12-25T12:00:00Z")))));
        }
    }

    @Test
    void workThatIsCancelledIsTheSubjectsFailure() throws Exception {
        service.script(request -> switch (request.path()) {
            case "/erasures" -> isProbe(request) ? null : Reply.of(202).with("Location", "/jobs/7");
            case "/jobs/7" -> Reply.of(200, "{\"status\":\"cancelled\"}");
            default -> null;
        });

        try (ErasureStore store = open(SIGNED + COUNTED + "polling: { interval: PT0.01S }\n")) {
            assertThat(store.erase(List.of(subject(1)))).containsExactly(new StoreResult.Failed("CANCELLED"));
        }
    }

    @Test
    void noCredentialsGoToAStatusAtAnotherHost() throws Exception {
        service.script(
                request -> isProbe(request) ? null : Reply.of(202).with("Location", "http://127.0.0.1:1/jobs/7"));

        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(unavailable(store).code()).isEqualTo("MISCONFIGURED");
        }
    }

    @Test
    void anAnswerWithoutACountIsNoAnswer() throws Exception {
        service.script(request -> isProbe(request) ? null : Reply.of(200, """
                {"results":[{"key":"0000000000000000000001","items":{"subscriptions":2}}]}
                """));

        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(unavailable(store)).hasMessageContaining("surveys");
        }
    }

    @Test
    void aServiceThatCountsNothingHasDoneARequest() throws Exception {
        service.script(request -> Reply.of(204));

        try (ErasureStore store = open(SIGNED + "readBack: none\n")) {
            assertThat(store.erase(List.of(subject(1))))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.deleted("request", 1))));
            assertThat(catchThrowableOfType(StoreFailureException.class, () -> store.count(List.of(subject(1))))
                            .code())
                    .isEqualTo("NO_READ_BACK");
            assertThat(store.plan().warnings()).anyMatch(warning -> warning.contains("readBack is none"));
        }
    }

    @Test
    void whoLacksAnIdentifierIsUnresolvedAndNotAskedFor() throws Exception {
        try (ErasureStore store = open(SIGNED + COUNTED + "identifiers: [userId, phone]\n")) {
            assertThat(store.erase(List.of(subject(1)))).containsExactly(new StoreResult.Unresolved("UNRESOLVED"));
        }
        assertThat(service.erasures()).isEmpty();
    }

    @Test
    void halfACharacterIsNoIdentifier() throws Exception {
        var half = new Subject(new SubjectKey("0000000000000000000001"), "ada\ud83e", null, Map.of());
        try (ErasureStore store = open(SIGNED + COUNTED)) {
            assertThat(store.erase(List.of(half))).containsExactly(new StoreResult.Unresolved("INVALID_IDENTIFIER"));
        }
    }

    @Test
    void noMoreRequestsAreUnderWayThanAllowed() throws Exception {
        List<Subject> batch =
                IntStream.range(0, 40).mapToObj(HttpServiceIT::subject).toList();
        // Nobody is answered before as many are there as are allowed.
        var allowed = new CountDownLatch(3);
        service.script(request -> {
            if (!isProbe(request)) {
                allowed.countDown();
                try {
                    assertThat(allowed.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    return Reply.of(500);
                }
            }
            return null;
        });

        try (ErasureStore store = open(SIGNED + COUNTED + "concurrency: 3\n")) {
            assertThat(store.erase(batch)).hasSize(40);
        }

        assertThat(service.mostUnderWay()).isEqualTo(3);
    }

    @Test
    void aServiceThatHangsIsUnreachable() throws Exception {
        service.script(request -> {
            if (!isProbe(request)) {
                try {
                    Thread.currentThread().join();
                } catch (InterruptedException e) {
                    return Reply.of(500);
                }
            }
            return null;
        });

        try (ErasureStore store = open(SIGNED + COUNTED + "requestTimeout: PT0.5S\n")) {
            assertThat(unavailable(store).code()).isEqualTo("UNREACHABLE");
        }
    }

    @Test
    void anApiKeyIsInEveryRequest() throws Exception {
        service.script(request -> "k3y".equals(request.header("X-Api-Key")) ? Reply.of(204) : Reply.of(401));

        try (ErasureStore store = open("apiKey: { header: X-Api-Key, value: k3y }\nreadBack: none\n")) {
            assertThat(store.erase(List.of(subject(1)))).hasSize(1);
        }
    }

    @Test
    void anAccessTokenIsKeptAndReplacedWhenItExpiresOrIsRefused() throws Exception {
        var issued = new AtomicInteger();
        var accepted = new AtomicInteger(1);
        service.script(request -> {
            if (request.path().equals("/token")) {
                assertThat(request.body()).isEqualTo("grant_type=client_credentials&scope=erase+all");
                // RFC 6749, section 2.3.1: lethe:s3:cret, each encoded like a form first.
                assertThat(request.header("Authorization")).isEqualTo("Basic bGV0aGU6czMlM0FjcmV0");
                return Reply.of(200, "{\"access_token\":\"t" + issued.incrementAndGet() + "\",\"expires_in\":300}");
            }
            return ("Bearer t" + accepted).equals(request.header("Authorization")) ? Reply.of(204) : Reply.of(401);
        });

        try (ErasureStore store = open("readBack: none\noauth2: { tokenUrl: \"" + service.url("/token")
                + "\", clientId: lethe, clientSecret: \"s3:cret\", scope: erase all }\n")) {
            store.erase(List.of(subject(1), subject(2), subject(3)));
            assertThat(issued).hasValue(1);

            now.set(NOW.plusSeconds(271));
            accepted.set(2);
            store.erase(List.of(subject(1)));
            assertThat(issued).as("shortly before it expires").hasValue(2);

            accepted.set(3);
            store.erase(List.of(subject(1)));
            assertThat(issued).as("once it is refused").hasValue(3);

            accepted.set(9);
            assertThat(unavailable(store).code()).isEqualTo("UNAUTHENTICATED");
            assertThat(issued).as("once per request, no more").hasValue(4);
        }
    }

    @Test
    void wrongClientCredentialsAreSaidToBeWrong() throws Exception {
        service.script(
                request -> request.path().equals("/token") ? Reply.of(401, "{\"error\":\"invalid_client\"}") : null);

        try (ErasureStore store = open(COUNTED + "oauth2: { tokenUrl: \"" + service.url("/token")
                + "\", clientId: lethe, clientSecret: guessed }\n")) {
            assertThat(unavailable(store))
                    .hasMessageContaining("oauth2.clientId")
                    .hasMessageNotContaining("guessed");
        }
    }

    @Test
    void connectionsAreKept() throws Exception {
        try (ErasureStore store = open(SIGNED + COUNTED)) {
            for (int i = 0; i < 20; i++) {
                store.erase(List.of(subject(i)));
            }
        }

        assertThat(service.connections()).isLessThanOrEqualTo(2);
    }

    private StoreUnavailableException unavailable(ErasureStore store) {
        var thrown = catchThrowableOfType(StoreUnavailableException.class, () -> store.erase(List.of(subject(1))));
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static boolean isProbe(Request request) {
        return !request.method().equals("POST")
                || request.json().path("subjects").isEmpty();
    }

    private ErasureStore open(String yaml) {
        return open("/erasures", yaml);
    }

    private ErasureStore open(String path, String yaml) {
        String readBack = yaml.contains("readBack:") ? "" : "readBack: " + service.url("/counts") + "\n";
        try {
            HttpStoreConfig config = ConfigFile.parse(
                            "news",
                            "url: " + service.url(path) + "\n" + readBack + yaml,
                            Map.of(),
                            HttpStoreConfig::read)
                    .config();
            InstantSource clock = now::get;
            return HttpStoreFactory.open("news", config, clock);
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    private static Subject subject(int n) {
        String email = "user-" + n + "@example.org";
        return new Subject(
                new SubjectKey("%022d".formatted(n)),
                "user-" + n,
                null,
                Map.of("email", List.of(email, "u" + n + "@example.org")));
    }
}
