package dev.lethe.bench;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A shop in a schema of its own: customers with a profile and three orders of two items each. */
final class Customers {
    /** Subjects that are erased together, as a lane does. */
    static final int BATCH = 500;

    static final String MAP = "tables: { customers: { subject: { id: userId } } }";

    /** Customer, profile, three orders, six items. */
    private static final long ROWS_OF_EACH = 11;

    private final Database database;
    private final String schema;
    private final int count;
    /** Who is erased, in batches, spread over all of the customers. */
    private final List<List<Subject>> batches = new ArrayList<>();

    private int next;

    Customers(Database database, String schema, int count) {
        this.database = database;
        this.schema = schema;
        this.count = count;
    }

    String schema() {
        return schema;
    }

    int count() {
        return count;
    }

    void fill() throws SQLException {
        database.execute(
                "CREATE SCHEMA " + schema,
                "SET search_path = " + schema,
                "CREATE TABLE customers (id uuid PRIMARY KEY, email text NOT NULL, name text NOT NULL, since timestamptz NOT NULL)",
                "CREATE TABLE profiles (customer_id uuid PRIMARY KEY, phone text, address text, settings jsonb)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id uuid NOT NULL, placed_at timestamptz NOT NULL, total numeric(10, 2) NOT NULL)",
                "CREATE TABLE order_items (id bigint PRIMARY KEY, order_id bigint NOT NULL, product text NOT NULL, quantity int NOT NULL, price numeric(10, 2) NOT NULL)",
                """
                INSERT INTO customers
                SELECT md5(n::text)::uuid, 'customer' || n || '@example.org', 'Customer ' || n, now()
                FROM generate_series(1, %d) AS n""".formatted(count),
                """
                INSERT INTO profiles
                SELECT md5(n::text)::uuid, '+49 30 ' || n, n || ' Long Street, Springfield', '{"newsletter": true}'
                FROM generate_series(1, %d) AS n""".formatted(count),
                """
                INSERT INTO orders
                SELECT n * 3 + k, md5(n::text)::uuid, now(), 99.90
                FROM generate_series(1, %d) AS n, generate_series(0, 2) AS k""".formatted(count),
                """
                INSERT INTO order_items
                SELECT (n * 3 + k) * 2 + i, n * 3 + k, 'product ' || n %% 1000, 1, 49.95
                FROM generate_series(1, %d) AS n, generate_series(0, 2) AS k, generate_series(0, 1) AS i""".formatted(count),
                "ALTER TABLE profiles ADD FOREIGN KEY (customer_id) REFERENCES customers (id)",
                "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id)",
                "ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders (id)");
    }

    void index() throws SQLException {
        database.execute(
                "SET search_path = " + schema,
                "CREATE INDEX ON orders (customer_id)",
                "CREATE INDEX ON order_items (order_id)");
    }

    /** Settles what was filled, so that no round pays for it. */
    void settle() throws SQLException {
        database.execute("SET search_path = " + schema, "VACUUM ANALYZE", "CHECKPOINT");
    }

    /** Has the database read its indexes, as one that has been at work for a while has. */
    void warm() throws SQLException {
        database.execute("SET search_path = " + schema, "SET enable_seqscan = off", "SET enable_bitmapscan = off");
        for (String index : List.of(
                "id FROM customers",
                "customer_id FROM profiles",
                "id FROM orders",
                "customer_id FROM orders",
                "order_id FROM order_items")) {
            String column = index.substring(0, index.indexOf(' '));
            database.number(
                    "SELECT count(%s) FROM (SELECT %s ORDER BY %s) AS ordered".formatted(column, index, column));
        }
        database.execute("RESET enable_seqscan", "RESET enable_bitmapscan");
    }

    /** Draws who is to be erased, out of the first so many customers; the same people every time. */
    void draw(int people, int outOf) throws SQLException {
        database.execute("SET search_path = " + schema);
        List<String> ids = database.texts(
                "SELECT md5(n::text)::uuid FROM generate_series(1, %d) AS n ORDER BY md5('drawn ' || n) LIMIT %d"
                        .formatted(outOf, people));
        for (int from = 0; from < people; from += BATCH) {
            var batch = new ArrayList<Subject>();
            for (int i = from; i < from + BATCH; i++) {
                batch.add(subject(i, ids.get(i)));
            }
            batches.add(batch);
        }
    }

    static Subject subject(int number, String id) {
        return new Subject(new SubjectKey("%022d".formatted(number)), id, null, Map.of());
    }

    List<List<Subject>> take(int many) {
        List<List<Subject>> taken = batches.subList(next, next + many);
        next += many;
        return taken;
    }

    /** Erases batches with the store, and answers how long that took, in milliseconds. */
    double erase(ErasureStore store, int many) throws StoreUnavailableException {
        List<List<Subject>> taken = take(many);
        var results = new ArrayList<StoreResult>();
        long start = System.nanoTime();
        for (List<Subject> batch : taken) {
            results.addAll(store.erase(batch));
        }
        double millis = (System.nanoTime() - start) / 1e6;
        results.forEach(Customers::check);
        return millis;
    }

    private static void check(StoreResult result) {
        if (!(result instanceof StoreResult.Settled settled)
                || settled.targets().stream().mapToLong(TargetOutcome::items).sum() != ROWS_OF_EACH) {
            throw new IllegalStateException("not everything was erased: " + result);
        }
    }

    /** The same deletes as one block of SQL inside the database, batch by batch; how long that took, in milliseconds. */
    double eraseInside(int many) throws SQLException {
        List<List<Subject>> taken = take(many);
        database.execute(
                "SET search_path = " + schema, "CREATE TABLE IF NOT EXISTS doomed (ids uuid[])", "TRUNCATE doomed");
        for (List<Subject> batch : taken) {
            database.execute("INSERT INTO doomed VALUES ('{%s}')"
                    .formatted(
                            String.join(",", batch.stream().map(Subject::userId).toList())));
        }
        long start = System.nanoTime();
        database.execute("""
                DO $$
                DECLARE
                  batch uuid[];
                BEGIN
                  FOR batch IN SELECT ids FROM doomed LOOP
                    DELETE FROM order_items
                      WHERE order_id = ANY (ARRAY(SELECT id FROM orders WHERE customer_id = ANY (batch)));
                    DELETE FROM orders WHERE customer_id = ANY (batch);
                    DELETE FROM profiles WHERE customer_id = ANY (batch);
                    DELETE FROM customers WHERE id = ANY (batch);
                    COMMIT;
                  END LOOP;
                END
                $$""");
        return (System.nanoTime() - start) / 1e6;
    }

    /** Those who were taken are gone with all that was theirs, and the others are all there. */
    void checkLeft() throws SQLException {
        long left = count - (long) next * BATCH;
        database.execute("SET search_path = " + schema);
        long rows = database.number("SELECT (SELECT count(*) FROM customers) + (SELECT count(*) FROM profiles)"
                + " + (SELECT count(*) FROM orders) + (SELECT count(*) FROM order_items)");
        if (rows != left * ROWS_OF_EACH) {
            throw new IllegalStateException("%d rows are left instead of %d".formatted(rows, left * ROWS_OF_EACH));
        }
    }
}
