package dev.lethe.ledger.action;

import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalWriter;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Notes what people do in the journal, before it is done: nothing happens that is not noted. Safe for any thread. */
public final class ActionLog {
    private final JournalWriter journal;
    private final InstantSource clock;

    public ActionLog(JournalWriter journal, InstantSource clock) {
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * Notes that somebody does something, and returns once that is committed.
     *
     * @param reason in their words, which have been checked to name nobody
     * @throws KafkaException if it is not committed; then it must not be done
     */
    public void note(
            String actor, Action action, @Nullable UUID requestId, @Nullable String store, @Nullable String reason)
            throws InterruptedException {
        journal.write(new JournalEntry.Acted(
                UUID.randomUUID(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                actor,
                action.word(),
                requestId,
                store,
                reason));
    }
}
