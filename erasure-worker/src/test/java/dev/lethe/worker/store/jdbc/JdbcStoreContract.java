package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/** A database with customers, what belongs to them, and tables that know them by e-mail or as one of two. */
abstract class JdbcStoreContract extends StoreContract {
    private static final Map<String, Map<String, String>> TABLES = Map.of(
            "customers", Map.of("id", "userId"),
            "newsletter", Map.of("email", "email"),
            "gifts", Map.of("giver", "userId", "receiver", "userId"));

    /** The server that the tests run on; it stays. */
    protected abstract SqlServer server();

    /** A type for texts of any kind that can be the key of a table. */
    protected abstract String keyType();

    /** A type for texts of any length. */
    protected abstract String textType();

    /** How many characters a key has at the most; nobody with a longer one can be in there. */
    protected abstract int longestKey();

    @Override
    protected boolean holds(Subject subject) {
        return !subject.userId().contains("\0");
    }

    @BeforeEach
    void createTables() {
        server().recreate(server().schema());
        server().execute(
                        "CREATE TABLE customers (id %s PRIMARY KEY, email %s)".formatted(keyType(), textType()),
                        "CREATE TABLE orders (id varchar(40) PRIMARY KEY, customer_id %s NOT NULL,".formatted(keyType())
                                + " FOREIGN KEY (customer_id) REFERENCES customers (id))",
                        "CREATE TABLE order_items (position int, order_id varchar(40) NOT NULL,"
                                + " FOREIGN KEY (order_id) REFERENCES orders (id))",
                        "CREATE TABLE newsletter (email %s, topic varchar(9))".formatted(textType()),
                        "CREATE TABLE gifts (giver %1$s, receiver %1$s)".formatted(keyType()));
    }

    @Override
    protected ErasureStore open() {
        return store(server().username(), TABLES);
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return store("stranger", TABLES);
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return store(server().username(), Map.of("custmers", Map.of("id", "userId")));
    }

    private ErasureStore store(String username, Map<String, Map<String, String>> tables) {
        return new JdbcStore(
                "shop",
                Maps.config(server().url(), username, server().password(), Maps.deleting(tables)),
                InstantSource.system());
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        var items = new LinkedHashMap<String, Long>();
        if (subject.userId().length() > longestKey()) {
            for (String table : List.of("customers", "orders", "order_items", "newsletter", "gifts")) {
                items.put(table, 0L);
            }
            return items;
        }
        String email = subject.values("email").getFirst();
        server().admin().useTransaction(handle -> {
            handle.execute("INSERT INTO customers VALUES (?, ?)", subject.userId(), email);
            for (int n = 0; n < 3; n++) {
                String order = n + "-" + subject.key();
                handle.execute("INSERT INTO orders VALUES (?, ?)", order, subject.userId());
                handle.execute("INSERT INTO order_items VALUES (1, ?), (2, ?)", order, order);
            }
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
        server().admin()
                .useHandle(handle -> handle.execute("INSERT INTO gifts VALUES (?, ?)", one.userId(), other.userId()));
        return Map.of("gifts", 1L);
    }

    @Override
    protected List<String> contents() {
        return server().rows(server().schema());
    }

    @Override
    protected void cutOff() {
        server().kill();
    }

    @Override
    protected void bringBack() {
        server().restart();
    }
}
