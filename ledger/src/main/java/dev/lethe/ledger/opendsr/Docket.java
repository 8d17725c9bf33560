package dev.lethe.ledger.opendsr;

import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of requests that were held, as far as the database has it. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database does not answer. Safe for any thread.
 */
public final class Docket {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Jdbi jdbi;

    public Docket(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** What was decided about a request, once and for all. */
    enum Ruling {
        RELEASED,
        WITHDRAWN
    }

    /**
     * A request that was held.
     *
     * @param held as it was held first
     * @param ruling what the journal says first; null as long as it says nothing
     */
    record Case(Held held, @Nullable Ruling ruling) {}

    /**
     * Somebody to be told of a change.
     *
     * @param change which change of the request's status
     * @param at when it changed
     */
    record Due(UUID requestId, int change, String status, Instant at, UUID subjectRequestId, Instant dueBy) {}

    /** One of them; empty as long as it is not noted that it is held. */
    Optional<Case> find(UUID requestId) {
        return Optional.ofNullable(cases(List.of(requestId)).get(requestId));
    }

    /** Those of them of which it is noted that they are held. */
    Map<UUID, Case> cases(Collection<UUID> requestIds) {
        List<JournalEntry> entries =
                jdbi.withHandle(handle -> handle.createQuery("select content from entry where request_id = any(:ids)"
                                + " and kind in ('Held', 'Released', 'Withdrawn') order by index")
                        .bindArray("ids", UUID.class, requestIds)
                        .map((row, context) -> decode(row.getString("content")))
                        .list());
        var held = new HashMap<UUID, Held>();
        var rulings = new HashMap<UUID, Ruling>();
        for (JournalEntry entry : entries) {
            if (entry instanceof Held it) {
                held.putIfAbsent(it.requestId(), it);
            } else if (entry instanceof Released it) {
                rulings.putIfAbsent(it.requestId(), Ruling.RELEASED);
            } else if (entry instanceof Withdrawn it) {
                rulings.putIfAbsent(it.requestId(), Ruling.WITHDRAWN);
            }
        }
        var cases = new HashMap<UUID, Case>();
        held.forEach((id, first) -> cases.put(id, new Case(first, rulings.get(id))));
        return cases;
    }

    /** Whether the database has what stands in the journal at that offset, and all before it. */
    boolean hasRead(long offset) {
        return jdbi.withHandle(handle -> handle.createQuery("select next_offset from journal")
                        .mapTo(Long.class)
                        .one())
                > offset;
    }

    /** Waits until it has; false if it does not within this time. */
    boolean awaitRead(long offset, Duration most) throws InterruptedException {
        return await(() -> hasRead(offset) ? Optional.of(true) : Optional.empty(), most)
                .isPresent();
    }

    /** Looks until there is something, but no longer than that. */
    static <T> Optional<T> await(Supplier<Optional<T>> look, Duration most) throws InterruptedException {
        long start = System.nanoTime();
        Optional<T> found = look.get();
        while (found.isEmpty() && System.nanoTime() - start < most.toNanos()) {
            Thread.sleep(LOOK_EVERY);
            found = look.get();
        }
        return found;
    }

    /** Who is to be told at an address, the longest waiting first; of a request, one change after the other. */
    List<Due> due(String callback, int most) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from callback c where callback = :callback and called_at is null and not exists"
                                + " (select from callback b where b.request_id = c.request_id and b.callback = c.callback"
                                + " and b.change < c.change and b.called_at is null)"
                                + " order by at, request_id limit :most")
                .bind("callback", callback)
                .bind("most", most)
                .map((row, context) -> new Due(
                        row.getObject("request_id", UUID.class),
                        row.getInt("change"),
                        row.getString("status"),
                        instant(row, "at"),
                        row.getObject("subject_request_id", UUID.class),
                        instant(row, "due_by")))
                .list());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static JournalEntry decode(String content) {
        try {
            return JournalCodec.decode(content);
        } catch (UnreadableRecordException e) {
            throw new IllegalStateException("the database holds an entry that was never read from the journal");
        }
    }
}
