package dev.lethe.ledger.database;

import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalWriter;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes that dead letters were closed where the ledger did not see it. What closes one is a tombstone, and Kafka drops that, {@code
 * delete.retention.ms} after it was compacted: a ledger that was away for longer would show as open for good what has long been settled. So
 * the entries that are open in the database are compared with what the topic holds: of one that is still open, or whose
 * tombstone is still to be read, the topic has a record. Looked at when the journal has been read, and every hour.
 *
 * <p>What is noted follows from the entry that was open and from nothing else: two ledgers that find the same one gone note the same
 * bytes, which count once. It closes that entry alone, and not a later one of the same key, in whatever order the two get into the
 * journal.
 */
public final class MissedClosings implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MissedClosings.class);
    private static final long UNKNOWN = -1;
    private static final Duration ONCE_LOOKED = Duration.ofHours(1);
    private static final Duration UNTIL_THEN = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final JournalWriter writer;
    private final BooleanSupplier isReading;
    private final LongSupplier journalEnd;
    private final Topic topic;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private long end = UNKNOWN;

    /** The dead letters in Kafka. */
    public interface Topic {
        /**
         * The keys of all records, tombstones too, as they are called in the journal.
         *
         * @throws org.apache.kafka.common.KafkaException if the cluster does not answer
         */
        Set<String> keys() throws InterruptedException;
    }

    /**
     * @param isReading whether this process is the one that reads the journal
     * @param journalEnd where the journal ends; throws while Kafka does not answer
     */
    public MissedClosings(
            Jdbi jdbi, JournalWriter writer, BooleanSupplier isReading, LongSupplier journalEnd, Topic topic) {
        this.jdbi = jdbi;
        this.writer = writer;
        this.isReading = isReading;
        this.journalEnd = journalEnd;
        this.topic = topic;
        this.thread = Thread.ofPlatform().daemon().name("missed-closings").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            Duration pause;
            do {
                pause = look() ? ONCE_LOOKED : UNTIL_THEN;
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False if it is too early, or something does not answer. */
    private boolean look() throws InterruptedException {
        if (!isReading.getAsBoolean()) {
            return false;
        }
        try {
            if (end == UNKNOWN) {
                end = journalEnd.getAsLong();
            }
            // What is open while the journal is still being read may be closed further on.
            Optional<List<DeadLetterClosed>> open = jdbi.inTransaction(
                    TransactionIsolationLevel.REPEATABLE_READ,
                    handle -> isRead(handle) ? Optional.of(open(handle)) : Optional.empty());
            if (open.isEmpty()) {
                return false;
            }
            end = UNKNOWN;
            note(open.get());
            return true;
        } catch (RuntimeException e) {
            // The database or Kafka is away: the lanes say so.
            log.debug("Dead letters are not compared: {}", e.getClass().getSimpleName());
            return false;
        }
    }

    private boolean isRead(Handle handle) {
        return handle.createQuery("select next_offset from journal")
                        .mapTo(Long.class)
                        .one()
                >= end;
    }

    /** What would close each of them. */
    private static List<DeadLetterClosed> open(Handle handle) {
        return handle.createQuery("select key, request_id, at from dead_letter order by key")
                .map((row, context) -> DeadLetterClosed.unseen(
                        row.getString("key"),
                        row.getObject("request_id", UUID.class),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private void note(List<DeadLetterClosed> open) throws InterruptedException {
        if (open.isEmpty()) {
            return;
        }
        Set<String> known = topic.keys();
        List<DeadLetterClosed> gone =
                open.stream().filter(closing -> !known.contains(closing.key())).toList();
        if (!gone.isEmpty()) {
            writer.write(gone);
            log.info("{} dead letters were closed while the ledger was away", gone.size());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
