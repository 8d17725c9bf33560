package dev.lethe.worker.status;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How one lane is doing.
 *
 * @param lane the lane's name: the store's, or {@code <store>-retry}, {@code <store>-sweep-1h}, {@code <store>-settle}; {@code confirm} and {@code confirm-retry} ask the identity
 *     provider
 * @param lag how many records its group has still to do
 * @param ratePerSecond how many it does
 * @param members how many consumers the group has
 * @param because why it is in that state, where that is known
 * @param oldest what has been waiting longest; null if nothing is
 * @param dueSoon unfinished requests that are due within {@link LaneSurvey#SOON}, dead letters of the store included
 * @param overdue unfinished requests whose due date is over, dead letters of the store included
 * @param deadLetters open dead letters of the store; 0 for a retrying lane, as they are counted once
 */
public record LaneHealth(
        String lane,
        String store,
        String group,
        State state,
        @Nullable Because because,
        long lag,
        double ratePerSecond,
        int members,
        @Nullable Oldest oldest,
        long dueSoon,
        long overdue,
        long deadLetters) {

    /** What a lane is doing. */
    public enum State {
        /** It gets on. */
        RUNNING,
        /** There is nothing to do. */
        IDLE,
        /** What there is to do is not due before its delay is over. */
        WAITING,
        /** A worker says that it holds, because its store can't work. */
        HOLDING,
        /** There is something to do, and it does not get on. */
        STALLED,
        /** Nobody reads. */
        NO_WORKER
    }

    /**
     * Why it holds.
     *
     * @param since since when
     * @param code such as {@code UNREACHABLE}
     */
    public record Because(@Nullable Instant since, String code, String message) {}

    /**
     * The unfinished request that was made first, of those at the heads of the partitions.
     *
     * @param requestId null if it can't be read
     * @param requestedAt when it was made, or, if it can't be read, when the record was written
     */
    public record Oldest(@Nullable UUID requestId, Instant requestedAt, long ageSeconds) {}

    /** Whether a human should look at it. */
    public boolean isTroubled() {
        return overdue > 0 || state == State.HOLDING || state == State.STALLED || state == State.NO_WORKER;
    }
}
