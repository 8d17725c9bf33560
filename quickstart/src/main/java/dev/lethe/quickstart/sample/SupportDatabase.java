package dev.lethe.quickstart.sample;

import java.util.List;
import javax.sql.DataSource;

/** A help desk. It has no table of people: a ticket names the requester by id and e-mail address, without a foreign key. */
public final class SupportDatabase extends SampleDatabase {

    public SupportDatabase(DataSource dataSource) {
        super(
                dataSource,
                List.of(
                        new Table("tickets", "tickets t", "t.requester_id"),
                        new Table("messages", "messages t JOIN tickets k ON k.id = t.ticket_id", "k.requester_id")));
    }

    @Override
    String schema() {
        return """
                CREATE TABLE IF NOT EXISTS tickets (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    requester_id uuid NOT NULL,
                    email text NOT NULL,
                    subject text NOT NULL);
                CREATE INDEX IF NOT EXISTS tickets_requester ON tickets (requester_id);
                CREATE INDEX IF NOT EXISTS tickets_email ON tickets (email);

                CREATE TABLE IF NOT EXISTS messages (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    ticket_id bigint NOT NULL REFERENCES tickets,
                    body text NOT NULL);
                CREATE INDEX IF NOT EXISTS messages_ticket ON messages (ticket_id);
                """;
    }

    /** One or two tickets each, two or three messages per ticket. */
    @Override
    String insertion() {
        return """
                WITH person AS (
                    SELECT * FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[])
                        WITH ORDINALITY AS person (id, email, name, phone, n)),
                ticket AS (
                    INSERT INTO tickets (requester_id, email, subject)
                    SELECT id, email, 'Question ' || i
                    FROM person, generate_series(1, 1 + n % 2) AS i
                    WHERE NOT EXISTS (SELECT FROM tickets WHERE requester_id = person.id)
                    RETURNING id, requester_id)
                INSERT INTO messages (ticket_id, body)
                SELECT ticket.id, 'Message ' || i || ' from ' || name || ', please call ' || phone
                FROM ticket JOIN person ON person.id = requester_id, generate_series(1, 2 + ticket.id % 2) AS i
                """;
    }
}
