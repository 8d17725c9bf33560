package dev.lethe.quickstart.sample;

import java.util.List;
import javax.sql.DataSource;

/** What a newsletter service keeps: its readers, to what they have subscribed, and which erasures it has done. */
public final class NewsletterDatabase extends SampleDatabase {

    public NewsletterDatabase(DataSource dataSource) {
        super(
                dataSource,
                List.of(
                        new Table("readers", "readers t", "t.user_id::uuid"),
                        new Table(
                                "subscriptions",
                                "subscriptions t JOIN readers r ON r.id = t.reader_id",
                                "r.user_id::uuid")));
    }

    @Override
    String schema() {
        return """
                CREATE TABLE IF NOT EXISTS readers (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    user_id text NOT NULL UNIQUE,
                    email text NOT NULL UNIQUE,
                    name text NOT NULL);

                CREATE TABLE IF NOT EXISTS subscriptions (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    reader_id bigint NOT NULL REFERENCES readers,
                    topic text NOT NULL,
                    since date NOT NULL);
                CREATE INDEX IF NOT EXISTS subscriptions_reader ON subscriptions (reader_id);

                CREATE TABLE IF NOT EXISTS erasures (
                    id text PRIMARY KEY,
                    readers bigint NOT NULL,
                    subscriptions bigint NOT NULL,
                    done_at timestamptz NOT NULL DEFAULT now());
                """;
    }

    /** One or two subscriptions each. */
    @Override
    String insertion() {
        return """
                WITH person AS (
                    SELECT id::text AS user_id, email, name, n FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[])
                        WITH ORDINALITY AS person (id, email, name, phone, n)),
                reader AS (
                    INSERT INTO readers (user_id, email, name)
                    SELECT user_id, email, name FROM person
                    ON CONFLICT DO NOTHING
                    RETURNING id, user_id)
                INSERT INTO subscriptions (reader_id, topic, since)
                SELECT reader.id, (ARRAY['Offers', 'New arrivals'])[i], date '2024-01-01' + (n % 700)::integer
                FROM reader JOIN person USING (user_id), generate_series(1, 2 - n % 2) AS i
                """;
    }
}
