package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Subject;
import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.ingress.Site.Written;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of FusionAuth's events stands in the erasure log, whatever version wrote them: what stores need, exactly, and nothing else. */
@Tag("alone")
class WebhookContentIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMAIL = "ada.o'neil+news@example.com";
    private static final String TENANT = "30663132-6464-6665-3032-326466613934";
    private static final String USER = "5c9b6e0e-52f5-4e39-9b0e-6a6d0f3c2b77";
    private static final Map<String, List<String>> ADA =
            Map.of("email", List.of(EMAIL), "username", List.of("ada_100%"), "phoneNumber", List.of("+13035550142"));

    @TempDir
    static Path folder;

    private static Site site;
    private static Ingress ingress;

    /** A variant of an event, and what is to be kept of it. */
    record Variant(String name, ObjectNode document, String userId, String tenantId, Map<String, List<String>> kept) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        site = new Site(folder);
        ingress = site.ingress();
    }

    @AfterAll
    static void stop() {
        ingress.close();
        site.close();
    }

    @BeforeEach
    void readFromHere() {
        site.startReading();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("variants")
    void keepsTheIdentifiersExactlyAndDropsEverythingElse(Variant variant) throws Exception {
        post(Call.of(variant.document().toString()));

        Subject subject = site.writtenRequest().subject();
        assertThat(subject.userId()).isEqualTo(variant.userId());
        assertThat(subject.tenantId()).isEqualTo(variant.tenantId());
        assertThat(subject.identifiers()).isEqualTo(variant.kept());
    }

    static Stream<Variant> variants() {
        var hope = Map.of("email", List.of("hope15@email.com"), "username", List.of("Hope15"));
        return Stream.of(
                new Variant("an event of 2018", sample("2018"), "8e3f4a52-0c1d-4f6b-9a53-2f1f0d6a7c11", null, hope),
                ada("an event of 2026", event -> {}, TENANT, ADA),
                ada(
                        "an event without tenantId",
                        event -> {
                            event.remove("tenantId");
                            user(event).remove("tenantId");
                        },
                        null,
                        ADA),
                ada("an event whose tenant stands with the user", event -> event.remove("tenantId"), TENANT, ADA),
                ada("an event without info", event -> event.remove("info"), TENANT, ADA),
                ada("an event without createInstant", event -> event.remove("createInstant"), TENANT, ADA),
                ada("an event with the linked object's id only", event -> event.remove("user"), TENANT, Map.of()),
                ada(
                        "an event whose user has the id no more",
                        event -> user(event).remove("id"),
                        TENANT,
                        ADA),
                ada(
                        "identities without fields of the user",
                        event -> user(event).remove(List.of("email", "username", "phoneNumber")),
                        TENANT,
                        Map.of("email", List.of(EMAIL), "username", List.of("ada_100%"))),
                ada(
                        "fields of the user without identities",
                        event -> user(event).remove("identities"),
                        TENANT,
                        ADA),
                ada("identities that are null", event -> user(event).putNull("identities"), TENANT, ADA),
                ada("identities that are no list", event -> user(event).put("identities", 3), TENANT, ADA),
                ada(
                        "fields that are null or blank",
                        event ->
                                user(event).putNull("email").put("username", "").put("phoneNumber", " "),
                        TENANT,
                        Map.of("email", List.of(EMAIL), "username", List.of("ada_100%"))),
                ada(
                        "two addresses, one of them an identity",
                        event -> identities(event)
                                .addObject()
                                .put("type", "email")
                                .put("value", "Ada@Example.com"),
                        TENANT,
                        with("email", EMAIL, "Ada@Example.com")),
                ada(
                        "an identity of a type that nobody knows yet",
                        event -> identities(event)
                                .addObject()
                                .put("type", "passkey")
                                .put("value", "k"),
                        TENANT,
                        ADA),
                ada(
                        "an identity without a type",
                        event -> identities(event).addObject().put("value", "k"),
                        TENANT,
                        ADA),
                ada(
                        "very large data",
                        event -> user(event).putObject("data").put("notes", "x".repeat(900_000)),
                        TENANT,
                        ADA),
                ada(
                        "names that would need quoting anywhere",
                        event -> user(event).put("username", "%_*?[]'\"\\ \u0000\n<&>;--\u202e猫🐈"),
                        TENANT,
                        with("username", "%_*?[]'\"\\ \u0000\n<&>;--\u202e猫🐈", "ada_100%")),
                ada(
                        "space around a name",
                        event -> user(event).put("username", " ada\t"),
                        TENANT,
                        with("username", " ada\t", "ada_100%")));
    }

    @Test
    void theIdOfTheUserIsWrittenInLowerCaseSoThatItIsTheSamePerson() throws Exception {
        UUID user = UUID.randomUUID();
        post(Call.deletionOf(user, UUID.randomUUID()));
        Written lower = site.writtenRequest();
        post(Call.of(Call.event(UUID.randomUUID(), user)
                .replace(user.toString(), user.toString().toUpperCase())));

        Written upper = site.writtenRequest();
        assertThat(upper.subject().userId()).isEqualTo(user.toString());
        assertThat(upper.record().key()).isEqualTo(lower.record().key());
    }

    @Test
    void halfASurrogateInAnIdentifierIsRefusedBecauseAStoreWouldTakeItForAQuestionMark() throws Exception {
        String event = Call.event(UUID.randomUUID(), UUID.randomUUID())
                .replace("\"user\":{", "\"user\":{\"username\":\"a\\ud83db\",");

        Reply reply = Site.answerTo(Call.of(event), ingress.port());

        assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
        assertThat(reply.says()).containsExactly("[malformed] /event/user/username");
    }

    @Test
    void theRecordIsACloudEventWithThePseudonymAsItsKey() throws Exception {
        JsonNode event = sample("2026").path("event");
        Instant before = Instant.now();

        Reply reply = post(Call.of(sample("2026").toString()));

        Written written = site.writtenRequest();
        String id = event.path("id").asText();
        assertThat(reply.json().path("requestId").asText()).isEqualTo(id);
        assertThat(written.record().key())
                .isEqualTo(site.keys().subjectKey(TENANT, USER).value())
                .hasSize(22);
        Instant requestedAt = written.request().requestedAt();
        assertThat(requestedAt).isBetween(before.minusMillis(1), Instant.now());
        assertThat(headers(written))
                .isEqualTo(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", id,
                        "ce_type", "dev.lethe.erasure.requested",
                        "ce_source", "/lethe",
                        "ce_time", requestedAt.toString(),
                        "content-type", "application/json"));
        assertThat(written.request().requestId()).hasToString(id);
        assertThat(written.request().dueBy()).isAfter(requestedAt.plusSeconds(27 * 86_400));
        assertThat(written.request().trigger().createdAt())
                .isEqualTo(Instant.ofEpochMilli(event.path("createInstant").asLong()));
    }

    @Test
    void nothingOfThePersonStandsInTheRecordInTheClear() throws Exception {
        post(Call.of(sample("2026").toString()));

        var record = site.writtenRequest().record();
        String clear = record.key() + record.headers() + new String(record.value(), UTF_8);
        assertThat(clear)
                .doesNotContainIgnoringCase(USER)
                .doesNotContainIgnoringCase("ada")
                .doesNotContain("13035550142", "303 555", "Denver", "203.0.113.42", "cus_NffrFeUfNV2Hib");
    }

    @Test
    void theSameEventAgainIsTheSameRequest() throws Exception {
        Call call = Call.deletionOf(UUID.randomUUID(), UUID.randomUUID());

        Reply first = post(call);
        Reply second = post(call);

        assertThat(second.json()).isEqualTo(first.json());
        List<Written> written = site.written();
        assertThat(written).hasSizeGreaterThan(1).allSatisfy(again -> {
            assertThat(again.request().requestId())
                    .isEqualTo(written.getFirst().request().requestId());
            assertThat(again.record().key())
                    .isEqualTo(written.getFirst().record().key());
            assertThat(again.subject()).isEqualTo(written.getFirst().subject());
        });
    }

    @Test
    void aTraceIsCarriedAlong() throws Exception {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        post(Call.deletionOf(UUID.randomUUID(), UUID.randomUUID()).with("traceparent", trace));

        assertThat(headers(site.writtenRequest())).containsEntry("traceparent", trace);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ada@example.com",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"
            })
    void whatIsNoTraceIsDropped(String notATrace) throws Exception {
        post(Call.deletionOf(UUID.randomUUID(), UUID.randomUUID()).with("traceparent", notATrace));

        assertThat(headers(site.writtenRequest())).doesNotContainKey("traceparent");
    }

    @Test
    void whatIsKeptAndWhoseEventsAreReadIsAMatterOfConfiguration() throws Exception {
        try (Ingress other = site.ingress("""
                http: { host: 127.0.0.1, port: 0 }
                management: { host: 127.0.0.1, port: 0 }
                events:
                  types: [user.delete.complete]
                  identifiers:
                    stripe: [/user/data/stripeCustomerId]
                    handle: ["/user/registrations/*/username", /user/missing]
                """)) {
            ObjectNode document = sample("2026");
            Reply ignored = Site.answerTo(Call.of(document.toString()), other.port());
            assertThat(ignored.says()).containsExactly("ignored");

            event(document).put("type", "user.delete.complete");
            Reply accepted = Site.answerTo(Call.of(document.toString()), other.port());
            assertThat(accepted.isAccepted()).as(accepted.toString()).isTrue();
        }

        Written written = site.writtenRequest();
        assertThat(written.request().trigger().type()).isEqualTo("user.delete.complete");
        assertThat(written.subject().identifiers())
                .isEqualTo(Map.of("stripe", List.of("cus_NffrFeUfNV2Hib"), "handle", List.of("ada_100%")));
    }

    private static Reply post(Call call) throws IOException {
        Reply reply = Site.answerTo(call, ingress.port());
        assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
        return reply;
    }

    private static Map<String, String> headers(Written written) {
        var headers = new HashMap<String, String>();
        StreamSupport.stream(written.record().headers().spliterator(), false)
                .forEach((Header header) -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }

    private static Variant ada(
            String name, Consumer<ObjectNode> change, String tenantId, Map<String, List<String>> kept) {
        ObjectNode document = sample("2026");
        change.accept(event(document));
        return new Variant(name, document, USER, tenantId, kept);
    }

    private static Map<String, List<String>> with(String identifier, String... values) {
        var kept = new HashMap<>(ADA);
        kept.put(identifier, List.of(values));
        return kept;
    }

    private static ObjectNode event(ObjectNode document) {
        return (ObjectNode) document.path("event");
    }

    private static ObjectNode user(ObjectNode event) {
        return (ObjectNode) event.path("user");
    }

    private static ArrayNode identities(ObjectNode event) {
        return (ArrayNode) user(event).path("identities");
    }

    private static ObjectNode sample(String year) {
        try (InputStream sample = WebhookContentIT.class.getResourceAsStream("user-delete-" + year + ".json")) {
            return (ObjectNode) JSON.readTree(sample);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
