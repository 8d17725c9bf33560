package dev.lethe.worker.store.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A processor that answers as the specification has it, with the signature that it demands. */
class OpenDsrStoreIT {
    private static final Subject ADA = new Subject(
            new SubjectKey("0000000000000000000001"), "ada", null, Map.of("email", List.of("ada@example.org")));
    private static final Occasion OCCASION = new Occasion("8c1f/erase", Instant.parse("2026-11-25T12:00:00Z"), null);

    private final Certificates.Issued processor = new Certificates().issue("localhost");
    private final Map<String, JsonNode> requests = new ConcurrentHashMap<>();
    private final AtomicReference<String> status = new AtomicReference<>("completed");
    private final AtomicReference<String> discovery = new AtomicReference<>("""
            {"api_version":"2.0","supported_subject_request_types":["access","erasure"],
             "supported_identities":[{"identity_type":"email","identity_format":"raw"},
                                     {"identity_type":"controller_customer_id","identity_format":"raw"},
                                     {"identity_type":"android_id","identity_format":"sha256"}],
             "processor_certificate":"https://localhost/cert.pem"}
            """);

    @TempDir
    private Path directory;

    private NewsService service;

    @BeforeEach
    void start() {
        service = new NewsService();
        service.script(this::answer);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Reply answer(Request request) {
        String[] path = request.path().split("/", -1);
        return switch (request.method() + " " + path[2]) {
            case "GET discovery" -> signed(200, discovery.get());
            case "POST requests" -> {
                JsonNode body = request.json();
                boolean isNew =
                        requests.putIfAbsent(body.path("subject_request_id").asText(), body) == null;
                yield isNew
                        ? signed(201, """
                                {"controller_id":"lethe","expected_completion_time":"2026-12-01T15:00:01Z",
                                 "received_time":"2026-11-25T12:00:01Z","subject_request_id":"%s","encoded_request":"%s"}
                                """.formatted(
                                        body.path("subject_request_id").asText(),
                                        Base64.getEncoder()
                                                .encodeToString(request.body().getBytes(StandardCharsets.UTF_8))))
                        : signed(400, "{\"error\":{\"code\":400,\"message\":\"subject_request_id is known\"}}");
            }
            case "GET requests" ->
                requests.containsKey(path[3]) ? signed(200, """
                                {"controller_id":"lethe","expected_completion_time":"2026-12-02T15:00:01Z",
                                 "subject_request_id":"%s","request_status":"%s","api_version":"2.0","results_count":103}
                                """.formatted(path[3], status.get())) : Reply.of(404);
            default -> Reply.of(405);
        };
    }

    private Reply signed(int httpStatus, String body) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(processor.keys().getPrivate());
            signature.update(body.getBytes(StandardCharsets.UTF_8));
            return Reply.of(httpStatus, body)
                    .with("X-OpenDSR-Processor-Domain", "localhost")
                    .with("X-OpenDSR-Signature", Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRequestIsOneOfTheSpecification() throws Exception {
        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of(ADA), List.of(OCCASION)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.deleted("request", 1))));
        }

        JsonNode request = requests.values().iterator().next();
        assertThat(request.path("regulation").asText()).isEqualTo("gdpr");
        assertThat(request.path("subject_request_type").asText()).isEqualTo("erasure");
        assertThat(request.path("submitted_time").asText()).isEqualTo("2026-11-25T12:00:00Z");
        assertThat(request.path("api_version").asText()).isEqualTo("2.0");
        assertThat(request.path("status_callback_urls").toString()).isEqualTo("[\"https://us.example/opendsr\"]");
        assertThat(request.path("subject_identities").toString()).isEqualTo("""
                        [{"identity_type":"email","identity_value":"ada@example.org","identity_format":"raw"},\
                        {"identity_type":"controller_customer_id","identity_value":"ada","identity_format":"raw"}]""");
        String id = request.path("subject_request_id").asText();
        assertThat(UUID.fromString(id).version()).isEqualTo(4);
        assertThat(UUID.fromString(id).variant()).isEqualTo(2);
        assertThat(id).isEqualTo(UUID.fromString(id).toString());
    }

    @Test
    void aRequestWhoseAnswerWasLostIsNotMadeTwice() throws Exception {
        try (ErasureStore store = open()) {
            store.erase(List.of(ADA), List.of(OCCASION));
            assertThat(store.erase(List.of(ADA), List.of(OCCASION)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.deleted("request", 1))));
            assertThat(requests).hasSize(1);

            store.erase(List.of(ADA), List.of(new Occasion("8c1f/replay-1", OCCASION.requestedAt(), null)));
            assertThat(requests).as("a replay is another request").hasSize(2);
        }
    }

    @Test
    void whatIsUnderWayIsScheduledUntilTheProcessorExpectsItsEnd() throws Exception {
        status.set("in_progress");

        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of(ADA), List.of(OCCASION)))
                    .containsExactly(new StoreResult.Settled(
                            List.of(TargetOutcome.scheduled("request", 1, Instant.parse("2026-12-02T15:00:01Z")))));
        }
    }

    @Test
    void whatTheProcessorCancelsIsNotDone() throws Exception {
        status.set("cancelled");

        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of(ADA), List.of(OCCASION)))
                    .containsExactly(new StoreResult.Failed("CANCELLED"));
        }
    }

    @Test
    void whatTheProcessorRefusesIsTheSubjectsFailure() throws Exception {
        service.script(request -> request.method().equals("POST") ? Reply.of(400) : answer(request));

        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of(ADA), List.of(OCCASION)))
                    .containsExactly(new StoreResult.Failed("HTTP_400"));
        }
    }

    @Test
    void anAnswerThatSomebodyElseSignedIsNone() throws Exception {
        try (ErasureStore store = open()) {
            store.plan();
            service.script(request -> {
                Reply reply = answer(request);
                return new Reply(reply.status(), reply.headers(), reply.body() + " ");
            });
            var thrown = catchThrowableOfType(StoreUnavailableException.class, () -> store.erase(List.of(ADA)));
            assertThat(thrown.code()).isEqualTo("FORGED");
        }
    }

    @Test
    void whatTheProcessorDoesNotTakeIsAnObstacle() throws Exception {
        discovery.set("""
                {"api_version":"1.0","supported_subject_request_types":["access"],
                 "supported_identities":[{"identity_type":"email","identity_format":"sha256"}]}
                """);

        try (ErasureStore store = open()) {
            assertThat(store.plan().obstacles())
                    .anyMatch(obstacle -> obstacle.contains("OpenDSR \"1.0\""))
                    .anyMatch(obstacle -> obstacle.contains("no requests of type erasure"))
                    .anyMatch(obstacle -> obstacle.contains("type \"email\" in format raw"))
                    .anyMatch(obstacle -> obstacle.contains("\"controller_customer_id\""));
            var thrown = catchThrowableOfType(StoreUnavailableException.class, () -> store.erase(List.of(ADA)));
            assertThat(thrown.code()).isEqualTo("MISCONFIGURED");
        }
    }

    @Test
    void aWrongAddressIsAnObstacle() throws Exception {
        service.script(request -> Reply.of(404));

        try (ErasureStore store = open()) {
            assertThat(store.plan().obstacles()).anyMatch(obstacle -> obstacle.contains("url answers 404"));
        }
    }

    @Test
    void whoLacksAnIdentifierIsUnresolved() throws Exception {
        var nameless = new Subject(ADA.key(), "ada", null, Map.of());

        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of(nameless))).containsExactly(new StoreResult.Unresolved("UNRESOLVED"));
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void thereIsNoReadBack() throws Exception {
        try (ErasureStore store = open()) {
            var thrown = catchThrowableOfType(StoreFailureException.class, () -> store.count(List.of(ADA)));
            assertThat(thrown.code()).isEqualTo("NO_READ_BACK");
        }
    }

    private ErasureStore open() throws Exception {
        return HttpStoreIT.open(
                """
                url: %s
                protocol: opendsr
                readBack: none
                secret: %s
                polling: { interval: PT0.01S, most: PT0.2S }
                opendsr:
                  identities: { email: email, controller_customer_id: userId }
                  statusCallbackUrls: ["https://us.example/opendsr"]
                  certificate: %s
                """.formatted(service.url("/v2"), NewsService.SECRET, processor.certificate(directory)));
    }
}
