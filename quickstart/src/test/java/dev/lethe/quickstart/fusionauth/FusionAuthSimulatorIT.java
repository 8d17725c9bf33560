package dev.lethe.quickstart.fusionauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import io.fusionauth.jwks.domain.JSONWebKey;
import io.fusionauth.jwt.JWTUtils;
import io.fusionauth.jwt.Verifier;
import io.fusionauth.jwt.domain.JWT;
import io.fusionauth.jwt.ec.ECVerifier;
import io.fusionauth.jwt.hmac.HMACVerifier;
import io.fusionauth.jwt.rsa.RSAVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("alone")
class FusionAuthSimulatorIT {

    private static final String API_KEY = "simulated-api-key";
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final List<Person> PEOPLE = People.generate(300, 1);
    private static final UUID USER = PEOPLE.getFirst().id();

    private final HttpClient client = HttpClient.newHttpClient();
    private FusionAuthSimulator simulator;
    private Receiver receiver;

    @BeforeEach
    void start() throws IOException {
        simulator = FusionAuthSimulator.start(0, API_KEY, TENANT);
        simulator.addUsers(PEOPLE.stream().map(Person::asFusionAuthUser).toList());
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        simulator.close();
        receiver.close();
        client.close();
    }

    @Test
    void removesTheUserAfterTheWebhookAgreedToIt() {
        enable("user.delete", "AbsoluteMajority");
        enable("user.delete.complete", "None");
        createWebhook(receiver, "");
        AtomicInteger statusDuringTransaction = new AtomicInteger();
        receiver.onDelivery(() -> statusDuringTransaction.compareAndSet(
                0, call("GET", "/api/user/" + USER, "").statusCode()));

        HttpResponse<String> answer = call("DELETE", "/api/user/" + USER + "?hardDelete=true", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(statusDuringTransaction).hasValue(200);
        assertThat(call("GET", "/api/user/" + USER, "").statusCode()).isEqualTo(404);
        await().untilAsserted(
                        () -> assertThat(receiver.eventTypes()).containsExactly("user.delete", "user.delete.complete"));
    }

    @Test
    void sendsAnEventOfTheSameShapeAsFusionAuth() {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(receiver, "");

        call("DELETE", "/api/user/" + USER + "?hardDelete=true", "");

        JsonNode event = receiver.deliveries().getFirst().event();
        assertThat(event.fieldNames())
                .toIterable()
                .containsExactly("createInstant", "id", "info", "linkedObjectId", "tenantId", "type", "user");
        assertThat(event.path("linkedObjectId").asText()).isEqualTo(USER.toString());
        assertThat(event.path("tenantId").asText()).isEqualTo(TENANT.toString());
        assertThat(event.path("id").asText()).isNotEqualTo(USER.toString());
        assertThat(event.at("/info/ipAddress").asText()).isEqualTo("127.0.0.1");
        assertThat(event.at("/user/id").asText()).isEqualTo(USER.toString());
        assertThat(event.at("/user/email").asText()).isEqualTo(PEOPLE.getFirst().email());
        assertThat(event.at("/user/identities").findValuesAsText("type"))
                .containsExactly("email", "phoneNumber", "username");
        assertThat(event.path("user").has("registrations")).isTrue();
        assertThat(event.path("user").has("memberships")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 401, 500, 503})
    void keepsTheUserWhenTheWebhookDoesNotAnswer2xx(int status) {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(receiver.answering(status), "");

        HttpResponse<String> answer = call("DELETE", "/api/user/" + USER + "?hardDelete=true", "");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(json(answer).at("/generalErrors/0/code").asText()).isEqualTo("[WebhookTransactionException]");
        assertThat(call("GET", "/api/user/" + USER, "").statusCode()).isEqualTo(200);
        assertThat(receiver.deliveries()).hasSize(1);
    }

    @Test
    void keepsTheUserWhenTheWebhookHangsBeyondItsReadTimeout() {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(receiver.hanging(), ",\"readTimeout\":300");
        long start = System.nanoTime();

        HttpResponse<String> answer = call("DELETE", "/api/user/" + USER + "?hardDelete=true", "");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(290), Duration.ofSeconds(2));
        assertThat(simulator.hasUser(USER)).isTrue();
    }

    @Test
    void keepsTheUserWhenNobodyListens() {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(receiver, "");
        receiver.close();

        assertThat(call("DELETE", "/api/user/" + USER + "?hardDelete=true", "").statusCode())
                .isEqualTo(504);
        assertThat(simulator.hasUser(USER)).isTrue();
    }

    @Test
    void removesTheUserWhateverTheWebhookSaysWithoutATransaction() {
        enable("user.delete", "None");
        createWebhook(receiver.answering(500), "");

        assertThat(call("DELETE", "/api/user/" + USER + "?hardDelete=true", "").statusCode())
                .isEqualTo(200);
        assertThat(simulator.hasUser(USER)).isFalse();
        await().untilAsserted(() -> assertThat(receiver.deliveries()).hasSize(1));
    }

    @Test
    void triesAFailedWebhookThreeMoreTimesWhenTheOthersWereEnough() throws IOException {
        enable("user.delete", "Any");
        createWebhook(receiver, "");
        try (Receiver failing = new Receiver().answering(500)) {
            createWebhook(failing, "");

            assertThat(call("DELETE", "/api/user/" + USER + "?hardDelete=true", "")
                            .statusCode())
                    .isEqualTo(200);

            await().untilAsserted(() -> assertThat(failing.deliveries()).hasSize(4));
            assertThat(failing.deliveries().stream()
                            .map(delivery -> delivery.event().path("id")))
                    .containsOnly(receiver.deliveries().getFirst().event().path("id"));
        }
    }

    @Test
    void onlyDeactivatesWithoutHardDelete() {
        enable("user.delete", "AbsoluteMajority");
        enable("user.deactivate", "AbsoluteMajority");
        enable("user.reactivate", "AbsoluteMajority");
        createWebhook(receiver, "");

        assertThat(call("DELETE", "/api/user/" + USER, "").statusCode()).isEqualTo(200);
        assertThat(json(call("GET", "/api/user/" + USER, "")).at("/user/active").asBoolean())
                .isFalse();
        call("PUT", "/api/user/" + USER + "?reactivate=true", "");
        assertThat(json(call("GET", "/api/user/" + USER, "")).at("/user/active").asBoolean())
                .isTrue();
        assertThat(receiver.eventTypes()).containsExactly("user.deactivate", "user.reactivate");
    }

    @ParameterizedTest(name = "tenant {0}, webhook {1}, global {2}, listed {3}: sent {4}")
    @CsvSource({
        "true, true, true, false, true",
        "true, true, false, true, true",
        "false, true, true, true, false",
        "true, false, true, true, false",
        "true, true, false, false, false",
    })
    void sendsOnlyWhereAllThreeSwitchesAgree(
            boolean tenant, boolean webhook, boolean global, boolean listed, boolean sent) {
        if (tenant) {
            enable("user.delete", "AbsoluteMajority");
        }
        String tenantIds = listed ? "\"" + TENANT + "\"" : "";
        createWebhook("""
                {"webhook":{"url":"%s","connectTimeout":1000,"readTimeout":2000,"global":%s,"tenantIds":[%s],
                 "eventsEnabled":{"user.delete":%s}}}""".formatted(receiver.url(), global, tenantIds, webhook));

        assertThat(call("DELETE", "/api/user/" + USER + "?hardDelete=true", "").statusCode())
                .isEqualTo(200);
        assertThat(receiver.deliveries()).hasSize(sent ? 1 : 0);
    }

    @Test
    void sendsTheWebhooksHeadersAndBasicAuthentication() {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(
                receiver,
                ",\"headers\":{\"X-Key\":\"k1\"},\"httpAuthenticationUsername\":\"u\",\"httpAuthenticationPassword\":\"p\"");

        call("DELETE", "/api/user/" + USER + "?hardDelete=true", "");

        var headers = receiver.deliveries().getFirst().headers();
        assertThat(headers.getFirst("X-Key")).isEqualTo("k1");
        assertThat(headers.getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(headers.getFirst("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("u:p".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "HS256"})
    void signsTheRawBodyWithAKeyThatCanBeLookedUp(String algorithm) throws Exception {
        UUID keyId = UUID.randomUUID();
        JsonNode key = json(call(
                        "POST",
                        "/api/key/generate/" + keyId,
                        "{\"key\":{\"algorithm\":\"%s\",\"name\":\"webhook\",\"length\":2048}}".formatted(algorithm)))
                .path("key");
        enable("user.delete", "AbsoluteMajority");
        createWebhook(
                receiver, ",\"signatureConfiguration\":{\"enabled\":true,\"signingKeyId\":\"%s\"}".formatted(keyId));

        call("DELETE", "/api/user/" + USER + "?hardDelete=true", "");

        Receiver.Delivery delivery = receiver.deliveries().getFirst();
        String token = delivery.headers().getFirst("X-FusionAuth-Signature-JWT");
        assertThat(JWTUtils.decodeHeader(token).getString("kid"))
                .isEqualTo(key.path("kid").asText());
        JsonNode jwks = json(anonymous("/.well-known/jwks.json"));
        JWT jwt = JWT.getDecoder().decode(token, Map.of(key.path("kid").asText(), verifier(algorithm, jwks, key)));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(delivery.body());
        assertThat(jwt.getAllClaims())
                .containsExactly(
                        Map.entry("request_body_sha256", Base64.getEncoder().encodeToString(hash)));
    }

    @Test
    void findsSomeOfAllUsersAndTellsHowManyThereAre() {
        JsonNode found =
                json(call("POST", "/api/user/search", "{\"search\":{\"queryString\":\"*\",\"numberOfResults\":7}}"));

        assertThat(found.path("total").asInt()).isEqualTo(300);
        assertThat(found.path("users")).hasSize(7);
        assertThat(call("POST", "/api/user/search", "{\"search\":{}}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void showsAKeyOfATenantTheUsersOfThatTenantAlone() throws Exception {
        UUID other = UUID.randomUUID();
        simulator.addTenant(other);
        simulator.addApiKey("of the other", Optional.of(other));
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.url() + "/api/user/" + USER))
                .header("Authorization", "of the other")
                .header("X-FusionAuth-TenantId", TENANT.toString())
                .build();

        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        simulator.addApiKey("of the other", Optional.empty());
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void deletesInBulkWithoutCompleteEvents() {
        enable("user.delete", "AbsoluteMajority");
        enable("user.delete.complete", "None");
        createWebhook(receiver, "");
        List<UUID> ids = PEOPLE.subList(0, 200).stream().map(Person::id).toList();
        String quoted =
                String.join(",", ids.stream().map(id -> "\"" + id + "\"").toList());

        HttpResponse<String> answer =
                call("DELETE", "/api/user/bulk", "{\"hardDelete\":true,\"userIds\":[" + quoted + "]}");

        assertThat(json(answer).path("total").asInt()).isEqualTo(200);
        assertThat(receiver.eventTypes()).hasSize(200).containsOnly("user.delete");
        assertThat(simulator.userCount()).isEqualTo(100);
        JsonNode found = json(call(
                "POST",
                "/api/user/search",
                "{\"search\":{\"ids\":[" + quoted + ",\"" + PEOPLE.getLast().id() + "\"]}}"));
        assertThat(found.path("total").asInt()).isEqualTo(1);
        assertThat(found.at("/users/0/id").asText())
                .isEqualTo(PEOPLE.getLast().id().toString());
    }

    @Test
    void keepsEveryUserOfABulkWhenOneWebhookFails() {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(receiver.answering(500), "");

        HttpResponse<String> answer = call(
                "DELETE",
                "/api/user/bulk?hardDelete=true&userId=" + USER + "&userId="
                        + PEOPLE.get(1).id(),
                "");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(simulator.userCount()).isEqualTo(300);
    }

    @Test
    void deletesHundredsAtOnce() {
        enable("user.delete", "AbsoluteMajority");
        createWebhook(receiver, "");

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Integer>> answers = PEOPLE.stream()
                    .map(person -> CompletableFuture.supplyAsync(
                            () -> call("DELETE", "/api/user/" + person.id() + "?hardDelete=true", "")
                                    .statusCode(),
                            threads))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join)).containsOnly(200);
        }
        assertThat(simulator.userCount()).isZero();
        assertThat(receiver.deliveries()).hasSize(300);
    }

    @Test
    void letsOneOfManyDeleteTheSameUser() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Integer>> answers = IntStream.range(0, 20)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> call("DELETE", "/api/user/" + USER + "?hardDelete=true", "")
                                    .statusCode(),
                            threads))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join).filter(status -> status == 200))
                    .hasSize(1);
        }
    }

    @Test
    void answers401WithoutABodyWithoutTheApiKey() {
        HttpResponse<String> answer = anonymous("/api/user/" + USER);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEmpty();
        assertThat(anonymous("/api/status").statusCode()).isEqualTo(200);
    }

    @Test
    void hidesAUserFromOtherTenants() {
        assertThat(get(USER, TENANT).statusCode()).isEqualTo(200);
        assertThat(get(USER, UUID.randomUUID()).statusCode()).isEqualTo(404);
    }

    @Test
    void refusesAWebhookWithAllItsErrorsAtOnce() {
        HttpResponse<String> answer = call("POST", "/api/webhook", """
                {"webhook":{"readTimeout":0,"tenantIds":["%s"],"signatureConfiguration":{"enabled":true}}}""".formatted(UUID.randomUUID()));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("fieldErrors").findValuesAsText("code"))
                .containsExactlyInAnyOrder(
                        "[blank]webhook.url",
                        "[missing]webhook.connectTimeout",
                        "[invalid]webhook.readTimeout",
                        "[invalid]webhook.tenantIds",
                        "[missing]webhook.signatureConfiguration.signingKeyId");
        assertThat(json(answer).path("generalErrors").isArray()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}", "[]"})
    void refusesABodyThatIsNoWebhook(String body) {
        assertThat(call("POST", "/api/webhook", body).statusCode()).isEqualTo(400);
    }

    @Test
    void createsReadsUpdatesAndDeletesWebhooks() {
        UUID id = UUID.randomUUID();
        String body = """
                {"webhook":{"url":"%s","connectTimeout":1000,"readTimeout":2000,"global":%s}}""";

        assertThat(call("POST", "/api/webhook/" + id, body.formatted(receiver.url(), false))
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("POST", "/api/webhook/" + id, body.formatted(receiver.url(), false))
                        .statusCode())
                .isEqualTo(400);
        call("PUT", "/api/webhook/" + id, body.formatted(receiver.url(), true));
        assertThat(json(call("GET", "/api/webhook/" + id, ""))
                        .at("/webhook/global")
                        .asBoolean())
                .isTrue();
        assertThat(json(call("GET", "/api/webhook", "")).path("webhooks")).hasSize(1);
        assertThat(call("DELETE", "/api/webhook/" + id, "").statusCode()).isEqualTo(200);
        assertThat(call("GET", "/api/webhook/" + id, "").statusCode()).isEqualTo(404);
    }

    @Test
    void patchesOnlyTheEventsThatAreNamed() {
        enable("user.delete", "SuperMajority");
        enable("user.deactivate", "Any");

        JsonNode events = json(call("GET", "/api/tenant/" + TENANT, "")).at("/tenant/eventConfiguration/events");

        assertThat(events.path("user.delete").toString())
                .isEqualTo("{\"enabled\":true,\"transactionType\":\"SuperMajority\"}");
        assertThat(events.at("/user.deactivate/transactionType").asText()).isEqualTo("Any");
        assertThat(events.at("/user.delete.complete/enabled").asBoolean()).isFalse();
    }

    @Test
    void addsAUserAndRefusesAnotherWithTheSameAddress() {
        UUID id = UUID.randomUUID();
        String body = "{\"user\":{\"email\":\"New@post.example\",\"password\":\"secret\"}}";

        HttpResponse<String> answer = call("POST", "/api/user/" + id, body);

        assertThat(json(answer).at("/user/identities/0/value").asText()).isEqualTo("New@post.example");
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(json(call("POST", "/api/user", body))
                        .at("/fieldErrors/user.email/0/code")
                        .asText())
                .isEqualTo("[duplicate]user.email");
    }

    private void enable(String eventType, String transactionType) {
        HttpResponse<String> answer = call("PATCH", "/api/tenant/" + TENANT, """
                {"tenant":{"eventConfiguration":{"events":{"%s":{"enabled":true,"transactionType":"%s"}}}}}""".formatted(eventType, transactionType));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void createWebhook(Receiver to, String more) {
        createWebhook("""
                {"webhook":{"url":"%s","connectTimeout":1000,"readTimeout":2000,"global":true,
                 "eventsEnabled":{"user.delete":true,"user.delete.complete":true,"user.deactivate":true,
                                  "user.reactivate":true}%s}}""".formatted(to.url(), more));
    }

    private void createWebhook(String body) {
        HttpResponse<String> answer = call("POST", "/api/webhook", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private HttpResponse<String> call(String method, String path, String body) {
        return send(request(path).header("Authorization", API_KEY).method(method, BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(UUID user, UUID tenant) {
        return send(request("/api/user/" + user)
                .header("Authorization", API_KEY)
                .header("X-FusionAuth-TenantId", tenant.toString()));
    }

    private HttpResponse<String> anonymous(String path) {
        return send(request(path));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.url() + path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static Verifier verifier(String algorithm, JsonNode jwks, JsonNode key) {
        if (algorithm.startsWith("HS")) {
            assertThat(jwks.path("keys")).isEmpty();
            return HMACVerifier.newVerifier(key.path("secret").asText());
        }
        JsonNode jwk = jwks.at("/keys/0");
        assertThat(jwk.path("kid")).isEqualTo(key.path("kid"));
        JSONWebKey parsed = new ObjectMapper().convertValue(jwk, JSONWebKey.class);
        return algorithm.startsWith("RS")
                ? RSAVerifier.newVerifier(JSONWebKey.parse(parsed))
                : ECVerifier.newVerifier(JSONWebKey.parse(parsed));
    }
}
