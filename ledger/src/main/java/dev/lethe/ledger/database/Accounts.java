package dev.lethe.ledger.database;

import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.database.Tallies.Counted;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.request.Account;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.RequestStatus;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Works out anew what became of requests, from all of their entries, and writes what is different from what was there. */
final class Accounts {
    private final Connection connection;
    private final Tallies tallies;
    private final CallbackRows callbacks;

    Accounts(Handle handle, Tallies tallies, CallbackRows callbacks) {
        this.connection = handle.getConnection();
        this.tallies = tallies;
        this.callbacks = callbacks;
    }

    /**
     * @param fresh the new entries of each request
     * @param size of the tree before them
     */
    void renew(Map<UUID, List<JournalEntry>> fresh, long size) throws SQLException {
        if (fresh.isEmpty()) {
            return;
        }
        Map<UUID, Counted> before = counted(fresh.keySet());
        Map<UUID, List<JournalEntry>> all = entries(fresh.keySet(), size);
        fresh.forEach((id, entries) ->
                all.computeIfAbsent(id, any -> new ArrayList<>()).addAll(entries));
        var rows = new Columns(16);
        var stores = new Columns(10);
        all.forEach((id, entries) -> Account.of(id, entries).ifPresent(account -> {
            RequestRow row = account.request();
            Counted now = new Counted(row.status(), row.requestedAt(), row.dueBy(), row.settledAt());
            Counted then = before.get(id);
            if (!now.equals(then)) {
                if (then != null) {
                    tallies.count(then, -1);
                }
                tallies.count(now, 1);
            }
            add(row, rows);
            callbacks.add(id, entries);
            account.stores()
                    .forEach(store -> stores.add(
                            id,
                            store.store(),
                            store.state().word(),
                            store.items(),
                            store.settledAt(),
                            store.lastAt(),
                            store.code(),
                            row.status().word(),
                            row.requestedAt(),
                            row.dueBy()));
        }));
        rows.execute(connection, UPSERT_REQUESTS);
        stores.execute(connection, UPSERT_STORES);
    }

    private static void add(RequestRow row, Columns rows) {
        rows.add(
                row.requestId(),
                row.subjectKey(),
                row.status().word(),
                row.requestedAt(),
                row.dueBy(),
                row.source(),
                row.announcedAt(),
                row.acceptedAt(),
                row.settledAt(),
                row.stores(),
                row.storesDone(),
                row.failed(),
                row.retained(),
                row.givenUp(),
                row.items(),
                row.lastAt());
    }

    private Map<UUID, Counted> counted(Collection<UUID> requests) throws SQLException {
        var counted = new HashMap<UUID, Counted>();
        query(
                "select request_id, status, requested_at, due_by, settled_at from request where request_id = any(?)",
                requests,
                row -> counted.put(
                        row.getObject(1, UUID.class),
                        new Counted(
                                RequestStatus.of(row.getString(2)),
                                row.getObject(3, OffsetDateTime.class).toInstant(),
                                instant(row, 4),
                                instant(row, 5))));
        return counted;
    }

    /** Those that were there before. */
    private Map<UUID, List<JournalEntry>> entries(Collection<UUID> requests, long size) throws SQLException {
        var entries = new LinkedHashMap<UUID, List<JournalEntry>>();
        query(
                "select request_id, content from entry where request_id = any(?) and index < " + size
                        + " order by index",
                requests,
                row -> entries.computeIfAbsent(row.getObject(1, UUID.class), any -> new ArrayList<>())
                        .add(decode(row.getString(2))));
        return entries;
    }

    private static JournalEntry decode(String content) {
        try {
            return JournalCodec.decode(content);
        } catch (UnreadableRecordException e) {
            throw new IllegalStateException("an entry was readable when it was written");
        }
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private void query(String sql, Collection<UUID> requests, RowReader reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Array ids = connection.createArrayOf("uuid", requests.toArray());
            statement.setArray(1, ids);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
            ids.free();
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static final String UPSERT_REQUESTS = """
        insert into request (request_id, subject_key, status, requested_at, due_by, source, announced_at, accepted_at,
            settled_at, stores, stores_done, failed, retained, given_up, items, last_at)
        select * from unnest(?::text[]::uuid[], ?::text[], ?::text[], ?::text[]::timestamptz[], ?::text[]::timestamptz[],
            ?::text[], ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::text[]::timestamptz[], ?::text[]::integer[],
            ?::text[]::integer[], ?::text[]::boolean[], ?::text[]::boolean[], ?::text[]::boolean[], ?::text[]::bigint[],
            ?::text[]::timestamptz[])
        on conflict (request_id) do update set subject_key = excluded.subject_key, status = excluded.status,
            requested_at = excluded.requested_at, due_by = excluded.due_by, source = excluded.source,
            announced_at = excluded.announced_at, accepted_at = excluded.accepted_at, settled_at = excluded.settled_at,
            stores = excluded.stores, stores_done = excluded.stores_done, failed = excluded.failed,
            retained = excluded.retained, given_up = excluded.given_up, items = excluded.items, last_at = excluded.last_at
        where request is distinct from excluded\
        """;

    private static final String UPSERT_STORES = """
        insert into request_store (request_id, store, state, items, settled_at, last_at, code, status, requested_at, due_by)
        select * from unnest(?::text[]::uuid[], ?::text[], ?::text[], ?::text[]::bigint[], ?::text[]::timestamptz[],
            ?::text[]::timestamptz[], ?::text[], ?::text[], ?::text[]::timestamptz[], ?::text[]::timestamptz[])
        on conflict (request_id, store) do update set state = excluded.state, items = excluded.items,
            settled_at = excluded.settled_at, last_at = excluded.last_at, code = excluded.code, status = excluded.status,
            requested_at = excluded.requested_at, due_by = excluded.due_by
        where request_store is distinct from excluded\
        """;
}
