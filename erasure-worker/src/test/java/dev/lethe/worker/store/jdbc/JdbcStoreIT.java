package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class JdbcStoreIT extends StoreContract {
    private static Postgres postgres;

    @BeforeAll
    static void start(@TempDir Path directory) {
        postgres = new Postgres(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void createTables() {
        postgres.execute(
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public",
                "CREATE TABLE customers (id text PRIMARY KEY, email text)",
                "CREATE TABLE orders (id bigserial PRIMARY KEY, customer_id text NOT NULL REFERENCES customers)",
                "CREATE TABLE order_items (id bigserial PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders)",
                "CREATE TABLE newsletter (email text, topic text)",
                "CREATE TABLE gifts (giver text, receiver text)");
    }

    @Override
    protected ErasureStore open() {
        return store("postgres", TABLES);
    }

    private static final Map<String, Map<String, String>> TABLES = Map.of(
            "customers", Map.of("id", "userId"),
            "newsletter", Map.of("email", "email"),
            "gifts", Map.of("giver", "userId", "receiver", "userId"));

    private static ErasureStore store(String username, Map<String, Map<String, String>> tables) {
        return new JdbcStore(
                "shop",
                Maps.config(postgres.url(), username, "postgres", Maps.deleting(tables)),
                InstantSource.system());
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return store("stranger", TABLES);
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return store("postgres", Map.of("custmers", Map.of("id", "userId")));
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        var items = new LinkedHashMap<String, Long>();
        postgres.admin().useTransaction(handle -> {
            String email = subject.values("email").getFirst();
            handle.execute("INSERT INTO customers VALUES (?, ?)", subject.userId(), email);
            handle.execute("INSERT INTO orders (customer_id) SELECT ? FROM generate_series(1, 3)", subject.userId());
            handle.execute(
                    "INSERT INTO order_items (order_id) SELECT id FROM orders, generate_series(1, 2) WHERE customer_id = ?",
                    subject.userId());
            handle.execute("INSERT INTO newsletter VALUES (?, 'news'), (?, 'offers')", email, email);
            handle.execute("INSERT INTO gifts VALUES (?, NULL), (?, '')", subject.userId(), subject.userId());
        });
        items.put("customers", 1L);
        items.put("orders", 3L);
        items.put("order_items", 6L);
        items.put("newsletter", 2L);
        items.put("gifts", 2L);
        return items;
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        postgres.admin()
                .useHandle(handle -> handle.execute("INSERT INTO gifts VALUES (?, ?)", one.userId(), other.userId()));
        return Map.of("gifts", 1L);
    }

    @Override
    protected List<String> contents() {
        return postgres.rows("public");
    }

    /** PostgreSQL's text has no NUL. */
    @Override
    protected boolean holds(Subject subject) {
        return !subject.userId().contains("\u0000");
    }

    @Override
    protected void cutOff() {
        postgres.kill();
    }

    @Override
    protected void bringBack() {
        postgres.restart();
    }
}
