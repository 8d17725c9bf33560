package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.ingress.Ingress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A row for each thing that a caller can do, and the answer to it. */
@Tag("alone")
class WebhookTableIT {
    private static final int MAX_BODY = 1 << 20;
    private static final UUID OURS = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final UUID THEIRS = UUID.fromString("9a1d0b3e-7f53-4d7c-8a48-0a4a1f1c2b3d");

    /** Stands wherever a row puts a value that is wrong, and must never come back. */
    private static final String VALUE = "Va1ue-n0b0dy-may-see";

    @TempDir
    static Path folder;

    private static Site site;
    private static Ingress ingress;

    /**
     * A row.
     *
     * @param status of the answer
     * @param says the word of a 200, or code and pointer of each problem
     */
    record Row(String behaviour, Call call, int status, List<String> says) {
        @Override
        public String toString() {
            return behaviour;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        site = new Site(folder);
        ingress = site.ingress("""
                http: { host: 127.0.0.1, port: 0, maxBodyBytes: %d, maxHeaderBytes: 4096 }
                management: { host: 127.0.0.1, port: 0 }
                events: { types: [user.delete, user.delete.complete], tenants: [%s] }
                """.formatted(MAX_BODY, OURS));
    }

    @AfterAll
    static void stop() {
        ingress.close();
        site.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void isAnsweredAsTheTableSays(Row row) throws Exception {
        site.startReading();

        Reply reply;
        try (var connection = new Connection(ingress.port())) {
            reply = connection.call(row.call().bytes());
        }

        assertThat(reply.status()).as("status of %s", reply).isEqualTo(row.status());
        assertThat(reply.headers().get("content-type")).as("type of %s", reply).startsWith("application/json");
        assertThat(reply.says()).containsExactlyInAnyOrderElementsOf(row.says());
        assertThat(reply.body())
                .as("a body that repeats nothing of the call")
                .doesNotContain(VALUE)
                .doesNotContain(Site.API_KEY);
        assertThat(reply.headers().containsKey("retry-after")).as("Retry-After").isEqualTo(row.status() == 503);
        assertThat(reply.took()).isLessThan(Duration.ofMillis(1900));
        assertThat(site.written()).as("records in the log").hasSize(row.says().equals(List.of("accepted")) ? 1 : 0);
    }

    static Stream<Row> isAnsweredAsTheTableSays() {
        return Stream.of(answers(), mediaTypes(), sizes(), syntax(), encodings(), fields(), meaning())
                .flatMap(List::stream);
    }

    private static List<Row> answers() {
        return List.of(
                accepted("an event of ours is accepted", Call.of(event())),
                new Row(
                        "a call without a key is not authenticated",
                        Call.of(event()).without("Authorization"),
                        401,
                        List.of("[notAuthorized]")),
                new Row(
                        "a call with another key is not authenticated",
                        Call.of(event()).with("Authorization", VALUE),
                        401,
                        List.of("[notAuthorized]")),
                new Row(
                        "who is not authenticated learns nothing about the body",
                        Call.of("{").without("Authorization"),
                        401,
                        List.of("[notAuthorized]")),
                new Row(
                        "who is not authenticated learns nothing about the media type",
                        Call.of(event()).without("Authorization").with("Content-Type", "text/xml"),
                        401,
                        List.of("[notAuthorized]")),
                new Row(
                        "a body that is too large is not even authenticated",
                        Call.of(padded(MAX_BODY + 1)).without("Authorization"),
                        413,
                        List.of("[tooLarge]")));
    }

    private static List<Row> mediaTypes() {
        return List.of(
                accepted("a charset may stand behind the media type", typed("application/json; charset=utf-8")),
                accepted("the media type's case does not matter", typed("Application/JSON")),
                accepted("space around the media type does not matter", typed("  application/json ;charset=UTF-8")),
                accepted("a charset that does not exist changes nothing", typed("application/json; charset=\"")),
                unsupported("a form is no JSON", typed("application/x-www-form-urlencoded")),
                unsupported("a type that only begins like JSON's is another", typed("application/jsonp")),
                unsupported("a text is no JSON", typed("text/plain")),
                unsupported("an empty media type is none", typed("")),
                unsupported(
                        "a body without a media type is refused",
                        Call.of(event()).without("Content-Type")));
    }

    private static List<Row> sizes() {
        return List.of(
                accepted("a body of exactly the limit is read", Call.of(padded(MAX_BODY))),
                accepted(
                        "chunks of exactly the limit are read",
                        Call.of(padded(MAX_BODY)).inChunksOf(10_000)),
                tooLarge("a declared length of one more is refused", Call.of(padded(MAX_BODY + 1))),
                tooLarge(
                        "chunks of one more are refused",
                        Call.of(padded(MAX_BODY + 1)).inChunksOf(10_000)),
                tooLarge("much more is refused", Call.of(padded(5 * MAX_BODY))),
                tooLarge(
                        "much more in chunks is refused",
                        Call.of(padded(5 * MAX_BODY)).inChunksOf(100_000)),
                accepted("a byte a chunk is read", Call.of(event()).inChunksOf(1)),
                accepted(
                        "an event with very large data is read",
                        Call.of(event("data", "{\"notes\":\"" + "x".repeat(900_000) + "\"}"))));
    }

    private static List<Row> syntax() {
        return List.of(
                notJson("an empty body", ""),
                notJson("an empty body in no chunk", Call.of("").inChunksOf(1)),
                notJson("white space", " \n\t "),
                notJson("a text", "\"event\""),
                notJson("a list", "[" + event() + "]"),
                notJson("a number", "1"),
                notJson("null", "null"),
                notJson("half a document", event().substring(0, 60)),
                notJson("a document that ends in the middle of a text", "{\"event\":{\"id\":\"" + VALUE),
                notJson("a second document behind the first", event() + event()),
                notJson("a bracket too many", event() + "}"),
                notJson("a word behind the document", event() + VALUE),
                notJson("a comma too many, as in the blog post's sample", event().replace("}}}", "},}}")),
                notJson("a comment", "/* " + VALUE + " */" + event()),
                notJson("a line comment", "// " + VALUE + "\n" + event()),
                notJson("a comment in YAML's manner", "# " + VALUE + "\n" + event()),
                notJson("single quotes", event().replace('"', '\'')),
                notJson("names without quotes", event().replace("\"event\"", "event")),
                notJson("not a number", event("data", "NaN")),
                notJson("infinity", event("data", "-Infinity")),
                notJson("a number with a plus", event("data", "+1")),
                notJson("a number with a zero before it", event("data", "007")),
                notJson("a number that begins with a point", event("data", ".5")),
                notJson("a number of 101 digits", event("data", "1".repeat(101))),
                accepted("a number of 100 digits is read", Call.of(event("data", "1".repeat(100)))),
                accepted("a number beyond every type is read", Call.of(event("data", "1e999999999"))),
                notJson("a control character in a text", event("data", "\"a\u0001b\"")),
                notJson("a backslash before nothing known", event("data", "\"a\\qb\"")),
                notJson("65 levels", nested(65)),
                accepted("64 levels are read", Call.of(nested(64))),
                notJson("100,000 levels", "[".repeat(100_000)),
                notJson("100,000 levels of objects", "{\"a\":".repeat(100_000)),
                notJson("a name of 60,000 characters", event("x".repeat(60_000), "1")),
                notJson("a name that is there twice at the top", "{\"event\":{},\"event\":{}}"),
                notJson(
                        "a name that is there twice in the event",
                        event("id\":\"" + UUID.randomUUID() + "\",\"id", "1")),
                notJson("a name that is there twice deep down", event("data", "{\"a\":[{\"b\":{\"c\":1,\"c\":2}}]}")),
                notJson("a name that is there twice, once escaped", event("data", "{\"a\":1,\"\\u0061\":2}")));
    }

    private static List<Row> encodings() {
        var rows = new ArrayList<>(List.of(
                notJson("UTF-16", Call.of(event().getBytes(UTF_16LE))),
                notJson("UTF-16, the other way round", Call.of(event().getBytes(UTF_16BE))),
                notJson("UTF-16 with a mark", Call.of(("\ufeff" + event()).getBytes(UTF_16BE))),
                notJson("UTF-32", Call.of(event().getBytes(Charset.forName("UTF-32LE")))),
                notJson("UTF-32, the other way round", Call.of(event().getBytes(Charset.forName("UTF-32BE")))),
                notJson("a byte order mark", Call.of("\ufeff" + event())),
                accepted("letters beyond ASCII are read", Call.of(event("data", "\"Zoë 猫 🐈\""))),
                accepted("half a surrogate that is not kept is read", Call.of(event("data", "\"\\ud83d\"")))));
        UnaryOperator<String> name = bytes -> "bytes that are no UTF-8: " + bytes;
        for (String bytes : List.of("ff", "80", "c3", "c080", "e28228", "eda080", "f4908080", "f8a1a1a1a1", "e9")) {
            rows.add(notJson(name.apply(bytes), Call.of(withBytes(bytes))));
        }
        return rows;
    }

    private static List<Row> fields() {
        String user = "\"user\":{\"id\":\"%s\"}".formatted(UUID.randomUUID());
        String id = "\"id\":\"%s\"".formatted(UUID.randomUUID());
        String type = "\"type\":\"user.delete\"";
        String tenant = "\"tenantId\":\"%s\"".formatted(OURS);
        return List.of(
                invalid(
                        "an empty document",
                        "{}",
                        "[missing] /event/type",
                        "[missing] /event/tenantId",
                        "[missing] /event/id",
                        "[missing] /event/user/id"),
                invalid(
                        "an event that is a text",
                        "{\"event\":\"" + VALUE + "\"}",
                        "[missing] /event/type",
                        "[missing] /event/tenantId",
                        "[missing] /event/id",
                        "[missing] /event/user/id"),
                invalid(
                        "everything wrong at once",
                        "{\"event\":{\"type\":7,\"id\":\"%1$s\",\"tenantId\":\"%1$s\",\"createInstant\":\"%1$s\",\"user\":{\"id\":\"%1$s\"}}}"
                                .formatted(VALUE),
                        "[malformed] /event/type",
                        "[malformed] /event/id",
                        "[malformed] /event/tenantId",
                        "[malformed] /event/createInstant",
                        "[malformed] /event/user/id"),
                invalid("no type", event(id, tenant, user), "[missing] /event/type"),
                invalid("a type that is null", event("\"type\":null", id, tenant, user), "[missing] /event/type"),
                invalid("a type that is a number", event("\"type\":1", id, tenant, user), "[malformed] /event/type"),
                invalid("no id", event(type, tenant, user), "[missing] /event/id"),
                invalid(
                        "an id that is no UUID",
                        event(type, "\"id\":\"1-1-1-1-1\"", tenant, user),
                        "[malformed] /event/id"),
                invalid(
                        "an id with a line break",
                        event(type, "\"id\":\"" + UUID.randomUUID() + "\\n\"", tenant, user),
                        "[malformed] /event/id"),
                invalid("no user", event(type, id, tenant), "[missing] /event/user/id"),
                invalid("a user without an id", event(type, id, tenant, "\"user\":{}"), "[missing] /event/user/id"),
                invalid(
                        "a user whose id is empty",
                        event(type, id, tenant, "\"user\":{\"id\":\"\"}"),
                        "[malformed] /event/user/id"),
                invalid(
                        "a user whose id is wrong, whatever the linked object's is",
                        event(
                                type,
                                id,
                                tenant,
                                "\"user\":{\"id\":\"" + VALUE + "\"},\"linkedObjectId\":\"" + UUID.randomUUID() + "\""),
                        "[malformed] /event/user/id"),
                invalid(
                        "a linked object that is no UUID",
                        event(type, id, tenant, "\"linkedObjectId\":{}"),
                        "[malformed] /event/linkedObjectId"),
                invalid(
                        "a user that is a list",
                        event(type, id, tenant, "\"user\":[{\"id\":\"" + UUID.randomUUID() + "\"}]"),
                        "[missing] /event/user/id"),
                invalid("no tenant, where only some are ours", event(type, id, user), "[missing] /event/tenantId"),
                invalid(
                        "a tenant that is no UUID",
                        event(type, id, "\"tenantId\":true", user),
                        "[malformed] /event/tenantId"),
                invalid(
                        "a fraction of a millisecond",
                        event(type, id, tenant, user, "\"createInstant\":1.5"),
                        "[malformed] /event/createInstant"),
                invalid(
                        "an instant beyond time",
                        event(type, id, tenant, user, "\"createInstant\":99999999999999999999"),
                        "[malformed] /event/createInstant"),
                invalid(
                        "an instant that is a text",
                        event(type, id, tenant, user, "\"createInstant\":\"2026\""),
                        "[malformed] /event/createInstant"),
                accepted("an instant before 1970", Call.of(event(type, id, tenant, user, "\"createInstant\":-1"))),
                accepted(
                        "the last instant of all",
                        Call.of(event(type, id, tenant, user, "\"createInstant\":" + Long.MAX_VALUE))),
                accepted(
                        "the first instant of all",
                        Call.of(event(type, id, tenant, user, "\"createInstant\":" + Long.MIN_VALUE))));
    }

    private static List<Row> meaning() {
        return List.of(
                accepted(
                        "another type that is configured is accepted",
                        Call.of(event().replace("user.delete", "user.delete.complete"))),
                ignored("another type is ignored", event().replace("user.delete", "user.create")),
                ignored(
                        "another type is ignored, whatever else is wrong",
                        "{\"event\":{\"type\":\"user.create\",\"id\":1}}"),
                ignored("a type in other case is another type", event().replace("user.delete", "User.Delete")),
                ignored("an empty type is another type", event().replace("user.delete", "")),
                ignored("another tenant is ignored", event().replace(OURS.toString(), THEIRS.toString())),
                ignored(
                        "another tenant is ignored, whatever else is wrong",
                        "{\"event\":{\"type\":\"user.delete\",\"tenantId\":\"%s\"}}".formatted(THEIRS)),
                accepted(
                        "a tenant in capitals is the same",
                        Call.of(event().replace(OURS.toString(), OURS.toString().toUpperCase()))),
                accepted(
                        "the tenant may stand with the user",
                        Call.of(
                                "{\"event\":{\"type\":\"user.delete\",\"id\":\"%s\",\"user\":{\"id\":\"%s\",\"tenantId\":\"%s\"}}}"
                                        .formatted(UUID.randomUUID(), UUID.randomUUID(), OURS))),
                ignored(
                        "another tenant that stands with the user is ignored",
                        "{\"event\":{\"type\":\"user.delete\",\"id\":\"%s\",\"user\":{\"id\":\"%s\",\"tenantId\":\"%s\"}}}"
                                .formatted(UUID.randomUUID(), UUID.randomUUID(), THEIRS)),
                accepted(
                        "the user's id may stand with the linked object only",
                        Call.of(
                                "{\"event\":{\"type\":\"user.delete\",\"id\":\"%s\",\"linkedObjectId\":\"%s\",\"tenantId\":\"%s\"}}"
                                        .formatted(UUID.randomUUID(), UUID.randomUUID(), OURS))));
    }

    private static Row accepted(String behaviour, Call call) {
        return new Row(behaviour, call, 200, List.of("accepted"));
    }

    private static Row ignored(String behaviour, String body) {
        return new Row(behaviour, Call.of(body), 200, List.of("ignored"));
    }

    private static Row unsupported(String behaviour, Call call) {
        return new Row(behaviour, call, 415, List.of("[unsupportedMediaType]"));
    }

    private static Row tooLarge(String behaviour, Call call) {
        return new Row(behaviour, call, 413, List.of("[tooLarge]"));
    }

    private static Row notJson(String what, String body) {
        return notJson(what, Call.of(body));
    }

    private static Row notJson(String what, Call call) {
        return new Row(what + " is not JSON to us", call, 400, List.of("[invalidJSON]"));
    }

    private static Row invalid(String what, String body, String... says) {
        return new Row(what + " is invalid", Call.of(body), 400, List.of(says));
    }

    private static Call typed(String mediaType) {
        return Call.of(event()).with("Content-Type", mediaType);
    }

    /** An event of ours. */
    private static String event() {
        return event(
                "\"type\":\"user.delete\"",
                "\"id\":\"%s\"".formatted(UUID.randomUUID()),
                "\"tenantId\":\"%s\"".formatted(OURS),
                "\"user\":{\"id\":\"%s\"}".formatted(UUID.randomUUID()));
    }

    /** An event of ours with one more field. */
    private static String event(String name, String value) {
        String event = event();
        return event.substring(0, event.length() - 2) + ",\"" + name + "\":" + value + "}}";
    }

    private static String event(String... fields) {
        return "{\"event\":{" + String.join(",", fields) + "}}";
    }

    /** Document and event are two levels. */
    private static String nested(int levels) {
        return event("data", "[".repeat(levels - 2) + "]".repeat(levels - 2));
    }

    private static byte[] padded(int bytes) {
        String event = event();
        return (event + " ".repeat(bytes - event.length())).getBytes(UTF_8);
    }

    private static byte[] withBytes(String hex) {
        String[] parts = event("data", "\"@\"").split("@");
        byte[] middle = HexFormat.of().parseHex(hex);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(parts[0].getBytes(UTF_8));
        bytes.writeBytes(middle);
        bytes.writeBytes(parts[1].getBytes(UTF_8));
        return bytes.toByteArray();
    }
}
