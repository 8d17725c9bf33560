package dev.lethe.worker.store.opensearch;

import static dev.lethe.worker.store.opensearch.OpenSearchStoreIT.mappings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What indices can be like: mappings, actions, sizes. */
@Tag("thorough")
class OpenSearchIndexIT {
    private static final String KEYWORD = "\"user\":{\"type\":\"keyword\"}";

    private static OpenSearch server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = new OpenSearch(directory);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void drop() {
        server.call("DELETE", "/things*,others*?expand_wildcards=all", "");
    }

    @Test
    void fiveHundredSubjectsInSeveralIndicesTakeThreeCalls() throws Exception {
        server.call("PUT", "/things", mappings(KEYWORD));
        server.call("PUT", "/things-2", mappings(KEYWORD));
        server.call("PUT", "/others", mappings(KEYWORD + ",\"name\":{\"type\":\"text\"}"));
        bulk("things", 600);
        bulk("things-2", 600);
        bulk("others", 600);
        List<Subject> batch = subjects(0, 500);

        try (OpenSearchStore store = open("""
                indices:
                  things: { subject: { user: userId } }
                  things-2: { subject: { user: userId } }
                  others: { subject: { user: userId }, action: anonymize, unset: [user] }
                """)) {
            store.erase(subjects(590, 1));
            server.forgetCalls();
            List<StoreResult> results = store.erase(batch);

            assertThat(server.calls())
                    .containsExactly("POST /things,things-2,others/_refresh", "POST /_msearch", "POST /_bulk");
            assertThat(results)
                    .hasSize(500)
                    .allSatisfy(result -> assertThat(result)
                            .isEqualTo(new StoreResult.Settled(List.of(
                                    TargetOutcome.deleted("things", 1),
                                    TargetOutcome.deleted("things-2", 1),
                                    TargetOutcome.anonymized("others", 1)))));
            server.forgetCalls();
            assertThat(store.count(batch)).extracting(Remaining::total).containsOnly(0L);
            assertThat(server.calls()).hasSize(2);
        }
        assertThat(server.count("things")).isEqualTo(99);
        assertThat(server.count("others")).isEqualTo(600);
    }

    @Test
    void aDocumentThatStaysNoLongerTellsWhoseItWas() throws Exception {
        server.call(
                "PUT",
                "/others",
                mappings("\"author\":{\"properties\":{\"id\":{\"type\":\"keyword\"}}},\"text\":{\"type\":\"text\"}"));
        server.call("POST", "/others/_doc/nested?refresh=true", """
                {"author":{"id":"user-1","name":"Ada'); ctx.op = 'delete'; //","since":1815},"text":"Hello"}
                """);
        server.call("POST", "/others/_doc/flat?refresh=true", """
                {"author.id":"user-1","author.name":"Ada","text":"Hello"}
                """);
        server.call("POST", "/others/_doc/list?refresh=true", """
                {"author":[{"id":"user-1","name":"Ada"},{"id":"user-2","name":"Bob"}],"text":"Hello"}
                """);
        server.call("POST", "/others/_doc/other?refresh=true", """
                {"author":{"id":"user-3","name":"Eve"},"text":"Hello"}
                """);

        try (ErasureStore store = open("""
                indices:
                  others:
                    subject: { author.id: userId }
                    action: anonymize
                    set: { author.name: "era'sed", kept: "no" }
                    unset: [author.id]
                """)) {
            assertThat(store.erase(subjects(1, 1)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.anonymized("others", 3))));
            assertThat(store.count(subjects(1, 1))).containsExactly(new Remaining(Map.of("others", 0L)));
            assertThat(store.erase(subjects(1, 1)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.anonymized("others", 0))));
        }

        assertThat(source("nested")).isEqualTo("""
                {"author":{"name":"era'sed","since":1815},"text":"Hello","kept":"no"}""");
        assertThat(source("flat")).isEqualTo("""
                {"author.name":"era'sed","text":"Hello","kept":"no"}""");
        assertThat(source("list")).isEqualTo("""
                {"author":[{"name":"era'sed"},{"name":"era'sed"}],"text":"Hello","kept":"no"}""");
        assertThat(source("other")).isEqualTo("""
                {"author":{"id":"user-3","name":"Eve"},"text":"Hello"}""");
    }

    private static String source(String id) {
        return server.call("GET", "/others/_doc/" + id, "").path("_source").toString();
    }

    @Test
    void whatASearchCanNotFindAtOnceIsErasedInATaskOfTheCluster() throws Exception {
        server.call("PUT", "/things", mappings(KEYWORD));
        server.call("PUT", "/others", mappings(KEYWORD));
        for (int i = 0; i < 3; i++) {
            bulkOf("things", "user-1", 4_000);
            bulkOf("others", "user-1", 4_000);
        }
        bulkOf("things", "user-2", 5);
        bulkOf("things", "user-3", 7);

        try (ErasureStore store = open("""
                indices:
                  things: { subject: { user: userId } }
                  others: { subject: { user: userId }, action: anonymize, set: { user: erased } }
                """)) {
            server.forgetCalls();
            assertThat(store.erase(subjects(1, 2)))
                    .containsExactly(
                            new StoreResult.Settled(List.of(
                                    TargetOutcome.deleted("things", 12_000),
                                    TargetOutcome.anonymized("others", 12_000))),
                            new StoreResult.Settled(List.of(
                                    TargetOutcome.deleted("things", 5), TargetOutcome.anonymized("others", 0))));
        }

        assertThat(server.calls())
                .contains("POST /things/_delete_by_query", "POST /others/_update_by_query")
                .anyMatch(call -> call.startsWith("GET /_tasks/"));
        assertThat(server.count("things")).isEqualTo(7);
        assertThat(server.count("others")).isEqualTo(12_000);
    }

    @Test
    void documentsThatChangeMeanwhileAreErasedAllTheSame() throws Exception {
        server.call("PUT", "/things", mappings(KEYWORD));
        for (int i = 0; i < 50; i++) {
            server.call("PUT", "/things/_doc/" + i + "?refresh=true", "{\"user\":\"user-1\",\"n\":0}");
        }
        var erased = new AtomicBoolean();
        var writer = CompletableFuture.runAsync(
                () -> {
                    for (int n = 1; !erased.get(); n++) {
                        server.tryCall("POST", "/things/_update/" + n % 50, "{\"doc\":{\"n\":" + n + "}}");
                    }
                },
                command -> Thread.ofPlatform().start(command));

        try (ErasureStore store = open("indices: { things: { subject: { user: userId } } }\n")) {
            assertThat(store.erase(subjects(1, 1)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.deleted("things", 50))));
        } finally {
            erased.set(true);
        }
        writer.join();
        assertThat(server.count("things")).isZero();
    }

    @Test
    void fieldsThatDoNotCompareExactlyAreRefusedWithWhatToDo() throws Exception {
        server.call("PUT", "/things", """
                {"settings":{"analysis":{"normalizer":{"low":{"type":"custom","filter":["lowercase"]}}}},
                 "mappings":{"properties":{
                   "text":{"type":"text","fields":{"raw":{"type":"keyword"}}},
                   "plain":{"type":"text"},
                   "low":{"type":"keyword","normalizer":"low"},
                   "number":{"type":"long"},
                   "hidden":{"type":"keyword","index":false},
                   "parts":{"type":"nested","properties":{"user":{"type":"keyword"}}},
                   "object":{"properties":{"user":{"type":"keyword"}}}}}}
                """);

        try (ErasureStore store = open("""
                indices:
                  things:
                    subject: { text: userId, plain: userId, low: userId, number: userId, hidden: userId, parts.user: userId,
                               object: userId, absent: userId, text.raw: userId, object.user: userId }
                """)) {
            assertThat(store.plan().obstacles())
                    .hasSize(8)
                    .anyMatch(obstacle ->
                            obstacle.contains("\"text\": is of type text") && obstacle.endsWith("use its field .raw"))
                    .anyMatch(obstacle ->
                            obstacle.contains("\"plain\"") && obstacle.contains("add a field of type keyword"))
                    .anyMatch(obstacle -> obstacle.contains("\"low\": has a normalizer"))
                    .anyMatch(obstacle -> obstacle.contains("\"number\": is of type long"))
                    .anyMatch(obstacle -> obstacle.contains("\"hidden\": is not indexed"))
                    .anyMatch(obstacle -> obstacle.contains("\"parts.user\": is in nested documents"))
                    .anyMatch(obstacle -> obstacle.contains("\"object\": is of type object"))
                    .anyMatch(obstacle -> obstacle.contains("\"absent\": is not mapped"));
            assertThat(unavailable(store).code()).isEqualTo("MISCONFIGURED");
        }
    }

    @Test
    void aValueThatTheIndexLeavesOutIsNotTakenForAbsent() throws Exception {
        server.call("PUT", "/things", mappings("\"user\":{\"type\":\"keyword\",\"ignore_above\":8}"));
        server.call("POST", "/things/_doc?refresh=true", "{\"user\":\"user-1000\"}");
        server.call("POST", "/things/_doc?refresh=true", "{\"user\":\"user-100\"}");

        try (ErasureStore store = open("indices: { things: { subject: { user: userId } } }\n")) {
            assertThat(store.erase(List.of(subject(1000), subject(100))))
                    .containsExactly(
                            new StoreResult.Unresolved("INVALID_IDENTIFIER"),
                            new StoreResult.Settled(List.of(TargetOutcome.deleted("things", 1))));
        }
    }

    @Test
    void closedAndDoublyMappedIndicesAreObstacles() throws Exception {
        server.call("PUT", "/things-1", mappings(KEYWORD));
        server.call("PUT", "/things-2", mappings(KEYWORD));
        server.call("POST", "/things-2/_close", "");

        try (ErasureStore store = open("""
                indices:
                  things-*: { subject: { user: userId } }
                  things-1: { subject: { user: userId } }
                """)) {
            assertThat(store.plan().obstacles())
                    .anyMatch(obstacle -> obstacle.contains("\"things-2\" of \"things-*\" is closed"))
                    .anyMatch(obstacle -> obstacle.contains("behind both \"things-*\" and \"things-1\""));
        }
    }

    @Test
    void anIndexThatTakesNoChangesMakesTheStoreUnavailable() throws Exception {
        server.call("PUT", "/things", mappings(KEYWORD));
        bulkOf("things", "user-1", 3);
        server.call(
                "PUT",
                "/things/_settings",
                "{\"index.blocks.read_only_allow_delete\":false,\"index.blocks.write\":true}");

        try (ErasureStore store = open("indices: { things: { subject: { user: userId } } }\n")) {
            assertThat(unavailable(store).code()).isEqualTo("READ_ONLY");
            server.call("PUT", "/things/_settings", "{\"index.blocks.write\":false}");
            assertThat(store.erase(subjects(1, 1)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.deleted("things", 3))));
        }
    }

    @Test
    void anIndexThatVanishesIsAnErrorAndNeverZero() throws Exception {
        server.call("PUT", "/things", mappings(KEYWORD));

        try (ErasureStore store = open("indices: { things: { subject: { user: userId } } }\n")) {
            store.erase(subjects(1, 1));
            server.call("DELETE", "/things", "");
            assertThat(unavailable(store).code()).isEqualTo("MISCONFIGURED");
        }
    }

    @Test
    void routedDocumentsAreFoundWhereTheyAre() throws Exception {
        server.call("PUT", "/things", """
                {"settings":{"number_of_shards":3},"mappings":{"_routing":{"required":true},"properties":{%s}}}
                """.formatted(KEYWORD));
        for (int i = 0; i < 10; i++) {
            server.call("POST", "/things/_doc?refresh=true&routing=r" + i, "{\"user\":\"user-1\"}");
        }

        try (ErasureStore store = open("indices: { things: { subject: { user: userId } } }\n")) {
            assertThat(store.erase(subjects(1, 1)))
                    .containsExactly(new StoreResult.Settled(List.of(TargetOutcome.deleted("things", 10))));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401,UNAUTHENTICATED",
        "403,UNAUTHENTICATED",
        "429,OVERLOADED",
        "503,OVERLOADED",
        "502,UNREACHABLE",
        "504,UNREACHABLE",
        "500,FAILING"
    })
    void aClusterThatCanNotWorkIsUnavailable(int status, String code) throws Exception {
        server.call("PUT", "/things", mappings(KEYWORD));

        try (ErasureStore store = open("indices: { things: { subject: { user: userId } } }\n")) {
            server.refuse(status);
            assertThat(unavailable(store).code()).isEqualTo(code);
        } finally {
            server.refuse(0);
        }
    }

    private static StoreUnavailableException unavailable(ErasureStore store) {
        var thrown = catchThrowableOfType(StoreUnavailableException.class, () -> store.erase(subjects(1, 1)));
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private static OpenSearchStore open(String indices) {
        return OpenSearchStoreIT.open(server, OpenSearch.PASSWORD, indices);
    }

    private static void bulk(String index, int users) {
        lines(index, IntStream.range(0, users).mapToObj(n -> "user-" + n).toList());
    }

    private static void bulkOf(String index, String user, int documents) {
        lines(index, IntStream.range(0, documents).mapToObj(n -> user).toList());
    }

    private static void lines(String index, List<String> users) {
        String lines = users.stream()
                .map(user -> {
                    ObjectNode document = OpenSearchStoreIT.object().put("user", user);
                    return "{\"index\":{}}\n" + document + "\n";
                })
                .collect(Collectors.joining());
        assertThat(server.call("POST", "/" + index + "/_bulk", lines)
                        .path("errors")
                        .asBoolean())
                .isFalse();
    }

    private static List<Subject> subjects(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(OpenSearchIndexIT::subject)
                .toList();
    }

    private static Subject subject(int n) {
        return new Subject(new SubjectKey("%022d".formatted(n)), "user-" + n, null, Map.of());
    }
}
