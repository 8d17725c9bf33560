package dev.lethe.worker.replay;

import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.log.LogReader;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a replay is in one store.
 *
 * @param tally what became of the requests so far
 * @param read how many of the log's offsets are behind it
 * @param size how many there are
 * @param reached where to go on so that nothing is skipped
 * @param over whether everything is done
 * @param holding why it waits at the moment
 * @param failure why it ended before its time
 */
public record StoreProgress(
        String store,
        Tally tally,
        long read,
        long size,
        Instant reached,
        boolean over,
        Optional<Hold.Reason> holding,
        Optional<String> failure) {

    static StoreProgress begin(String store, LogReader log) {
        return new StoreProgress(
                store,
                Tally.NONE,
                log.read(),
                log.size(),
                log.reached(),
                log.isOver(),
                Optional.empty(),
                Optional.empty());
    }

    StoreProgress after(LogReader log, Tally sum) {
        return new StoreProgress(
                store, sum, log.read(), size, log.reached(), log.isOver(), Optional.empty(), Optional.empty());
    }

    StoreProgress holding(Optional<Hold.Reason> reason) {
        return new StoreProgress(store, tally, read, size, reached, over, reason, failure);
    }

    StoreProgress failed(String reason) {
        return new StoreProgress(store, tally, read, size, reached, over, holding, Optional.of(reason));
    }

    /** Whether the whole range was done, and every request in it. */
    public boolean isDone() {
        return over && tally.failures() == 0;
    }
}
