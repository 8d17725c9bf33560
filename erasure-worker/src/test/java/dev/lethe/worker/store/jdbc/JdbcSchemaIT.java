package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.CapturedLog;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan.Step;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas, types, locks and refusals of a real PostgreSQL. */
class JdbcSchemaIT {
    private static final String ADA = "0d5a4c1e-7d6b-4a3f-9a3b-0c1d2e3f4a5b";
    private static final String BOB = "9e8d7c6b-5a49-4832-a1b0-c9d8e7f6a5b4";

    private static Postgres postgres;

    private CapturedLog log;

    @BeforeAll
    static void start(@TempDir Path directory) {
        postgres = new Postgres(directory);
        postgres.execute("CREATE ROLE clerk LOGIN");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void listen() {
        log = new CapturedLog();
    }

    @AfterEach
    void nothingPersonalIsLogged() {
        log.close();
        assertThat(log.text()).doesNotContain("ada@x", ADA, "not ada", "\"ada\"", "(ada)", "'ada'");
    }

    @BeforeEach
    void empty() {
        postgres.execute(
                "DROP SCHEMA IF EXISTS public, archive CASCADE",
                "CREATE SCHEMA public",
                "GRANT USAGE ON SCHEMA public TO clerk");
    }

    @Test
    void childrenGoFirstAtAnyDepthAndCascadesAreCounted() throws Exception {
        postgres.execute(
                "CREATE TABLE customers (id uuid PRIMARY KEY)",
                "CREATE TABLE orders (id int PRIMARY KEY, customer_id uuid REFERENCES customers)",
                "CREATE INDEX ON orders (customer_id)",
                "CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders ON DELETE CASCADE)",
                "CREATE INDEX ON lines (order_id)",
                "CREATE SCHEMA archive",
                "CREATE TABLE archive.notes (line_id int REFERENCES public.lines ON DELETE RESTRICT)",
                insert("customers", "'" + ADA + "'", "'" + BOB + "'"),
                insert("orders", "1, '" + ADA + "'", "2, '" + ADA + "'", "3, '" + BOB + "'"),
                insert("lines", "1, 1", "2, 1", "3, 2", "4, 3"),
                insert("archive.notes", "1", "1", "4"));

        try (JdbcStore store = store(Map.of("customers", Map.of("id", "userId")))) {
            assertThat(store.plan().steps())
                    .extracting(Step::target, Step::path)
                    .containsExactly(
                            tuple(
                                    "archive.notes",
                                    "archive.notes.line_id → lines.order_id → orders.customer_id = userId"),
                            tuple("lines", "lines.order_id → orders.customer_id = userId"),
                            tuple("orders", "orders.customer_id = userId"),
                            tuple("customers", "customers.id = userId"));
            assertThat(store.plan().warnings())
                    .singleElement()
                    .asString()
                    .matches(
                            "every batch reads all of archive\\.notes \\(planner cost [0-9.]+\\) for want of an index: "
                                    + "CREATE INDEX CONCURRENTLY ON archive\\.notes \\(line_id\\)");
            assertThat(store.erase(List.of(subject(ADA))))
                    .containsExactly(settled(
                            deleted("archive.notes", 2),
                            deleted("lines", 3),
                            deleted("orders", 2),
                            deleted("customers", 1)));
        }

        assertThat(postgres.rows("public")).hasSize(3);
        assertThat(postgres.rows("archive")).hasSize(1);
    }

    @Test
    void namesOfAnyKindAreTakenAsTheyAre() throws Exception {
        postgres.execute(
                "CREATE TABLE \"Order\" (\"select\" text PRIMARY KEY, \"User Id\" text)",
                "CREATE TABLE \"weird ?? :name <x> \"\"q\"\" \\ 'a'\" (\"group\" text REFERENCES \"Order\", n text, \"nn\" int)",
                insert("\"Order\"", "'1', 'ada'", "'2', 'bob'"),
                insert("\"weird ?? :name <x> \"\"q\"\" \\ 'a'\"", "'1', 'x'", "'2', 'ada'", "'2', 'x'"));
        Map<String, Map<String, String>> tables =
                Map.of("Order", Map.of("User Id", "userId"), "weird ?? :name <x> \"q\" \\ 'a'", Map.of("n", "userId"));

        try (JdbcStore store = store(tables)) {
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(deleted("weird ?? :name <x> \"q\" \\ 'a'", 2), deleted("Order", 1)));
            assertThat(store.count(List.of(subject("bob"))).getFirst().items()).containsValues(1L, 1L);
        }
    }

    @Test
    void compositeKeysJoinAllTheirColumns() throws Exception {
        postgres.execute(
                "CREATE TABLE orders (region int, number int, owner text, PRIMARY KEY (region, number))",
                "CREATE TABLE lines (number int, region int, FOREIGN KEY (region, number) REFERENCES orders)",
                insert("orders", "1, 1, 'ada'", "1, 2, 'bob'", "2, 1, 'bob'"),
                insert("lines", "1, 1", "1, 1", "2, 1", "1, 2", "1, NULL"));

        try (JdbcStore store = store(Map.of("orders", Map.of("owner", "userId")))) {
            assertThat(store.plan().steps().getFirst().path())
                    .isEqualTo("lines.(region, number) → orders.owner = userId");
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(deleted("lines", 2), deleted("orders", 1)));
        }

        assertThat(postgres.number("SELECT count(*) FROM lines")).isEqualTo(3);
    }

    @Test
    void aRowThatSeveralWaysLeadToIsCountedOnceForEachSubject() throws Exception {
        postgres.execute(
                "CREATE TABLE users (id text PRIMARY KEY, email text)",
                "CREATE TABLE messages (id serial, sender text REFERENCES users, receiver text REFERENCES users, copy text)",
                insert("users", "'ada', 'ada@x'", "'bob', 'bob@x'", "'cid', 'cid@x'"),
                "INSERT INTO messages (sender, receiver, copy) VALUES ('ada', 'ada', 'ada@x'), ('ada', 'bob', NULL),"
                        + " ('cid', 'bob', 'ada@x'), ('cid', 'bob', NULL), ('cid', 'cid', 'dan@x')");

        try (JdbcStore store =
                store(Map.of("users", Map.of("id", "userId", "email", "email"), "messages", Map.of("copy", "email")))) {
            assertThat(store.count(List.of(subject("ada", "ada@x"), subject("bob", "bob@x"))))
                    .extracting(remaining -> remaining.items().get("messages"))
                    .containsExactly(3L, 3L);
            assertThat(store.erase(List.of(subject("ada", "ada@x"), subject("bob", "bob@x"))))
                    .containsExactly(
                            settled(deleted("messages", 3), deleted("users", 1)),
                            settled(deleted("messages", 3), deleted("users", 1)));
        }

        assertThat(postgres.rows("public")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "uuid          | 0d5a4c1e-7d6b-4a3f-9a3b-0c1d2e3f4a5b | 0d5a4c1e-7d6b-4a3f-9a3b-0c1d2e3f4a5c | bob",
                "text          | ada                                  | Ada                                  |",
                "varchar(5)    | ada                                  | adaaa                                |",
                "char(5)       | ada                                  | adaaa                                |",
                "bigint        | 16                                   | 10                                   | 0x10",
                "int           | 16                                   | 10                                   | 016",
                "smallint      | 16                                   | 10                                   | 1_6",
                "numeric(9)    | 16                                   | 10                                   | 1.6e1",
                "uuid_domain   | 0d5a4c1e-7d6b-4a3f-9a3b-0c1d2e3f4a5b | 0d5a4c1e-7d6b-4a3f-9a3b-0c1d2e3f4a5c | bob",
                "short_domain  | ada                                  | adaaa                                |",
                "text COLLATE caseless | ada                          | adaa                                 |",
            })
    void identifiersAreComparedInTheColumnsOwnTypeByItsIndex(String type, String mine, String other, String impossible)
            throws Exception {
        postgres.execute(
                "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE DOMAIN uuid_domain AS uuid",
                "CREATE DOMAIN short_domain AS varchar(5)",
                "CREATE TABLE owners (id " + type + " PRIMARY KEY)",
                "CREATE TABLE pets (owner " + type + " REFERENCES owners, name text)",
                "CREATE INDEX ON pets (owner)",
                insert("owners", "'" + mine + "'", "'" + other + "'"),
                insert("pets", "'" + mine + "', 'a'", "'" + mine + "', 'b'", "'" + other + "', 'c'", "NULL, 'd'"));

        try (JdbcStore store = store(Map.of("owners", Map.of("id", "userId")))) {
            assertThat(store.plan().obstacles()).isEmpty();
            assertThat(store.count(List.of(subject(mine))).getFirst().total()).isEqualTo(3);
            var results =
                    store.erase(List.of(subject(impossible == null ? "nobody".repeat(9) : impossible), subject(mine)));
            assertThat(results.getFirst())
                    .isEqualTo(
                            impossible == null
                                    ? settled(deleted("pets", 0), deleted("owners", 0))
                                    : unresolved("INVALID_IDENTIFIER"));
            assertThat(results.getLast()).isEqualTo(settled(deleted("pets", 2), deleted("owners", 1)));
        }

        assertThat(postgres.rows("public")).hasSize(3);
        assertThat(scans(mine)).doesNotContain("Seq Scan");
    }

    /** How the statements of the plan read the tables. */
    private static String scans(String value) throws StoreUnavailableException {
        try (JdbcStore store = store(Map.of("owners", Map.of("id", "userId")))) {
            List<String> statements = store.plan().steps().stream()
                    .flatMap(step -> step.statements().stream())
                    .toList();
            return postgres.admin().inTransaction(handle -> {
                handle.execute("SET LOCAL enable_seqscan = off");
                return statements.stream()
                        .map(statement ->
                                "EXPLAIN " + statement.replaceAll(":(looked|found)0", "'{" + value + "}'::text[]"))
                        .flatMap(explain -> handle.createQuery(explain).mapTo(String.class).stream())
                        .collect(Collectors.joining("\n"));
            });
        }
    }

    @Test
    void anIdentifierOutOfTheTypesRangeIsRefusedAndHarmsNobody() throws Exception {
        postgres.execute("CREATE TABLE owners (id int PRIMARY KEY)", insert("owners", "1"));

        try (JdbcStore store = store(Map.of("owners", Map.of("id", "userId")))) {
            assertThatExceptionOfType(StoreFailureException.class)
                    .isThrownBy(() -> store.erase(List.of(subject("1"), subject("99999999999"))))
                    .withMessage("INVALID_VALUE")
                    .withNoCause();
            assertThat(store.erase(List.of(subject("1")))).containsExactly(settled(deleted("owners", 1)));
        }
    }

    @Test
    void halfACharacterIsNotTakenForAQuestionMark() throws Exception {
        postgres.execute("CREATE TABLE owners (id text)", insert("owners", "'ada?'"));

        try (JdbcStore store = store(Map.of("owners", Map.of("id", "userId")))) {
            assertThat(store.erase(List.of(subject("ada\uD800"), subject("ada\0"))))
                    .containsExactly(unresolved("INVALID_IDENTIFIER"), unresolved("INVALID_IDENTIFIER"));
        }

        assertThat(postgres.rows("public")).hasSize(1);
    }

    @Test
    void aSubjectWithoutTheIdentifierOfATableFailsAloneAndUntouched() throws Exception {
        postgres.execute(
                "CREATE TABLE users (id text)",
                "CREATE TABLE optins (email text)",
                insert("users", "'ada'", "'bob'"),
                insert("optins", "'bob@x'"));

        try (JdbcStore store = store(Map.of("users", Map.of("id", "userId"), "optins", Map.of("email", "email")))) {
            assertThat(store.erase(List.of(subject("ada"), subject("bob", "bob@x"))))
                    .extracting(result -> result.getClass().getSimpleName())
                    .containsExactly("Unresolved", "Settled");
            assertThatExceptionOfType(StoreFailureException.class)
                    .isThrownBy(() -> store.count(List.of(subject("ada"))))
                    .withMessage("UNRESOLVED");
        }

        assertThat(postgres.rows("public")).containsExactly("public.users(ada)");
    }

    @Test
    void severalValuesOfOneIdentifierCountTogether() throws Exception {
        postgres.execute("CREATE TABLE optins (email text)", insert("optins", "'a@x'", "'b@x'", "'b@x'", "'c@x'"));

        try (JdbcStore store = store(Map.of("optins", Map.of("email", "email")))) {
            assertThat(store.erase(List.of(subject("ada", "a@x", "b@x"), subject("bob", "b@x"))))
                    .containsExactly(settled(deleted("optins", 3)), settled(deleted("optins", 2)));
        }
    }

    @Test
    void aChildThatIsInsertedMeanwhileIsErasedToo() throws Exception {
        shop();

        try (JdbcStore store = store(SHOP);
                Handle application = postgres.admin().open()) {
            application.begin();
            application.execute("INSERT INTO orders VALUES (9, 'ada')");
            var erasing = CompletableFuture.supplyAsync(() -> erase(store, "ada"));
            await().until(() -> waitingForALock() == 1);
            application.commit();

            assertThat(erasing.get()).containsExactly(settled(deleted("orders", 3), deleted("customers", 1)));
        }
    }

    @Test
    void aTableThatRefersSinceTheCatalogueWasReadIsFound() throws Exception {
        shop();

        try (JdbcStore store = store(SHOP)) {
            store.erase(List.of(subject("nobody")));
            postgres.execute(
                    "CREATE TABLE reviews (customer_id text REFERENCES customers)",
                    insert("reviews", "'ada'", "'bob'"));

            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(deleted("orders", 2), deleted("reviews", 1), deleted("customers", 1)));
        }
    }

    @Test
    void aDeadlockIsTriedAgainAtOnce() throws Exception {
        shop();

        try (JdbcStore store = store(SHOP);
                Handle application = postgres.admin().open()) {
            // Longer than the store's, so that it is the store that gives way.
            application.execute("SET deadlock_timeout = '1min'");
            application.begin();
            application.execute("UPDATE customers SET id = id WHERE id = 'ada'");
            var erasing = CompletableFuture.supplyAsync(() -> erase(store, "ada"));
            await().until(() -> waitingForALock() == 1);
            application.execute("UPDATE orders SET id = id WHERE customer_id = 'ada'");
            application.commit();

            assertThat(erasing.get()).containsExactly(settled(deleted("orders", 2), deleted("customers", 1)));
        }
    }

    @Test
    void aLockThatIsNotGivenUpMakesTheStoreUnavailable() {
        shop();

        try (JdbcStore store = store(SHOP);
                Handle application = postgres.admin().open()) {
            application.begin();
            application.execute("LOCK TABLE customers");

            assertUnavailable(catchThrowable(() -> store.erase(List.of(subject("ada")))), "LOCKED");
            application.rollback();
        }

        assertThat(postgres.rows("public")).hasSize(5);
    }

    @Test
    void aServerThatIsKilledInTheMiddleOfABatchHasDoneNothingOfIt() throws Exception {
        shop();
        List<String> before = postgres.rows("public");

        try (JdbcStore store = store(SHOP)) {
            Handle application = postgres.admin().open();
            application.begin();
            application.execute("UPDATE customers SET id = id WHERE id = 'ada'");
            var erasing =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> store.erase(List.of(subject("ada")))));
            await().until(() -> waitingForALock() == 1);
            postgres.kill();

            assertUnavailable(erasing.get(), "UNREACHABLE");
            catchThrowable(application::close);
            postgres.restart();
            assertThat(postgres.rows("public")).isEqualTo(before);
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(deleted("orders", 2), deleted("customers", 1)));
        }
    }

    @Test
    void aServerThatFreezesIsGivenUpAfterTheSocketTimeout() throws Exception {
        shop();

        try (JdbcStore store = store(SHOP)) {
            store.erase(List.of(subject("nobody")));
            long backend = postgres.number("SELECT pid FROM pg_stat_activity WHERE application_name = 'lethe' LIMIT 1");
            postgres.signal("STOP", backend);
            try {
                assertUnavailable(catchThrowable(() -> store.erase(List.of(subject("ada")))), "UNREACHABLE");
            } finally {
                postgres.signal("CONT", backend);
            }
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(deleted("orders", 2), deleted("customers", 1)));
        }
    }

    @Test
    void aTriggerThatRefusesFailsTheBatchAsAWhole() {
        shop();
        postgres.execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  RAISE EXCEPTION 'not %', OLD.id;
                END $$""",
                "CREATE TRIGGER refuse BEFORE DELETE ON customers FOR EACH ROW WHEN (OLD.id = 'ada') EXECUTE FUNCTION refuse()");

        try (JdbcStore store = store(SHOP)) {
            assertThatExceptionOfType(StoreFailureException.class)
                    .isThrownBy(() -> store.erase(List.of(subject("bob"), subject("ada"))))
                    .withMessage("RAISED")
                    .withNoCause();
        }

        assertThat(postgres.rows("public")).hasSize(5);
    }

    @Test
    void whatStandsInTheWayIsNamedWithWhatToDo() throws Exception {
        postgres.execute(
                "CREATE TABLE customers (id text PRIMARY KEY, born date)",
                "CREATE VIEW customer_names AS SELECT id FROM customers",
                "CREATE TABLE a (id text PRIMARY KEY, b text NOT NULL)",
                "CREATE TABLE b (id text PRIMARY KEY, a text NOT NULL REFERENCES a)",
                "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b");

        assertThat(obstacles(Map.of("custmers", Map.of("id", "userId"))))
                .containsExactly("there is no table \"custmers\" in schema \"public\", did you mean \"customers\"?");
        assertThat(obstacles(Map.of("Customers", Map.of("id", "userId"))))
                .containsExactly("there is no table \"Customers\" in schema \"public\", did you mean \"customers\"?");
        assertThat(obstacles(Map.of("customers", Map.of("ids", "userId"))))
                .containsExactly("table \"customers\" has no column \"ids\", did you mean \"id\"?");
        assertThat(obstacles(Map.of("customers", Map.of("born", "userId"))))
                .containsExactly("customers.born is of type date, which does not tell every two identifiers apart; "
                        + "map text, uuid or numbers");
        assertThat(obstacles(Map.of("a", Map.of("id", "userId"))))
                .containsExactly("rows that refer to each other in a cycle can't be erased in order: "
                        + "b.a → a.b → b; make one of these keys nullable, DEFERRABLE or ON DELETE SET NULL");
        assertThat(obstacles(Map.of("customer_names", Map.of("id", "userId"))))
                .containsExactly("\"customer_names\" is a view: map the table whose rows it shows");
    }

    @Test
    void aRoleThatMayNotEraseOrDoesNotSeeEveryRowIsAnObstacle() throws Exception {
        shop();
        postgres.execute(
                "GRANT SELECT, DELETE ON customers TO clerk",
                "GRANT SELECT ON orders TO clerk",
                "ALTER TABLE customers ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY none ON customers USING (false)");

        try (var store = store("clerk", Maps.deleting(SHOP))) {
            assertThat(store.plan().obstacles())
                    .containsExactlyInAnyOrder(
                            "role \"clerk\" may not erase from orders: GRANT SELECT, DELETE ON public.orders TO \"clerk\"",
                            "row-level security hides rows of customers from role \"clerk\": give the role BYPASSRLS");
        }
    }

    @Test
    void rowLevelSecurityThatComesLaterIsNoZero() throws Exception {
        shop();
        postgres.execute("GRANT SELECT, DELETE ON customers, orders TO clerk");

        try (var store = store("clerk", Maps.deleting(SHOP))) {
            store.erase(List.of(subject("nobody")));
            postgres.execute(
                    "ALTER TABLE customers ENABLE ROW LEVEL SECURITY", "CREATE POLICY none ON customers USING (false)");

            assertUnavailable(catchThrowable(() -> store.erase(List.of(subject("ada")))), "MISCONFIGURED");
            assertUnavailable(catchThrowable(() -> store.count(List.of(subject("ada")))), "MISCONFIGURED");
        }
    }

    @Test
    void aTableThatIsMissingAtFirstIsFoundOnceItIsThere() throws Exception {
        try (JdbcStore store = store(SHOP)) {
            assertUnavailable(catchThrowable(() -> store.erase(List.of(subject("ada")))), "MISCONFIGURED");
            shop();

            assertThat(erase(store, "ada")).containsExactly(settled(deleted("orders", 2), deleted("customers", 1)));
            postgres.execute("DROP TABLE orders, customers");
            assertUnavailable(catchThrowable(() -> store.erase(List.of(subject("ada")))), "MISCONFIGURED");
        }
    }

    @Test
    void aChildThatOutlivesItsParentIsDetachedAndCountedIfItIsCovered() throws Exception {
        postgres.execute(
                "CREATE TABLE staff (id text PRIMARY KEY, boss text REFERENCES staff ON DELETE SET NULL)",
                "CREATE TABLE tickets (id int, assignee text REFERENCES staff ON DELETE SET NULL)",
                insert("staff", "'ada', NULL", "'bob', 'ada'"),
                insert("tickets", "1, 'ada'", "2, 'ada'", "3, 'bob'"));

        assertThat(obstacles(Map.of("staff", Map.of("id", "userId"))))
                .containsExactly("tickets refers to staff by tickets.assignee and is not covered: map it, "
                        + "or list it under uncovered with the reason");
        try (JdbcStore store = store("""
                tables: { staff: { subject: { id: userId } } }
                uncovered: { tickets: "work, nobody's" }
                """)) {
            assertThat(store.count(List.of(subject("ada"))).getFirst().items())
                    .isEqualTo(Map.of("staff.boss", 1L, "tickets.assignee", 2L, "staff", 1L));
            assertThat(erase(store, "ada"))
                    .containsExactly(settled(
                            TargetOutcome.anonymized("staff.boss", 1),
                            TargetOutcome.anonymized("tickets.assignee", 2),
                            deleted("staff", 1)));
        }

        assertThat(postgres.rows("public"))
                .containsExactly(
                        "public.staff(bob,)", "public.tickets(1,)", "public.tickets(2,)", "public.tickets(3,bob)");
    }

    @Test
    void partitionsAreErasedThroughTheirTable() throws Exception {
        postgres.execute(
                "CREATE TABLE customers (id text PRIMARY KEY)",
                "CREATE TABLE visits (customer_id text REFERENCES customers, day int) PARTITION BY RANGE (day)",
                "CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE visits_2 PARTITION OF visits FOR VALUES FROM (10) TO (20)",
                insert("customers", "'ada'", "'bob'"),
                insert("visits", "'ada', 1", "'ada', 11", "'bob', 11"));

        try (JdbcStore store = store(Map.of("customers", Map.of("id", "userId")))) {
            assertThat(store.count(List.of(subject("ada"))).getFirst().items())
                    .isEqualTo(Map.of("visits", 2L, "customers", 1L));
            assertThat(erase(store, "ada")).containsExactly(settled(deleted("visits", 2), deleted("customers", 1)));
        }
    }

    @Test
    void closingEndsThePoolAndItsThreads() throws Exception {
        shop();
        JdbcStore store = store(SHOP);
        store.erase(List.of(subject("ada")));

        store.close();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("store-shop")));
        await().until(() ->
                postgres.number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lethe'") == 0);
    }

    private static final Map<String, Map<String, String>> SHOP = Map.of("customers", Map.of("id", "userId"));

    private static void shop() {
        postgres.execute(
                "CREATE TABLE customers (id text PRIMARY KEY)",
                "CREATE TABLE orders (id int, customer_id text REFERENCES customers)",
                insert("customers", "'ada'", "'bob'"),
                insert("orders", "1, 'ada'", "2, 'ada'", "3, 'bob'"));
    }

    private static String insert(String table, String... rows) {
        return "INSERT INTO " + table + " VALUES (" + String.join("), (", rows) + ")";
    }

    private static List<String> obstacles(Map<String, Map<String, String>> tables) throws StoreUnavailableException {
        try (JdbcStore store = store(tables)) {
            return store.plan().obstacles();
        }
    }

    private static long waitingForALock() {
        return postgres.number(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lethe' AND wait_event_type = 'Lock'");
    }

    private static JdbcStore store(Map<String, Map<String, String>> tables) {
        return store("postgres", Maps.deleting(tables));
    }

    private static JdbcStore store(String map) {
        return store("postgres", Maps.read(map));
    }

    private static JdbcStore store(String username, DataMap map) {
        return new JdbcStore("shop", Maps.config(postgres.url(), username, "postgres", map), InstantSource.system());
    }

    private static Subject subject(String userId, String... emails) {
        var key = new SubjectKey(("subject-" + Math.abs(userId.hashCode()) + "-".repeat(22)).substring(0, 22));
        return new Subject(key, userId, null, Map.of("email", List.of(emails)));
    }

    private static List<StoreResult> erase(JdbcStore store, String userId) {
        try {
            return store.erase(List.of(subject(userId)));
        } catch (StoreUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    private static StoreResult settled(TargetOutcome... targets) {
        return new StoreResult.Settled(List.of(targets));
    }

    private static StoreResult unresolved(String code) {
        return new StoreResult.Unresolved(code);
    }

    private static TargetOutcome deleted(String target, long items) {
        return TargetOutcome.deleted(target, items);
    }

    private static void assertUnavailable(Throwable thrown, String code) {
        assertThat(thrown)
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        unavailable -> assertThat(unavailable.code()).isEqualTo(code))
                .hasNoCause();
    }
}
