package dev.lethe.worker.store.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.CapturedLog;
import dev.lethe.worker.store.HolderListing;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreResult.Settled;
import dev.lethe.worker.store.StoreUnavailableException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What rules, keys and large subjects come to, the same on every database. */
abstract class JdbcRulesContract {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private CapturedLog log;

    /** The server that the tests run on; it stays. */
    protected abstract SqlServer server();

    @BeforeEach
    void begin() {
        log = new CapturedLog();
        server().recreate(server().schema());
    }

    @AfterEach
    void nothingPersonalIsLogged() {
        log.close();
        assertThat(log.text()).doesNotContain("ada@x", "'ada'", "(ada)", "ADA@X");
    }

    @Test
    void everybodyWhoHoldsSomethingIsListedOnceForEachColumnButForWhatHasToBeKept() throws Exception {
        execute(
                "CREATE TABLE people (id varchar(40) PRIMARY KEY)",
                "CREATE TABLE notes (id int PRIMARY KEY, author varchar(40), kind varchar(9))",
                "CREATE TABLE invoices (id int PRIMARY KEY, payer varchar(40), issued date)",
                "INSERT INTO people VALUES ('ada'), ('bob'), ('eve'), ('joe'), ('o''neil')",
                "INSERT INTO notes VALUES (1, 'ada', 'own'), (2, 'ada', 'own'), (3, NULL, 'own'), (4, 'zoe', 'own'), (5, 'bot', 'other')",
                "INSERT INTO invoices VALUES (1, 'kept', DATE '2026-01-01')");
        var listed = new ArrayList<String>();

        try (JdbcStore store = store("""
                tables:
                  people: { subject: { id: userId } }
                  notes: { subject: { author: userId }, where: "kind = 'own'" }
                  invoices: { subject: { payer: userId }, retain: { basis: law, for: P9Y, from: issued } }
                """)) {
            Optional<String> after = Optional.empty();
            do {
                HolderListing.Page page = store.holders(after, 2);
                assertThat(page.userIds()).hasSizeLessThanOrEqualTo(2);
                listed.addAll(page.userIds());
                after = page.next();
            } while (after.isPresent());
        }

        assertThat(listed).containsExactlyInAnyOrder("ada", "bob", "eve", "joe", "o'neil", "ada", "zoe");
    }

    @Test
    void anAnonymizedRowStaysAndIsFoundNoMore() throws Exception {
        execute(
                "CREATE TABLE reviews (id int PRIMARY KEY, author varchar(40) UNIQUE, name varchar(60), email varchar(60),"
                        + " ip varchar(64), token varchar(36), body varchar(60))",
                "INSERT INTO reviews VALUES (1, 'ada', 'Ada', 'ada@x', '10.0.0.1', 't1', 'good'),"
                        + " (2, 'bob', 'Bob', 'bob@x', '10.0.0.2', 't2', 'bad')");

        try (JdbcStore store = store("""
                tables:
                  reviews:
                    subject: { author: userId }
                    action: anonymize
                    set: { name: "deleted-{subjectKey}", email: null, ip: "{hash}", token: "{uuid}" }
                hashKey: "${HASH_KEY}"
                """)) {
            assertThat(store.plan().obstacles()).isEmpty();
            assertThat(store.count(List.of(subject("ada"))).getFirst().items()).isEqualTo(Map.of("reviews", 1L));
            assertThat(store.erase(List.of(subject("bob"), subject("ada"))))
                    .containsExactly(
                            settled(TargetOutcome.anonymized("reviews", 1)),
                            settled(TargetOutcome.anonymized("reviews", 1)));
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(TargetOutcome.anonymized("reviews", 0)));
            assertThat(store.count(List.of(subject("ada"))).getFirst().total()).isZero();
        }

        assertThat(column("SELECT name FROM reviews WHERE id = 1"))
                .containsExactly("deleted-" + subject("ada").key());
        // Known answers of HMAC-SHA256 with this key.
        assertThat(column("SELECT ip FROM reviews ORDER BY id")).containsExactly(hmac("10.0.0.1"), hmac("10.0.0.2"));
        assertThat(column("SELECT token FROM reviews"))
                .allSatisfy(token -> assertThat(token).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
                .doesNotHaveDuplicates();
        assertThat(column("SELECT body FROM reviews WHERE email IS NULL ORDER BY id"))
                .containsExactly("good", "bad");
    }

    @Test
    void whatCanNotBecomeWhatItIsSaidToBecomeIsRefusedBeforehand() throws Exception {
        execute(
                "CREATE TABLE reviews (id int PRIMARY KEY, author varchar(40), name varchar(5) NOT NULL UNIQUE, born date,"
                        + " shout varchar(9) GENERATED ALWAYS AS (name) STORED)");

        assertThat(obstacles("""
                tables:
                  reviews:
                    subject: { author: userId }
                    action: anonymize
                    set: { name: "erased", born: "someday", shout: "x" }
                """))
                .anySatisfy(obstacle ->
                        assertThat(obstacle).contains("reviews.name holds 5 characters, and would become 6"))
                .anySatisfy(obstacle ->
                        assertThat(obstacle).contains("reviews.shout can't be set: the database computes it"))
                .anySatisfy(
                        obstacle -> assertThat(obstacle)
                                .contains(
                                        "reviews(name) is unique, and anonymized rows would be alike: use null, {uuid}, {hash}"));
        assertThat(obstacles("""
                tables: { reviews: { subject: { author: userId }, action: anonymize, set: { name: null } } }
                """))
                .anySatisfy(
                        obstacle -> assertThat(obstacle).contains("reviews.name can't become null: it is NOT NULL"));
        assertThat(obstacles("""
                tables: { reviews: { subject: { author: userId }, action: anonymize, set: { born: "someday", author: null } } }
                """))
                .anySatisfy(obstacle ->
                        assertThat(obstacle).contains("reviews.born can't take the new value: it is of type date"));
        assertThat(obstacles("""
                tables: { reviews: { subject: { author: userId }, action: anonymize, set: { name: "{uuid}" } } }
                """))
                .anySatisfy(obstacle ->
                        assertThat(obstacle).contains("nothing tells an anonymized row of reviews from others"));
    }

    @Test
    void rowsAreKeptAsLongAsTheLawSaysAndGoThen() throws Exception {
        execute(
                "CREATE TABLE invoices (id int PRIMARY KEY, customer varchar(40), issued date)",
                "INSERT INTO invoices VALUES (1, 'ada', '2010-01-01'), (2, 'ada', '2020-05-05'), (3, 'ada', '2019-01-31'),"
                        + " (4, 'bob', '2020-01-01')");
        String map = """
                tables:
                  invoices: { subject: { customer: userId }, retain: { basis: tax law, for: P10Y, from: issued } }
                """;

        try (JdbcStore store = store(map)) {
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(
                            TargetOutcome.deleted("invoices", 1),
                            TargetOutcome.retained("invoices", 2, "tax law", Instant.parse("2030-05-05T00:00:00Z"))));
            assertThat(store.count(List.of(subject("ada"))).getFirst())
                    .satisfies(left -> assertThat(left.items()).isEqualTo(Map.of("invoices", 0L)))
                    .satisfies(left -> assertThat(left.retained()).isEqualTo(Map.of("invoices", 2L)));
        }
        try (JdbcStore later = store(map, InstantSource.fixed(Instant.parse("2030-05-05T00:00:01Z")))) {
            assertThat(later.erase(List.of(subject("ada"))))
                    .containsExactly(settled(TargetOutcome.deleted("invoices", 2)));
        }

        assertThat(column("SELECT customer FROM invoices")).containsExactly("bob");
    }

    @Test
    void aConditionNarrowsARuleAndNothingElse() throws Exception {
        execute(
                "CREATE TABLE sessions (id int PRIMARY KEY, user_id varchar(40), kind varchar(9))",
                "INSERT INTO sessions VALUES (1, 'ada', 'web'), (2, 'ada', 'service'), (3, 'bob', 'web')");

        try (JdbcStore store = store("""
                tables: { sessions: { subject: { user_id: userId }, where: "kind <> 'service' -- or 1 = 1" } }
                """)) {
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(TargetOutcome.deleted("sessions", 1)));
        }

        assertThat(column("SELECT id FROM sessions ORDER BY id")).containsExactly("2", "3");
    }

    @Test
    void caseIsIgnoredOnlyWhereTheMapSaysSo() throws Exception {
        execute(
                "CREATE TABLE optins (email varchar(60), topic int)",
                "CREATE TABLE logins (email varchar(60), at int)",
                "INSERT INTO optins VALUES ('ada@x', 1), ('Ada@X', 2), ('bda@x', 3)",
                "INSERT INTO logins VALUES ('ada@x', 1), ('Ada@X', 2), ('ada@x ', 3)");

        try (JdbcStore store = store("""
                tables:
                  optins: { subject: { email: { identifier: email, compare: ignoring-case } } }
                  logins: { subject: { email: email } }
                """)) {
            assertThat(store.erase(List.of(subject("1", "ADA@x"), subject("2", "ada@x"))))
                    .extracting(JdbcRulesContract::items)
                    .containsExactly(Map.of("logins", 0L, "optins", 2L), Map.of("logins", 1L, "optins", 2L));
        }

        assertThat(column("SELECT topic FROM optins")).containsExactly("3");
        assertThat(column("SELECT at FROM logins ORDER BY at")).containsExactly("2", "3");
    }

    @Test
    void rowsThatReferToEachOtherAreErasedAtAnyDepth() throws Exception {
        execute(
                "CREATE TABLE comments (id int PRIMARY KEY, author varchar(40), parent int, FOREIGN KEY (parent) REFERENCES comments (id))",
                "INSERT INTO comments VALUES (1, 'ada', NULL), (2, 'bob', 1), (3, 'cid', 2), (4, 'ada', 3), (5, 'bob', NULL),"
                        + " (6, 'ada', 5)");

        try (JdbcStore store = store("tables: { comments: { subject: { author: userId } } }")) {
            assertThat(store.count(List.of(subject("ada"))).getFirst().total()).isEqualTo(5);
            assertThat(store.erase(List.of(subject("ada"), subject("nobody"))))
                    .extracting(JdbcRulesContract::items)
                    .containsExactly(Map.of("comments", 5L), Map.of("comments", 0L));
        }

        assertThat(column("SELECT id FROM comments")).containsExactly("5");
    }

    @Test
    void cyclesBetweenTablesAreBrokenAtANullableKey() throws Exception {
        execute(
                "CREATE TABLE teams (id int PRIMARY KEY, lead int)",
                "CREATE TABLE members (id int PRIMARY KEY, person varchar(40), team int NOT NULL,"
                        + " FOREIGN KEY (team) REFERENCES teams (id))",
                "ALTER TABLE teams ADD FOREIGN KEY (lead) REFERENCES members (id)",
                "INSERT INTO teams VALUES (1, NULL), (2, NULL)",
                "INSERT INTO members VALUES (1, 'ada', 1), (2, 'bob', 1), (3, 'cid', 2)",
                "UPDATE teams SET lead = 1 WHERE id = 1",
                "UPDATE teams SET lead = 3 WHERE id = 2");

        try (JdbcStore store = store("tables: { members: { subject: { person: userId } } }")) {
            assertThat(store.count(List.of(subject("ada"))).getFirst().items())
                    .isEqualTo(Map.of("members", 2L, "teams", 1L));
            assertThat(store.erase(List.of(subject("ada"))))
                    .extracting(JdbcRulesContract::items)
                    .containsExactly(Map.of("members", 2L, "teams", 1L));
        }

        assertThat(column("SELECT person FROM members")).containsExactly("cid");
    }

    @Test
    void aDetachedKeyLeavesOtherPeoplesRowsWhereTheyAre() throws Exception {
        execute(
                "CREATE TABLE staff (id varchar(40) PRIMARY KEY, boss varchar(40), FOREIGN KEY (boss) REFERENCES staff (id))",
                "INSERT INTO staff VALUES ('ada', NULL), ('bob', 'ada'), ('cid', 'bob')");

        try (JdbcStore store = store("tables: { staff: { subject: { id: userId }, detach: [boss] } }")) {
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(
                            settled(TargetOutcome.anonymized("staff.boss", 1), TargetOutcome.deleted("staff", 1)));
        }

        assertThat(column("SELECT concat(id, '<', coalesce(boss, '')) FROM staff ORDER BY id"))
                .containsExactly("bob<", "cid<bob");
    }

    @Test
    void whatNoRuleCanSayIsSaidInSql() throws Exception {
        execute(
                "CREATE TABLE audit (id int PRIMARY KEY, entry varchar(60))",
                "INSERT INTO audit VALUES (1, 'login ada'), (2, 'login bob'), (3, 'logout ada')");

        try (JdbcStore store = store("""
                statements:
                  audit:
                    erase: "DELETE FROM audit WHERE entry IN (concat('login ', :userId), concat('logout ', :userId))"
                    count: "SELECT count(*) FROM audit WHERE entry IN (concat('login ', :userId), concat('logout ', :userId))"
                """)) {
            assertThat(store.plan().obstacles()).isEmpty();
            assertThat(store.count(List.of(subject("ada"))).getFirst().items()).isEqualTo(Map.of("audit", 2L));
            assertThat(store.erase(List.of(subject("ada"), subject("bob"))))
                    .extracting(JdbcRulesContract::items)
                    .containsExactly(Map.of("audit", 2L), Map.of("audit", 1L));
        }

        assertThat(obstacles("""
                statements: { audit: { erase: "DELETE FROM audits WHERE a = :userId", count: "SELECT count(*) FROM audit WHERE entry = :userId" } }
                """))
                .singleElement()
                .asString()
                .startsWith("statements.audit.erase: the database does not accept");
    }

    @Test
    void aLargeSubjectIsToldFromTheOthersAndErasedInPieces() throws Exception {
        execute(
                "CREATE TABLE customers (id varchar(40) PRIMARY KEY)",
                "CREATE TABLE orders (id int PRIMARY KEY, customer varchar(40), FOREIGN KEY (customer) REFERENCES customers (id))",
                "CREATE TABLE items (id int PRIMARY KEY, order_id int, FOREIGN KEY (order_id) REFERENCES orders (id))",
                "CREATE INDEX by_customer ON orders (customer)",
                "CREATE INDEX by_order ON items (order_id)",
                "INSERT INTO customers VALUES ('ada'), ('bob')",
                "INSERT INTO orders " + numbers(12_000, "n, 'ada'"),
                "INSERT INTO orders VALUES (0, 'bob')",
                "INSERT INTO items " + numbers(30_000, "n, 1 + n % 3"),
                "INSERT INTO items VALUES (0, 0)");

        try (JdbcStore store = store("tables: { customers: { subject: { id: userId } } }")) {
            assertThat(store.erase(List.of(subject("ada"), subject("bob"), subject("nobody"))))
                    .containsExactly(
                            new StoreResult.Large(),
                            settled(
                                    TargetOutcome.deleted("items", 1),
                                    TargetOutcome.deleted("orders", 1),
                                    TargetOutcome.deleted("customers", 1)),
                            settled(
                                    TargetOutcome.deleted("items", 0),
                                    TargetOutcome.deleted("orders", 0),
                                    TargetOutcome.deleted("customers", 0)));
            assertThat(store.eraseLarge(subject("ada")))
                    .isEqualTo(settled(
                            TargetOutcome.deleted("items", 30_000),
                            TargetOutcome.deleted("orders", 12_000),
                            TargetOutcome.deleted("customers", 1)));
        }

        assertThat(server().rows(server().schema())).isEmpty();
    }

    @Test
    void aRowThatTheApplicationLocksIsWaitedForAndThenTheStoreIsBusy() throws Exception {
        execute(
                "CREATE TABLE customers (id varchar(40) PRIMARY KEY, name varchar(9))",
                "INSERT INTO customers VALUES ('ada', 'a'), ('bob', 'b')");

        try (JdbcStore store = store("tables: { customers: { subject: { id: userId } } }");
                Handle application = server().admin().open()) {
            application.begin();
            application.execute("UPDATE customers SET name = 'c' WHERE id = 'ada'");

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.erase(List.of(subject("ada"))))
                    .satisfies(busy -> assertThat(busy.code()).isEqualTo("LOCKED"))
                    .withNoCause();
            application.rollback();
            assertThat(store.erase(List.of(subject("ada"))))
                    .containsExactly(settled(TargetOutcome.deleted("customers", 1)));
        }
    }

    /** Rows with n from 1 on. */
    protected abstract String numbers(int count, String columns);

    /** HMAC-SHA256 with the key {@code 0123456789abcdef}, by Java's own. */
    private static String hmac(String text) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("0123456789abcdef".getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }

    private void execute(String... statements) {
        server().execute(statements);
    }

    private List<String> column(String query) {
        return server().admin()
                .withHandle(
                        handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    private List<String> obstacles(String map) throws Exception {
        try (JdbcStore store = store(map)) {
            return store.plan().obstacles();
        }
    }

    private JdbcStore store(String map) {
        return store(map, InstantSource.fixed(NOW));
    }

    private JdbcStore store(String map, InstantSource clock) {
        JdbcStoreConfig config = Maps.config(server().url(), server().username(), server().password(), Maps.read(map));
        return new JdbcStore("shop", config, clock);
    }

    private static Map<String, Long> items(StoreResult result) {
        var items = new TreeMap<String, Long>();
        ((Settled) result).targets().forEach(target -> items.merge(target.target(), target.items(), Long::sum));
        return items;
    }

    private static StoreResult settled(TargetOutcome... targets) {
        return new Settled(Arrays.asList(targets));
    }

    private static Subject subject(String userId, String... emails) {
        var key = new SubjectKey(("subject-" + Math.abs(userId.hashCode()) + "-".repeat(22)).substring(0, 22));
        List<String> all = emails.length == 0 ? List.of(userId + "@x") : List.of(emails);
        return new Subject(key, userId, null, Map.of("email", all));
    }
}
