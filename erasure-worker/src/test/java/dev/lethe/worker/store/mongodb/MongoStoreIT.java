package dev.lethe.worker.store.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.mongodb.Rule.Identifier;
import dev.lethe.worker.store.mongodb.Rule.What;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bson.BsonBinary;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MongoStoreIT extends StoreContract {
    private static final List<Rule> RULES = List.of(
            delete("customers", Map.of("_id", userId())),
            delete("orders", Map.of("customer.id", userId())),
            delete("newsletter", Map.of("email", new Identifier("email", IdentifierType.STRING))),
            delete("gifts", Map.of("giver", userId(), "receivers", userId())),
            new Rule("teams", Map.of("members.userId", userId()), What.PULL, "members", Map.of(), List.of()),
            new Rule(
                    "comments",
                    Map.of("authorId", userId()),
                    What.ANONYMIZE,
                    "",
                    Map.of("author", "erased"),
                    List.of("authorId", "contact.email")));

    private static MongoFixture server;

    @BeforeAll
    static void start() {
        server = new MongoFixture();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void createCollections() {
        server.admin().drop();
        RULES.forEach(rule -> server.admin().createCollection(rule.collection()));
    }

    private static Identifier userId() {
        return new Identifier("userId", IdentifierType.STRING);
    }

    private static Rule delete(String collection, Map<String, Identifier> fields) {
        return new Rule(collection, fields, What.DELETE, "", Map.of(), List.of());
    }

    private static MongoCollection<Document> collection(String name) {
        return server.admin().getCollection(name);
    }

    @Override
    protected ErasureStore open() {
        return server.open(RULES);
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        MongoStoreConfig config = server.config("stranger", RULES);
        return new MongoStore("shop", config, () -> Clients.open("shop", config));
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return server.open(List.of(RULES.getFirst(), delete("custmers", Map.of("_id", userId()))));
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        String id = subject.userId();
        collection("customers").insertOne(new Document("_id", id));
        for (int n = 0; n < 3; n++) {
            collection("orders").insertOne(new Document("customer", new Document("id", id)).append("n", n));
        }
        collection("newsletter")
                .insertOne(new Document("email", subject.values("email").getFirst()));
        collection("gifts").insertOne(new Document("giver", id).append("receivers", List.of(id, "somebody")));
        collection("teams")
                .updateOne(
                        Filters.eq("_id", "all"),
                        Updates.pushEach(
                                "members",
                                List.of(
                                        new Document("userId", id).append("n", 1),
                                        new Document("userId", id).append("n", 2))),
                        new UpdateOptions().upsert(true));
        collection("comments")
                .insertOne(new Document("authorId", id)
                        .append("author", "Ada")
                        .append("text", "hello")
                        .append("contact", new Document("email", id).append("country", "UK")));
        var items = new LinkedHashMap<String, Long>();
        items.put("customers", 1L);
        items.put("orders", 3L);
        items.put("newsletter", 1L);
        items.put("gifts", 1L);
        items.put("teams", 2L);
        items.put("comments", 1L);
        return items;
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        collection("gifts")
                .insertOne(
                        new Document("giver", one.userId()).append("receivers", List.of("somebody", other.userId())));
        return Map.of("gifts", 1L);
    }

    /** Documents that are anonymous, and the team without its members, are nobody's items. */
    @Override
    protected List<String> contents() {
        return Stream.of(
                        Stream.of("customers", "orders", "newsletter", "gifts")
                                .flatMap(name -> documents(name, new Document())),
                        documents("comments", Filters.exists("authorId")),
                        collection("teams").find().into(new ArrayList<>()).stream()
                                .flatMap(team -> team.getList("members", Document.class).stream())
                                .map(Document::toJson))
                .flatMap(items -> items)
                .sorted()
                .toList();
    }

    private static Stream<String> documents(String name, Bson filter) {
        return collection(name).find(filter).into(new ArrayList<>()).stream().map(document -> name + document.toJson());
    }

    @Override
    protected void cutOff() {
        server.cutOff();
    }

    @Override
    protected void bringBack() {
        server.bringBack();
    }

    @Test
    void aBatchCostsTwoCommandsPerCollection() throws Exception {
        List<Subject> batch = subjects(0, 500);
        batch.forEach(this::plant);
        var commands = new Sent();

        try (ErasureStore store = server.open(RULES, commands)) {
            store.plan();
            commands.byName.clear();
            List<StoreResult> results = store.erase(batch);

            assertThat(results.get(499))
                    .isEqualTo(new StoreResult.Settled(List.of(
                            TargetOutcome.deleted("customers", 1),
                            TargetOutcome.deleted("orders", 3),
                            TargetOutcome.deleted("newsletter", 1),
                            TargetOutcome.deleted("gifts", 1),
                            TargetOutcome.deleted("teams", 2),
                            TargetOutcome.anonymized("comments", 1))));
            assertThat(commands.byName).isEqualTo(Map.of("find", 6, "delete", 4, "update", 2));

            commands.byName.clear();
            store.erase(batch);
            assertThat(commands.byName).isEqualTo(Map.of("find", 6, "listCollections", 1));
        }

        assertThat(contents()).isEmpty();
    }

    @Test
    void everyChangeAsksForAMajority() throws Exception {
        plant(subject("ada-" + MARK));
        var commands = new Sent();

        try (ErasureStore store = server.open(RULES, commands)) {
            store.erase(List.of(subject("ada-" + MARK)));
        }

        assertThat(commands.concerns)
                .isEqualTo(Map.of("delete", "{\"w\": \"majority\"}", "update", "{\"w\": \"majority\"}"));
    }

    @Test
    void anAnonymizedDocumentKeepsWhatIsNotTheSubjects() throws Exception {
        plant(subject("ada-" + MARK));

        try (ErasureStore store = open()) {
            store.erase(List.of(subject("ada-" + MARK)));
        }

        assertThat(collection("comments").find().projection(new Document("_id", 0)))
                .containsExactly(new Document("author", "erased")
                        .append("text", "hello")
                        .append("contact", new Document("country", "UK")));
    }

    @Test
    void anAnonymizedDocumentThatStillNamesItsSubjectIsFoundNoMore() throws Exception {
        Subject ada = subject("ada-" + MARK);
        plant(ada);
        var rule = new Rule(
                "comments", Map.of("authorId", userId()), What.ANONYMIZE, "", Map.of("author", "erased"), List.of());

        try (ErasureStore store = server.open(List.of(rule))) {
            assertThat(store.plan().warnings())
                    .anyMatch(warning -> warning.contains("still hold the subject's userId in authorId"));
            assertThat(store.count(List.of(ada)).getFirst().total()).isEqualTo(1);
            assertThat(store.erase(List.of(ada))).containsExactly(settled(TargetOutcome.anonymized("comments", 1)));
            assertThat(store.erase(List.of(ada))).containsExactly(settled(TargetOutcome.anonymized("comments", 0)));
            assertThat(store.count(List.of(ada)).getFirst().total()).isZero();
        }
    }

    @Test
    void onlyTheSubjectsElementsArePulled() throws Exception {
        plant(subject("ada-" + MARK));
        plant(subject("bob-" + MARK));

        try (ErasureStore store = open()) {
            store.erase(List.of(subject("ada-" + MARK)));
        }

        assertThat(collection("teams").find().first().getList("members", Document.class))
                .extracting(member -> member.getString("userId"))
                .containsExactly("bob-7f3q", "bob-7f3q");
    }

    @Test
    void elementsThatAreIdentifiersThemselvesArePulled() throws Exception {
        Subject ada = subject("ada-" + MARK);
        collection("teams").insertOne(new Document("ids", List.of("ada-7f3q", "bob-7f3q", "ada-7f3q")));
        var rule = new Rule("teams", Map.of("ids", userId()), What.PULL, "ids", Map.of(), List.of());

        try (ErasureStore store = server.open(List.of(rule))) {
            assertThat(store.count(List.of(ada)).getFirst().total()).isEqualTo(2);
            assertThat(store.erase(List.of(ada))).containsExactly(settled(TargetOutcome.deleted("teams", 2)));
        }

        assertThat(collection("teams").find().first().getList("ids", String.class))
                .containsExactly("bob-7f3q");
    }

    @Test
    void identifiersHaveTheTypeOfTheField() throws Exception {
        var objectId = new ObjectId();
        var uuid = UUID.randomUUID();
        collection("customers").insertOne(new Document("_id", objectId));
        collection("customers").insertOne(new Document("_id", objectId.toHexString()));
        collection("orders").insertOne(new Document("uuid", new BsonBinary(uuid)));
        collection("orders").insertOne(new Document("uuid", uuid.toString()));
        Stream.of(42, 42L, 42.0, 42.5, "42").forEach(n -> collection("gifts").insertOne(new Document("n", n)));

        assertThat(erased("customers", "_id", IdentifierType.OBJECT_ID, objectId.toHexString()))
                .isEqualTo(settled(TargetOutcome.deleted("customers", 1)));
        assertThat(erased("orders", "uuid", IdentifierType.UUID, uuid.toString()))
                .isEqualTo(settled(TargetOutcome.deleted("orders", 1)));
        assertThat(erased("gifts", "n", IdentifierType.LONG, "42"))
                .isEqualTo(settled(TargetOutcome.deleted("gifts", 3)));

        assertThat(erased("gifts", "n", IdentifierType.LONG, "042"))
                .isEqualTo(new StoreResult.Unresolved("INVALID_IDENTIFIER"));
        assertThat(erased("orders", "uuid", IdentifierType.UUID, "42"))
                .isEqualTo(new StoreResult.Unresolved("INVALID_IDENTIFIER"));
        assertThat(erased("gifts", "n", IdentifierType.OBJECT_ID, "42"))
                .isEqualTo(new StoreResult.Unresolved("INVALID_IDENTIFIER"));
    }

    private static StoreResult erased(String collection, String field, IdentifierType type, String identifier)
            throws Exception {
        Subject subject = subject(identifier);
        try (ErasureStore store =
                server.open(List.of(delete(collection, Map.of(field, new Identifier("userId", type)))))) {
            StoreResult result = store.erase(List.of(subject)).getFirst();
            if (result instanceof StoreResult.Settled) {
                assertThat(store.count(List.of(subject)).getFirst().total()).isZero();
            } else {
                assertThatExceptionOfType(StoreFailureException.class).isThrownBy(() -> store.count(List.of(subject)));
            }
            return result;
        }
    }

    @Test
    void aSubjectWithoutTheIdentifierIsUnresolvedAndTheOthersAreErased() throws Exception {
        List<Subject> batch = subjects(0, 2);
        batch.forEach(this::plant);
        var nameless = new Subject(subject("x-" + MARK).key(), "x-" + MARK, null, Map.of());

        try (ErasureStore store = open()) {
            assertThat(store.erase(List.of(batch.get(0), nameless, batch.get(1))))
                    .element(1)
                    .isEqualTo(new StoreResult.Unresolved("UNRESOLVED"));
        }

        assertThat(contents()).isEmpty();
    }

    @Test
    void anArrayThatIsNoneIsARefusalAndNeverZero() {
        Subject ada = subject("ada-" + MARK);
        collection("teams").insertOne(new Document("members", new Document("userId", ada.userId())));

        try (ErasureStore store = open()) {
            assertThatExceptionOfType(StoreFailureException.class).isThrownBy(() -> store.erase(List.of(ada)));
        }
    }

    @Test
    void thePlanTellsOfFieldsWithoutAnIndex() throws Exception {
        collection("orders").createIndex(new Document("customer.id", 1));

        try (ErasureStore store = open()) {
            StorePlan plan = store.plan();

            assertThat(plan.steps())
                    .extracting(StorePlan.Step::path)
                    .contains("elements of members in teams where members.userId = userId");
            assertThat(plan.warnings())
                    .anyMatch(warning -> warning.contains("no index of comments"))
                    .noneMatch(warning -> warning.contains("no index of customers"))
                    .noneMatch(warning -> warning.contains("no index of orders"));
        }
    }

    private static StoreResult settled(TargetOutcome outcome) {
        return new StoreResult.Settled(List.of(outcome));
    }

    /** Counts commands by name, those of the login left out. */
    private static final class Sent implements CommandListener {
        private final Map<String, Integer> byName = new ConcurrentHashMap<>();
        private final Map<String, String> concerns = new TreeMap<>();

        @Override
        public void commandStarted(CommandStartedEvent event) {
            if (!event.getCommandName().startsWith("sasl")) {
                byName.merge(event.getCommandName(), 1, Integer::sum);
            }
            if (event.getCommand().containsKey("writeConcern")) {
                concerns.put(
                        event.getCommandName(),
                        event.getCommand().getDocument("writeConcern").toJson());
            }
        }
    }
}
