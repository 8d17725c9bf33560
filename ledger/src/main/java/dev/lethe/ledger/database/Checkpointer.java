package dev.lethe.ledger.database;

import dev.lethe.ledger.database.Projection.Position;
import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleTree;
import dev.lethe.ledger.merkle.Tiles;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.Producer;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs what the tree has become, from time to time, and notes it in the journal, from where the projection takes it: a checkpoint is in the
 * database only if the journal has it. Not before all has been read that was there at the start, so that who reads the journal again
 * adds nothing to it.
 */
public final class Checkpointer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Checkpointer.class);
    private static final long UNKNOWN = -1;

    private final Jdbi jdbi;
    private final LedgerKeys keys;
    private final String origin;
    private final Duration every;
    private final Producer<String, byte[]> producer;
    private final BooleanSupplier isReading;
    private final LongSupplier journalEnd;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private long endAtStart = UNKNOWN;
    private volatile long signed;

    /**
     * @param isReading whether this process is the one that reads the journal
     * @param journalEnd where the journal ends; asked once it answers
     */
    public Checkpointer(
            Jdbi jdbi,
            LedgerKeys keys,
            String origin,
            Duration every,
            Producer<String, byte[]> producer,
            BooleanSupplier isReading,
            LongSupplier journalEnd) {
        this.jdbi = jdbi;
        this.keys = keys;
        this.origin = origin;
        this.every = every;
        this.producer = producer;
        this.isReading = isReading;
        this.journalEnd = journalEnd;
        this.thread = Thread.ofPlatform().daemon().name("checkpoints").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (RuntimeException e) {
                    // The database or Kafka is away: the lanes say so.
                    log.debug("No checkpoint: {}", e.getClass().getSimpleName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        if (!isReading.getAsBoolean()) {
            return;
        }
        if (endAtStart == UNKNOWN) {
            endAtStart = journalEnd.getAsLong();
        }
        jdbi.useTransaction(handle -> {
            var position = handle.createQuery("select next_offset, size from journal")
                    .map((row, context) -> new Position(row.getLong("next_offset"), row.getLong("size")))
                    .one();
            long last = handle.createQuery("select coalesce(max(size), 0) from checkpoint")
                    .mapTo(Long.class)
                    .one();
            if (position.nextOffset() >= endAtStart && position.size() > Math.max(last, signed)) {
                byte[] root =
                        new MerkleTree(new Tiles(new DatabaseTiles(handle), position.size())).root(position.size());
                publish(new Checkpoint(origin, position.size(), root));
            }
        });
    }

    private void publish(Checkpoint checkpoint) {
        long before = signed;
        signed = checkpoint.size();
        var unused = producer.send(JournalRecord.checkpoint(checkpoint.sign(keys)), (metadata, failure) -> {
            if (failure != null) {
                log.warn(
                        "A checkpoint did not get into the journal: {}",
                        failure.getClass().getSimpleName());
                signed = before;
            }
        });
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
