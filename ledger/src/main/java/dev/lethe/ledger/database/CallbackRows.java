package dev.lethe.ledger.database;

import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.CalledBack;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.request.StatusChange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Who is to be told of which change of a request's status, and who was. */
final class CallbackRows {
    private static final String UPSERT = """
        insert into callback (request_id, callback, change, status, at, subject_request_id, due_by, called_at, delivered)
        select * from unnest(?::text[]::uuid[], ?::text[], ?::text[]::integer[], ?::text[], ?::text[]::timestamptz[],
            ?::text[]::uuid[], ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::text[]::boolean[])
        on conflict (request_id, callback, change) do update set called_at = excluded.called_at,
            delivered = excluded.delivered
        where callback.* is distinct from excluded.*\
        """;

    private record Told(String callback, int change) {}

    private final Columns rows = new Columns(9);

    /** @param entries all of a request's, in the order of the journal */
    void add(UUID requestId, List<JournalEntry> entries) {
        Optional<Held> held = entries.stream()
                .filter(Held.class::isInstance)
                .map(Held.class::cast)
                .findFirst()
                .filter(first -> !first.callbacks().isEmpty());
        if (held.isEmpty()) {
            return;
        }
        Map<Told, CalledBack> told = told(entries);
        for (StatusChange change : StatusChange.of(requestId, entries)) {
            for (String callback : held.get().callbacks()) {
                CalledBack called = told.get(new Told(callback, change.number()));
                rows.add(
                        requestId,
                        callback,
                        change.number(),
                        change.status().word(),
                        change.at(),
                        held.get().subjectRequestId(),
                        held.get().dueBy(),
                        called == null ? null : called.at(),
                        called == null ? null : called.delivered());
            }
        }
    }

    /** The first entry counts: whoever is told again after a crash was told. */
    private static Map<Told, CalledBack> told(List<JournalEntry> entries) {
        var told = new HashMap<Told, CalledBack>();
        for (JournalEntry entry : entries) {
            if (entry instanceof CalledBack it) {
                told.putIfAbsent(new Told(it.callback(), it.change()), it);
            }
        }
        return told;
    }

    void write(Connection connection) throws SQLException {
        rows.execute(connection, UPSERT);
    }
}
