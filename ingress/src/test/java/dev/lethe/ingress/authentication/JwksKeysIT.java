package dev.lethe.ingress.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("thorough")
@Timeout(30)
class JwksKeysIT {
    private static final SigningKey OLD = SigningKey.rsa("old");
    private static final SigningKey NEW = SigningKey.ec("new");
    private static final SigningKey FOREIGN = SigningKey.ed("foreign");
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private PublishedKeys published;

    @BeforeEach
    void publish() throws IOException {
        published = new PublishedKeys();
        published.list(OLD, FOREIGN);
    }

    @AfterEach
    void close() {
        published.close();
    }

    @Test
    void theAllowedKeysAreFetchedAhead() {
        try (JwksKeys keys = fetched()) {
            assertThat(keys.find("old")).isPresent();
            assertThat(keys.find("foreign")).isEmpty();
            assertThat(published.requests()).isZero();
        }
    }

    @Test
    void theStartDoesNotWaitForThemAndTheFirstCallDoes() throws InterruptedException {
        var release = new CountDownLatch(1);
        published.answer(exchange -> {
            awaitQuietly(release);
            PublishedKeys.respond(exchange, 200, "{\"keys\":[" + OLD.jwk() + "]}");
        });

        try (JwksKeys keys = keys(Duration.ofSeconds(5));
                var calls = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(keys.problems())
                    .singleElement()
                    .asString()
                    .contains(published.url().toString(), "not fetched yet");
            assertThat(keys.find("old")).as("after half a second").isEmpty();

            var found = calls.submit(() -> keys.find("old"));
            release.countDown();
            assertThat(found)
                    .succeedsWithin(Duration.ofSeconds(1))
                    .satisfies(key -> assertThat(key).isPresent());
            assertThat(keys.problems()).isEmpty();
        }
    }

    @Test
    void aNewKeyIsLookedForAtMostOnceAMinute() {
        try (JwksKeys keys = fetched()) {
            published.list(OLD, NEW);
            assertThat(keys.find("new")).as("in the first minute").isEmpty();

            pass(Duration.ofSeconds(60));
            assertThat(keys.find("new")).as("a minute later").isPresent();
            assertThat(keys.find("old")).isPresent();
            assertThat(published.requests()).isEqualTo(1);
        }
    }

    @Test
    void aKeyThatNeverComesIsLookedForOnceAMinuteHoweverManyAsk() {
        try (JwksKeys keys = fetched()) {
            for (int minute = 1; minute <= 3; minute++) {
                pass(Duration.ofSeconds(60));
                IntStream.range(0, 50).parallel().forEach(call -> keys.find("new"));
                pass(Duration.ofSeconds(59));
                keys.find("new");
                pass(Duration.ofSeconds(-59));
            }
            assertThat(published.requests()).isEqualTo(3);
        }
    }

    @Test
    void aKeyThatIsNotAllowedIsNeverLookedFor() {
        try (JwksKeys keys = fetched()) {
            pass(Duration.ofDays(1));

            assertThat(keys.find("foreign")).isEmpty();
            assertThat(keys.find("")).isEmpty();
            assertThat(published.requests()).isZero();
        }
    }

    @Test
    void aKeyThatIsRevokedIsForgotten() {
        try (JwksKeys keys = fetched()) {
            published.list(NEW);
            pass(Duration.ofMinutes(1));

            assertThat(keys.find("new")).isPresent();
            assertThat(keys.find("old")).isEmpty();
        }
    }

    @Test
    void noCallWaitsLongForAServerThatHangs() {
        try (JwksKeys keys = fetched(Duration.ofSeconds(10))) {
            published.answer(exchange -> awaitQuietly(new CountDownLatch(1)));
            pass(Duration.ofMinutes(1));
            long start = System.nanoTime();

            assertThat(keys.find("new")).isEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(400), Duration.ofSeconds(2));
            assertThat(keys.find("old")).isPresent();
        }
    }

    @Test
    void whenManyCallsWaitFurtherOnesDoNot() throws InterruptedException {
        try (JwksKeys keys = fetched(Duration.ofSeconds(10))) {
            published.answer(exchange -> awaitQuietly(new CountDownLatch(1)));
            pass(Duration.ofMinutes(1));
            List<Thread> waiting = IntStream.range(0, 32)
                    .mapToObj(call -> Thread.startVirtualThread(() -> keys.find("new")))
                    .toList();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> waiting.stream().allMatch(call -> call.getState() == Thread.State.TIMED_WAITING));

            keys.find("new");

            assertThat(waiting).as("those who came before").allMatch(Thread::isAlive);
            for (Thread call : waiting) {
                call.join();
            }
        }
    }

    static Stream<Arguments> outages() {
        return Stream.of(
                arguments("an error", status(500), "the answer was 500"),
                arguments("not there", status(404), "the answer was 404"),
                arguments(
                        "a redirect",
                        (HttpHandler) exchange -> {
                            exchange.getResponseHeaders().add("Location", "/elsewhere");
                            exchange.sendResponseHeaders(302, -1);
                        },
                        "the answer was 302"),
                arguments("no answer", (HttpHandler) exchange -> exchange.close(), "no answer (IOException)"),
                arguments(
                        "a server that hangs",
                        (HttpHandler) exchange -> awaitQuietly(new CountDownLatch(1)),
                        "no answer within 500 ms"),
                arguments("a server that dribbles", (HttpHandler) JwksKeysIT::dribble, "no answer within 500 ms"),
                arguments(
                        "an answer cut off",
                        (HttpHandler) exchange -> {
                            exchange.sendResponseHeaders(200, 1000);
                            exchange.getResponseBody().write('{');
                            exchange.close();
                        },
                        "no answer (IOException)"),
                arguments("an answer without end", (HttpHandler) JwksKeysIT::flood, "larger than 1048576 bytes"),
                arguments("nothing", status(200), "no JWKS"),
                arguments("no JSON", body("<html>"), "no JWKS"),
                arguments("no keys", body("{}"), "no JWKS"),
                arguments("keys that are no list", body("{\"keys\":{}}"), "no JWKS"),
                arguments("a depth without end", body("[".repeat(100_000)), "no JWKS"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void anOutageKeepsTheKnownKeys(String name, HttpHandler outage, String problem) {
        try (JwksKeys keys = fetched()) {
            published.answer(outage);
            pass(Duration.ofMinutes(1));

            assertThat(keys.find("new")).isEmpty();
            await().untilAsserted(() -> assertThat(published.requests()).isPositive());
            assertThat(keys.find("old")).isPresent();
            assertThat(keys.problems()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void anOutageAtTheStartIsAProblemUntilItIsOver(String name, HttpHandler outage, String problem) {
        published.answer(outage);
        try (JwksKeys keys = keys(TIMEOUT)) {
            await().untilAsserted(() ->
                    assertThat(keys.problems()).singleElement().asString().contains(problem));
            published.list(OLD);
            pass(Duration.ofMinutes(1));

            assertThat(keys.find("old")).isPresent();
            assertThat(keys.problems()).isEmpty();
        }
    }

    @Test
    void itTriesAgainByItselfWhileThereIsNoKey() {
        published.answer(status(503));
        try (JwksKeys keys = keys(TIMEOUT)) {
            await().untilAsserted(() ->
                    assertThat(keys.problems()).singleElement().asString().contains("503"));
            published.list(OLD);

            await().untilAsserted(() -> assertThat(keys.problems()).isEmpty());
        }
    }

    static Stream<Arguments> unusableKeys() {
        return Stream.of(
                arguments("another key", FOREIGN.jwk()),
                arguments("no kid", OLD.jwk().replace("\"kid\"", "\"kit\"")),
                arguments(
                        "a secret",
                        "{\"kty\":\"oct\",\"kid\":\"old\",\"alg\":\"HS256\",\"k\":\"" + "a".repeat(64) + "\"}"),
                arguments("for encryption", OLD.jwk().replace("\"sig\"", "\"enc\"")),
                arguments("for an algorithm of another kind", OLD.jwk().replace("RS256", "ES256")),
                arguments("for HMAC", OLD.jwk().replace("RS256", "HS256")),
                arguments("for an unknown algorithm", OLD.jwk().replace("RS256", "RSA-OAEP")),
                arguments(
                        "RSA too small",
                        "{\"kty\":\"RSA\",\"kid\":\"old\",\"e\":\"AQAB\",\"n\":\"" + "t".repeat(170) + "\"}"),
                arguments("an exponent of one", OLD.jwk().replace("AQAB", "AQ")),
                arguments("without a modulus", "{\"kty\":\"RSA\",\"kid\":\"old\",\"e\":\"AQAB\"}"),
                arguments(
                        "a modulus that is no Base64", "{\"kty\":\"RSA\",\"kid\":\"old\",\"e\":\"AQAB\",\"n\":\"?\"}"),
                arguments(
                        "a curve that nobody agreed on",
                        "{\"kty\":\"EC\",\"kid\":\"old\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}"),
                arguments("of a kind that nobody knows", "{\"kty\":\"PQC\",\"kid\":\"old\"}"),
                arguments("nothing", "{}"),
                arguments("no key", "null"),
                arguments("a number", "1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusableKeys")
    void aKeyThatIsUnfitIsLeftOutAndTheOthersAreNot(String name, String jwk) {
        published.answer(200, "{\"keys\":[" + jwk + "]}");
        try (JwksKeys keys = keys(TIMEOUT)) {
            await().untilAsserted(() ->
                    assertThat(keys.problems()).singleElement().asString().contains("none of the allowed kids"));
            published.answer(200, "{\"keys\":[" + jwk + "," + NEW.jwk() + "]}");
            pass(Duration.ofMinutes(1));

            assertThat(keys.find("new")).isPresent();
            assertThat(keys.find("old")).isEmpty();
        }
    }

    private JwksKeys fetched() {
        return fetched(TIMEOUT);
    }

    private JwksKeys fetched(Duration timeout) {
        JwksKeys keys = keys(timeout);
        await().untilAsserted(() -> assertThat(keys.problems()).isEmpty());
        published.forget();
        return keys;
    }

    private JwksKeys keys(Duration timeout) {
        return new JwksKeys(new JwksEndpoint(new JwksConfig(published.url(), Set.of("old", "new")), timeout), now::get);
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static HttpHandler status(int status) {
        return exchange -> PublishedKeys.respond(exchange, status, "");
    }

    private static HttpHandler body(String body) {
        return exchange -> PublishedKeys.respond(exchange, 200, body);
    }

    private static void dribble(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            awaitQuietly(new CountDownLatch(1), Duration.ofMillis(20));
        }
    }

    private static void flood(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        while (true) {
            exchange.getResponseBody().write(new byte[65_536]);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        awaitQuietly(latch, Duration.ofSeconds(20));
    }

    private static void awaitQuietly(CountDownLatch latch, Duration atMost) {
        try {
            latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
