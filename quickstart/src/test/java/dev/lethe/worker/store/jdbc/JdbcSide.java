package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A PostgreSQL with customers and their orders. */
public final class JdbcSide implements Side {
    private final Postgres server;

    public JdbcSide(Path directory) {
        server = new Postgres(directory);
        server.execute(
                "CREATE TABLE customers (id text PRIMARY KEY, email text)",
                "CREATE TABLE orders (id serial PRIMARY KEY, customer_id text NOT NULL REFERENCES customers)",
                "CREATE INDEX ON orders (customer_id)");
    }

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public String configuration() {
        return "{ type: jdbc, url: \"%s\", username: postgres, password: postgres, connectTimeout: PT1S,"
                        .formatted(server.url())
                + " tables: { customers: { subject: { id: userId } } } }";
    }

    @Override
    public void plant(List<Subject> subjects) {
        server.admin().useTransaction(handle -> {
            var customers = handle.prepareBatch("INSERT INTO customers VALUES (:id, :email)");
            var orders = handle.prepareBatch("INSERT INTO orders (customer_id) VALUES (:id), (:id)");
            for (Subject subject : subjects) {
                customers
                        .bind("id", subject.userId())
                        .bind("email", subject.values("email").getFirst())
                        .add();
                orders.bind("id", subject.userId()).add();
            }
            customers.execute();
            orders.execute();
        });
    }

    @Override
    public List<String> contents() {
        return server.rows("public");
    }

    @Override
    public void cutOff() {
        server.kill();
    }

    @Override
    public void bringBack() {
        server.restart();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
