package dev.lethe.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/** Three tables, ten rows of each person: the customer, three orders, two items of each order. */
final class Shop {
    static final String SCHEMA = "shop";
    /** Subjects that a worker erases together, unless it is configured otherwise. */
    static final int BATCH = 500;

    private static final long ROWS_OF_EACH = 10;

    private final Database database;
    private int people;

    Shop(Database database) throws SQLException {
        this.database = database;
        database.execute(
                "CREATE SCHEMA " + SCHEMA,
                "SET search_path = " + SCHEMA,
                "CREATE TABLE customers (id uuid PRIMARY KEY, email text NOT NULL, name text NOT NULL, since timestamptz NOT NULL)",
                "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers (id), placed_at timestamptz NOT NULL, total numeric(10, 2) NOT NULL)",
                "CREATE TABLE order_items (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), product text NOT NULL, quantity int NOT NULL, price numeric(10, 2) NOT NULL)",
                "CREATE INDEX ON orders (customer_id)",
                "CREATE INDEX ON order_items (order_id)",
                "CREATE TABLE doomed (batch int PRIMARY KEY, ids uuid[] NOT NULL)");
    }

    /** Adds people; their ids, in an order that is not that of the tables. */
    List<String> add(int more) throws SQLException {
        int from = people + 1;
        int to = people + more;
        people = to;
        String range = "FROM generate_series(%d, %d) AS n".formatted(from, to);
        database.execute(
                "INSERT INTO customers SELECT md5(n::text)::uuid, 'customer' || n || '@example.org', 'Customer ' || n, now() "
                        + range,
                "INSERT INTO orders SELECT n * 3 + k, md5(n::text)::uuid, now(), 99.90 " + range
                        + ", generate_series(0, 2) AS k",
                "INSERT INTO order_items SELECT (n * 3 + k) * 2 + i, n * 3 + k, 'product ' || n % 1000, 1, 49.95 "
                        + range + ", generate_series(0, 2) AS k, generate_series(0, 1) AS i",
                "VACUUM ANALYZE",
                "CHECKPOINT");
        return database.texts("SELECT md5(n::text)::uuid " + range + " ORDER BY md5('drawn ' || n)");
    }

    /** How many people are there. */
    long left() throws SQLException {
        return database.number("SELECT count(*) FROM customers");
    }

    /** That so many people are there, with all their rows, and nothing of anybody else. */
    void check(long expected) throws SQLException {
        long rows = database.number("SELECT (SELECT count(*) FROM customers) + (SELECT count(*) FROM orders)"
                + " + (SELECT count(*) FROM order_items)");
        if (left() != expected || rows != expected * ROWS_OF_EACH) {
            throw new IllegalStateException(
                    "%d rows are left, instead of those of %d people".formatted(rows, expected));
        }
    }

    /** A worker's store that erases from here. */
    String store() {
        return """
                shop:
                  type: jdbc
                  url: "%s"
                  username: postgres
                  password: postgres
                  schema: %s
                  tables: { customers: { subject: { id: userId } } }
                  uncovered: { doomed: "lists of the bench" }
                """.formatted(database.url(), SCHEMA);
    }

    /** Has the database tell whoever listens to {@code gone} whom it has no row of any more, when that is committed. */
    void announce() throws SQLException {
        database.execute(
                """
                CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  PERFORM pg_notify('gone', OLD.id::text);
                  RETURN NULL;
                END
                $$""", "CREATE TRIGGER announce AFTER DELETE ON customers FOR EACH ROW EXECUTE FUNCTION announce()");
    }

    /** Erases these in one block of SQL inside the database, a transaction per batch; how long that took, in seconds. */
    double eraseInside(List<String> ids) throws SQLException {
        database.execute("TRUNCATE doomed");
        for (int from = 0; from < ids.size(); from += BATCH) {
            database.execute("INSERT INTO doomed VALUES (%d, '{%s}')"
                    .formatted(from, String.join(",", ids.subList(from, Math.min(ids.size(), from + BATCH)))));
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
                    DELETE FROM customers WHERE id = ANY (batch);
                    COMMIT;
                  END LOOP;
                END
                $$""");
        return (System.nanoTime() - start) / 1e9;
    }

    /** Erases one person after the other, each in a transaction, as a program does that has nothing else to do. */
    static final class ByHand implements AutoCloseable {
        private final Connection connection;
        private final List<PreparedStatement> deletes;

        ByHand(Database database) throws SQLException {
            connection = DriverManager.getConnection(database.url(), "postgres", "postgres");
            connection.setAutoCommit(false);
            try (Statement path = connection.createStatement()) {
                path.execute("SET search_path = " + SCHEMA);
            }
            deletes = List.of(
                    connection.prepareStatement("DELETE FROM order_items WHERE order_id = ANY (ARRAY("
                            + "SELECT id FROM orders WHERE customer_id = ?))"),
                    connection.prepareStatement("DELETE FROM orders WHERE customer_id = ?"),
                    connection.prepareStatement("DELETE FROM customers WHERE id = ?"));
        }

        /** How long that took, in nanoseconds. */
        long erase(String id) throws SQLException {
            long start = System.nanoTime();
            for (PreparedStatement delete : deletes) {
                delete.setObject(1, UUID.fromString(id));
                delete.executeUpdate();
            }
            connection.commit();
            return System.nanoTime() - start;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
