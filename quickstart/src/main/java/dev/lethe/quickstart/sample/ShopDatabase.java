package dev.lethe.quickstart.sample;

import java.util.List;
import javax.sql.DataSource;

/** A shop: customers with their orders, the orders' items, and invoices. Everything hangs on the customer by foreign keys. */
public final class ShopDatabase extends SampleDatabase {

    public ShopDatabase(DataSource dataSource) {
        super(
                dataSource,
                List.of(
                        new Table("customers", "customers t", "t.id"),
                        new Table("orders", "orders t", "t.customer_id"),
                        new Table("order_items", "order_items t JOIN orders o ON o.id = t.order_id", "o.customer_id"),
                        new Table("invoices", "invoices t", "t.customer_id")));
    }

    @Override
    String schema() {
        return """
                CREATE TABLE IF NOT EXISTS customers (
                    id uuid PRIMARY KEY,
                    email text NOT NULL,
                    name text NOT NULL,
                    phone text,
                    joined_on date NOT NULL);
                CREATE INDEX IF NOT EXISTS customers_email ON customers (email);

                CREATE TABLE IF NOT EXISTS orders (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer_id uuid NOT NULL REFERENCES customers,
                    ship_to text NOT NULL,
                    placed_on date NOT NULL);
                CREATE INDEX IF NOT EXISTS orders_customer ON orders (customer_id);

                CREATE TABLE IF NOT EXISTS order_items (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    order_id bigint NOT NULL REFERENCES orders,
                    article text NOT NULL,
                    cents integer NOT NULL);
                CREATE INDEX IF NOT EXISTS order_items_order ON order_items (order_id);

                CREATE TABLE IF NOT EXISTS invoices (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    customer_id uuid NOT NULL REFERENCES customers,
                    order_id bigint NOT NULL REFERENCES orders,
                    name text NOT NULL,
                    email text,
                    cents integer NOT NULL);
                CREATE INDEX IF NOT EXISTS invoices_customer ON invoices (customer_id);
                CREATE INDEX IF NOT EXISTS invoices_order ON invoices (order_id);
                """;
    }

    /** Two to four orders each, two items and an invoice per order. */
    @Override
    String insertion() {
        return """
                WITH person AS (
                    SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[])
                        WITH ORDINALITY AS person (id, email, name, phone, n)),
                customer AS (
                    INSERT INTO customers (id, email, name, phone, joined_on)
                    SELECT id, email, name, phone, date '2020-01-01' + (n % 2000)::integer FROM person
                    ON CONFLICT (id) DO NOTHING
                    RETURNING id),
                ordered AS (
                    INSERT INTO orders (customer_id, ship_to, placed_on)
                    SELECT id, name || ', 1 Sample Street', date '2026-01-01' + (n % 300 + i)::integer
                    FROM customer JOIN person USING (id), generate_series(1, 2 + n % 3) AS i
                    RETURNING id, customer_id),
                item AS (
                    INSERT INTO order_items (order_id, article, cents)
                    SELECT id, 'article ' || id % 97 || '-' || i, 100 + id % 9000
                    FROM ordered, generate_series(1, 2) AS i)
                INSERT INTO invoices (customer_id, order_id, name, email, cents)
                SELECT customer_id, ordered.id, name, email, 200 + ordered.id % 18000
                FROM ordered JOIN person ON person.id = customer_id
                """;
    }
}
