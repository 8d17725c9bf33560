package dev.lethe.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever comes, is read as an event or refused with a reason: there is no third way, and no value in the reason. */
class EventReaderPropertyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final String EVENT = """
            {"event":{"createInstant":1795423415056,"id":"2a4f0c52-6d0e-4c57-8c0b-0c8f7c8d1f10",
             "linkedObjectId":"5c9b6e0e-52f5-4e39-9b0e-6a6d0f3c2b77","tenantId":"30663132-6464-6665-3032-326466613934",
             "type":"user.delete","user":{"id":"5c9b6e0e-52f5-4e39-9b0e-6a6d0f3c2b77","email":"ada.o'neil+news@example.com",
             "username":"ada_100%","data":{"a":[1,2.5e3,null,true,{"b":"\\u00e9é🐈"}]},
             "identities":[{"type":"email","value":"ada@example.com","primary":true},{"type":"username","value":"ada_100%"}]}}}
            """;

    private final List<EventReader> readers = List.of(reader(Set.of()), reader(Set.of(TENANT)));

    @Property
    void anyBytesAreRefusedOrRead(@ForAll byte[] bytes) {
        assertRefusedOrRead(bytes);
    }

    @Property
    void anyTextIsRefusedOrRead(@ForAll String text) {
        assertRefusedOrRead(text.getBytes(UTF_8));
        assertRefusedOrRead(("{\"event\":\"" + text + "\"}").getBytes(UTF_8));
    }

    @Property
    void anyJsonIsRefusedOrRead(@ForAll("json") JsonNode json) {
        assertRefusedOrRead(json.toString().getBytes(UTF_8));
        assertRefusedOrRead(NODES.objectNode().set("event", json).toString().getBytes(UTF_8));
    }

    @Property
    void anyValuesInTheFieldsAreRefusedOrRead(@ForAll("events") JsonNode document) {
        assertRefusedOrRead(document.toString().getBytes(UTF_8));
    }

    @Property
    void aChangedByteIsRefusedOrRead(@ForAll @IntRange(max = 10_000) int place, @ForAll byte by) {
        byte[] bytes = EVENT.getBytes(UTF_8);
        bytes[place % bytes.length] = by;

        assertRefusedOrRead(bytes);
    }

    @Property
    void aPieceThatIsPutInIsRefusedOrRead(@ForAll @IntRange(max = 10_000) int place, @ForAll("pieces") String piece) {
        byte[] bytes = EVENT.getBytes(UTF_8);
        int at = place % bytes.length;
        String head = new String(bytes, 0, at, UTF_8);
        String tail = new String(bytes, at, bytes.length - at, UTF_8);

        assertRefusedOrRead((head + piece + tail).getBytes(UTF_8));
    }

    @Property
    void aPieceThatIsLeftOutIsRefusedOrRead(
            @ForAll @IntRange(max = 10_000) int from, @ForAll @IntRange(max = 200) int length) {
        byte[] bytes = EVENT.getBytes(UTF_8);
        int start = from % bytes.length;
        int end = Math.min(bytes.length, start + length);
        byte[] rest = Arrays.copyOf(bytes, bytes.length - (end - start));
        System.arraycopy(bytes, end, rest, start, bytes.length - end);

        assertRefusedOrRead(rest);
    }

    /** And what is read is what the document says. */
    private void assertRefusedOrRead(byte[] body) {
        for (EventReader reader : readers) {
            try {
                if (reader.read(body) instanceof WebhookEvent.Deletion deletion) {
                    JsonNode event = JSON.readTree(new String(body, UTF_8)).path("event");
                    assertThat(deletion.id().toString())
                            .isEqualToIgnoringCase(event.path("id").asText());
                    assertThat(deletion.userId())
                            .isEqualToIgnoringCase(
                                    event.at("/user/id").isTextual()
                                            ? event.at("/user/id").asText()
                                            : event.path("linkedObjectId").asText());
                    assertThat(deletion.identifiers().values())
                            .allSatisfy(values -> assertThat(values).isNotEmpty());
                }
            } catch (RefusedException e) {
                assertThat(e.answer()).isEqualTo(Answer.INVALID);
                assertThat(e.problems()).isNotEmpty().allSatisfy(problem -> {
                    assertThat(problem.code()).isIn("[invalidJSON]", "[missing]", "[malformed]");
                    assertThat(problem.pointer()).matches("(/[A-Za-z0-9]+)*");
                    assertThat(problem.message())
                            .matches("[a-zA-Z0-9 ,-]{1,60}")
                            .doesNotContain("ada");
                });
            } catch (IOException e) {
                throw new AssertionError("read what another parser does not: " + new String(body, UTF_8), e);
            }
        }
    }

    @Provide
    static Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "\"",
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\\",
                        "\\u",
                        "\\ud83d",
                        "\u0000",
                        "\ufeff",
                        "//",
                        "/*",
                        "NaN",
                        "1e99",
                        "-",
                        "null",
                        "true",
                        "\"id\":1,",
                        "\"event\":{}",
                        "'",
                        "\n",
                        "\ud83d\udc08",
                        "[".repeat(70))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(pieces -> String.join("", pieces));
    }

    /** An event with anything at all, or something sensible, in each field that is read. */
    @Provide
    static Arbitrary<JsonNode> events() {
        Arbitrary<JsonNode> uuid = Arbitraries.of(TENANT, UUID.randomUUID()).map(id -> NODES.textNode(id.toString()));
        Arbitrary<JsonNode> uuidOrNot = Arbitraries.oneOf(uuid, uuid, uuid, json());
        Arbitrary<JsonNode> type = Arbitraries.oneOf(
                Arbitraries.of("user.delete", "user.delete", "user.delete.complete", "user.create")
                        .map(NODES::textNode),
                json());
        Arbitrary<JsonNode> user = Combinators.combine(uuidOrNot, json(), json(), json())
                .as((id, email, username, identities) -> NODES.objectNode()
                        .<ObjectNode>set("id", id)
                        .<ObjectNode>set("email", email)
                        .<ObjectNode>set("username", username)
                        .set("identities", identities));
        return Combinators.combine(type, uuidOrNot, uuidOrNot, json(), Arbitraries.oneOf(user, json()), uuidOrNot)
                .as((kind, id, tenant, instant, who, linked) -> {
                    var event = NODES.objectNode();
                    event.set("type", kind);
                    event.set("id", id);
                    event.set("tenantId", tenant);
                    event.set("createInstant", instant);
                    event.set("user", who);
                    event.set("linkedObjectId", linked);
                    return NODES.objectNode().set("event", event);
                });
    }

    @Provide
    static Arbitrary<JsonNode> json() {
        Arbitrary<JsonNode> leaf = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20).map(NODES::textNode),
                Arbitraries.longs().map(NODES::numberNode),
                Arbitraries.bigDecimals().map(NODES::numberNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.just(NODES.nullNode()));
        return Arbitraries.recursive(() -> leaf, EventReaderPropertyTest::within, 0, 3);
    }

    private static Arbitrary<JsonNode> within(Arbitrary<JsonNode> element) {
        return Arbitraries.oneOf(
                element,
                element.list().ofMaxSize(3).map(elements -> NODES.arrayNode().addAll(elements)),
                Arbitraries.maps(Arbitraries.of("type", "value", "id", "tenantId", "user", "x"), element)
                        .ofMaxSize(3)
                        .map(fields -> NODES.objectNode().setAll(fields)));
    }

    private static EventReader reader(Set<UUID> tenants) {
        Map<String, List<EventPointer>> identifiers = new LinkedHashMap<>();
        identifiers.put(
                "email",
                List.of(EventPointer.parse("/user/email"), EventPointer.parse("/user/identities/[type=email]/value")));
        identifiers.put(
                "all",
                List.of(
                        EventPointer.parse("/user/identities/*/value"),
                        EventPointer.parse("/user/identities/0/value")));
        identifiers.put("deep", List.of(EventPointer.parse("/user/data/a/4/b"), EventPointer.parse("/")));
        return new EventReader(new EventsConfig(Set.of("user.delete"), tenants, identifiers), Confirmation.REQUIRED);
    }
}
