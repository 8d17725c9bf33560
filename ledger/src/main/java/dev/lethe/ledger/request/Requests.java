package dev.lethe.ledger.request;

import dev.lethe.events.SubjectKey;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.Leaf;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The requests in the ledger's database. Every method throws {@link org.jdbi.v3.core.JdbiException} if the database does not answer. Safe for
 * any thread.
 */
public final class Requests {
    /** How long before its due date a request is at risk. */
    public static final Duration SOON = Duration.ofDays(3);

    /** Requests of one person that are shown at most. */
    private static final int MOST_OF_A_PERSON = 1_000;

    private final Jdbi jdbi;

    public Requests(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A page of a list.
     *
     * @param now decides what is overdue or at risk
     * @param after where the page before ended; empty for the first
     * @param most how many rows, 1 to 1000
     */
    public Page list(RequestFilter filter, Instant now, Optional<Cursor> after, int most) {
        if (most < 1 || most > 1000) {
            throw new IllegalArgumentException("a page has 1 to 1000 rows");
        }
        var query = new ListQuery(filter, now, after);
        List<RequestRow> found = jdbi.withHandle(handle -> handle.createQuery(query.sql())
                .bindMap(query.bindings())
                .bind("most", most + 1)
                .map((row, context) -> requestRow(row))
                .list());
        if (found.size() <= most) {
            return new Page(found, Optional.empty());
        }
        List<RequestRow> rows = found.subList(0, most);
        return new Page(rows, Optional.of(query.cursor(rows.getLast())));
    }

    /** A request as lists have it; empty if it is not known. */
    public Optional<RequestRow> row(UUID requestId) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from request where request_id = :id")
                .bind("id", requestId)
                .map((row, context) -> requestRow(row))
                .findOne());
    }

    /** Everything about a request; empty if it is not known. */
    public Optional<RequestDetail> find(UUID requestId) {
        return jdbi.inTransaction(handle -> handle.createQuery("select * from request where request_id = :id")
                .bind("id", requestId)
                .map((row, context) -> requestRow(row))
                .findOne()
                .map(request -> new RequestDetail(
                        request,
                        stores(handle, requestId),
                        timeline(handle, requestId),
                        deadLetters(handle, requestId))));
    }

    /** The requests of a person, the newest first. */
    public List<RequestRow> of(SubjectKey subject) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from request where subject_key = :key order by requested_at desc, request_id"
                                + " limit :most")
                .bind("key", subject.value())
                .bind("most", MOST_OF_A_PERSON)
                .map((row, context) -> requestRow(row))
                .list());
    }

    /** The open dead letters, the longest failing first. */
    public List<DeadLetterRow> deadLetters(int most) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select * from dead_letter order by first_failed_at, key limit :most")
                        .bind("most", most)
                        .map((row, context) -> deadLetterRow(row))
                        .list());
    }

    /** How many dead letters are open. */
    public long deadLetterCount() {
        return jdbi.withHandle(handle -> handle.createQuery("select count(*) from dead_letter")
                .mapTo(Long.class)
                .one());
    }

    /** The open dead letter of a store that was given up last. */
    public Optional<DeadLetterRow> lastRefusal(String store) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from dead_letter where store = :store order by at desc, key limit 1")
                .bind("store", store)
                .map((row, context) -> deadLetterRow(row))
                .findOne());
    }

    /** What people did, the newest first. */
    public List<ActionRow> actions(int most) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select e.index, e.content from action a join entry e on e.index = a.index"
                                + " order by a.at desc, a.index limit :most")
                .bind("most", most)
                .map((row, context) ->
                        new ActionRow(row.getLong("index"), (JournalEntry.Acted) decode(row.getString("content"))))
                .list());
    }

    /** What happened to a request, in the order of the journal. */
    public static List<Leaf> timeline(Handle handle, UUID requestId) {
        return handle.createQuery("select index, content from entry where request_id = :id order by index")
                .bind("id", requestId)
                .map((row, context) -> leaf(row.getLong("index"), row.getString("content")))
                .list();
    }

    private static List<StoreRow> stores(Handle handle, UUID requestId) {
        return handle.createQuery("select * from request_store where request_id = :id order by store")
                .bind("id", requestId)
                .map((row, context) -> new StoreRow(
                        row.getString("store"),
                        StoreState.of(row.getString("state")),
                        row.getLong("items"),
                        instantOrNull(row, "settled_at"),
                        instantOrNull(row, "last_at"),
                        row.getString("code")))
                .list();
    }

    private static List<DeadLetterRow> deadLetters(Handle handle, UUID requestId) {
        return handle.createQuery("select * from dead_letter where request_id = :id order by key")
                .bind("id", requestId)
                .map((row, context) -> deadLetterRow(row))
                .list();
    }

    private static Leaf leaf(long index, String content) {
        return new Leaf(index, content, decode(content));
    }

    private static JournalEntry decode(String content) {
        try {
            return JournalCodec.decode(content);
        } catch (UnreadableRecordException e) {
            throw new IllegalStateException("the database holds an entry that was never read from the journal");
        }
    }

    private static RequestRow requestRow(ResultSet row) throws SQLException {
        return new RequestRow(
                row.getObject("request_id", UUID.class),
                new SubjectKey(row.getString("subject_key")),
                RequestStatus.of(row.getString("status")),
                instant(row, "requested_at"),
                instantOrNull(row, "due_by"),
                row.getString("source"),
                instantOrNull(row, "announced_at"),
                instantOrNull(row, "accepted_at"),
                instantOrNull(row, "settled_at"),
                row.getInt("stores"),
                row.getInt("stores_done"),
                row.getBoolean("failed"),
                row.getBoolean("retained"),
                row.getBoolean("given_up"),
                row.getLong("items"),
                instant(row, "last_at"));
    }

    private static DeadLetterRow deadLetterRow(ResultSet row) throws SQLException {
        return new DeadLetterRow(
                row.getString("key"),
                row.getObject("request_id", UUID.class),
                row.getString("store"),
                row.getString("code"),
                row.getInt("attempts"),
                instant(row, "first_failed_at"),
                instant(row, "at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(instantOrNull(row, column), column);
    }

    private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
