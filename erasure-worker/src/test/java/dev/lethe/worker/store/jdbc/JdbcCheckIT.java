package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.ConfigFile;
import dev.lethe.events.Durability;
import dev.lethe.worker.check.CheckReport;
import dev.lethe.worker.check.CheckText;
import dev.lethe.worker.check.Diagram;
import dev.lethe.worker.check.LogCheck;
import dev.lethe.worker.check.StoreCheck;
import dev.lethe.worker.store.ErasureStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lethe check} makes of a database and a map. */
class JdbcCheckIT {
    private static Postgres postgres;

    @BeforeAll
    static void start(@TempDir Path directory) {
        postgres = new Postgres(directory);
        postgres.execute("CREATE ROLE clerk LOGIN PASSWORD 'clerk'");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void shop() {
        postgres.execute(
                "DROP SCHEMA IF EXISTS public CASCADE",
                "CREATE SCHEMA public",
                "GRANT USAGE ON SCHEMA public TO clerk",
                "CREATE TABLE customers (id uuid PRIMARY KEY, email text)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers)",
                "CREATE TABLE order_items (order_id bigint NOT NULL REFERENCES orders, article text)",
                "CREATE TABLE audit_log (customer_id uuid REFERENCES customers ON DELETE SET NULL, at timestamptz)",
                "CREATE TABLE newsletter (email text)");
    }

    @Test
    void targetsAreInOrderWithTheirWaysAndWhatIsLeftOutWithTheReason() throws Exception {
        index();

        StoreCheck check = check("postgres", CUSTOMERS + "\nuncovered: { audit_log: no personal data }");

        assertThat(check.plan().obstacles()).isEmpty();
        assertThat(check.plan().delays()).isEmpty();
        assertThat(check.plan().uncovered()).isEqualTo(Map.of("audit_log", "no personal data"));
        assertThat(text(check))
                .containsSubsequence(
                        "Store shop",
                        "1. delete     order_items",
                        "order_items.order_id → orders.customer_id = userId",
                        "2. delete     orders",
                        "- stays      audit_log  no personal data",
                        "? newsletter is outside the map, and has columns that look personal: email",
                        "✓ Nothing stands in the way");
    }

    @Test
    void statementsArePrintedWhenAskedFor() throws Exception {
        index();
        StoreCheck check = check("postgres", CUSTOMERS + "\nuncovered: { audit_log: no personal data }");

        assertThat(text(check, true)).contains("DELETE FROM public.order_items");
        assertThat(text(check, false)).doesNotContain("DELETE FROM");
    }

    @Test
    void aBrokenMapIsExplainedPointByPoint() throws Exception {
        postgres.execute(
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk", "GRANT DELETE ON orders, order_items TO clerk");

        StoreCheck check = check("clerk", """
                tables:
                  customers: { subject: { id: userId } }
                  newsleter: { subject: { email: email } }
                """);

        assertThat(check.plan().obstacles())
                .anyMatch(
                        obstacle -> obstacle.contains("no table \"newsleter\"") && obstacle.contains("\"newsletter\"?"))
                .contains(
                        "role \"clerk\" may not erase from customers: GRANT SELECT, DELETE ON public.customers TO \"clerk\"");
        assertThat(text(check)).contains("✗ there is no table", "would stop or stall an erasure");
    }

    @Test
    void aLargeTableWithoutAnIndexIsADelayWithItsRemedyAndItsCost() throws Exception {
        index();
        postgres.execute(
                "DROP INDEX order_items_order",
                "INSERT INTO customers SELECT gen_random_uuid() FROM generate_series(1, 10)",
                "INSERT INTO orders SELECT n, (SELECT min(id::text)::uuid FROM customers) FROM generate_series(1, 10) n",
                "INSERT INTO order_items SELECT 1 + n % 10, 'x' FROM generate_series(1, 20000) n",
                "ANALYZE");

        StoreCheck check = check("postgres", CUSTOMERS + "\nuncovered: { audit_log: no personal data }");

        assertThat(check.plan().obstacles()).isEmpty();
        assertThat(check.plan().delays())
                .singleElement()
                .asString()
                .matches(
                        "every batch reads all of order_items \\(about 20,000 rows, planner cost [0-9]+\\.[0-9]\\) for want of an"
                                + " index: CREATE INDEX CONCURRENTLY ON public\\.order_items \\(order_id\\)");
        assertThat(check.plan().warnings()).containsAll(check.plan().delays());
        assertThat(text(check)).contains("! every batch reads all of order_items", "✗ 1 thing would stop or stall");

        String remedy = check.plan().delays().getFirst().replaceFirst(".*: CREATE", "CREATE");
        postgres.execute(remedy);
        assertThat(check("postgres", CUSTOMERS + "\nuncovered: { audit_log: no personal data }")
                        .plan()
                        .delays())
                .isEmpty();
    }

    @Test
    void aSmallTableWithoutAnIndexIsNoDelay() throws Exception {
        StoreCheck neverAnalyzed = check("postgres", CUSTOMERS + "\nuncovered: { audit_log: no personal data }");
        postgres.execute("ANALYZE");
        StoreCheck analyzed = check("postgres", CUSTOMERS + "\nuncovered: { audit_log: no personal data }");

        assertThat(List.of(neverAnalyzed, analyzed)).allSatisfy(check -> {
            assertThat(check.plan().delays()).isEmpty();
            assertThat(check.plan().warnings()).anyMatch(warning -> warning.contains("reads all of orders"));
        });
    }

    @Test
    void aLargeTableThatWasNeverAnalyzedIsJudgedByThePlanner() throws Exception {
        index();
        postgres.execute(
                "CREATE TABLE logins (customer_id uuid, page text) WITH (autovacuum_enabled = off)",
                "INSERT INTO logins SELECT gen_random_uuid(), repeat('x', 100) FROM generate_series(1, 50000)");

        StoreCheck check = check("postgres", """
                tables:
                  customers: { subject: { id: userId } }
                  logins: { subject: { customer_id: userId } }
                uncovered: { audit_log: no personal data }
                """);

        assertThat(check.plan().delays()).singleElement().asString().contains("reads all of logins (planner cost ");
    }

    @Test
    void aStoreThatIsDownIsAnObstacle() throws Exception {
        StoreCheck check = check("stranger", CUSTOMERS);

        assertThat(check.plan().obstacles()).singleElement().asString().startsWith("can't be asked: UNAUTHENTICATED");
    }

    @Test
    void theDiagramLeadsFromTheIdentifierToEveryTarget() throws Exception {
        index();
        StoreCheck check = check("postgres", CUSTOMERS + "\nuncovered: { audit_log: \"<none> of \\\"it\\\"\" }");

        assertThat(Diagram.of(List.of(check))).isEqualTo("""
                        flowchart LR
                          subgraph s0["shop"]
                            s0i0(["userId"])
                            s0t0["order_items<br/>delete"]
                            s0t1["orders<br/>delete"]
                            s0t2["audit_log.customer_id<br/>anonymize"]
                            s0t3["customers<br/>delete"]
                            s0t1 -->|"order_id"| s0t0
                            s0t3 -->|"customer_id"| s0t1
                            s0t3 -->|"customer_id"| s0t2
                            s0i0 -->|"id"| s0t3
                            s0u0["audit_log<br/>stays: #lt;none#gt; of #quot;it#quot;"]:::stays
                          end
                          classDef stays stroke-dasharray: 4 4
                        """);
    }

    private static final String CUSTOMERS = "tables: { customers: { subject: { id: userId } } }";

    private static void index() {
        postgres.execute(
                "CREATE INDEX ON orders (customer_id)",
                "CREATE INDEX order_items_order ON order_items (order_id)",
                "CREATE INDEX ON audit_log (customer_id)");
    }

    private static StoreCheck check(String username, String map) throws Exception {
        String yaml = "url: %s%nusername: %s%npassword: %s%n%s"
                .formatted(postgres.url(), username, username, map.stripTrailing());
        Supplier<ErasureStore> store = ConfigFile.parse(
                        "worker.yaml", yaml, Map.of(), section -> new JdbcStoreFactory().configure("shop", section))
                .config();
        try (ErasureStore open = store.get()) {
            return StoreCheck.ask(Map.of("shop", open)).getFirst();
        }
    }

    private static String text(StoreCheck check) {
        return text(check, false);
    }

    private static String text(StoreCheck check, boolean withStatements) {
        var text = new StringWriter();
        var log = new LogCheck("kafka:9092", Durability.REPLICATED, List.of(), List.of());
        new CheckText(new PrintWriter(text), withStatements)
                .print(new CheckReport(null, log, null, List.of(check), null));
        return text.toString();
    }
}
