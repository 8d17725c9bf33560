package dev.lethe.worker.lane;

import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The time for which a lane has a partition. A partition that goes and comes back is another tenure, so that what was begun
 * in the first can never be committed in the second. Used by the lane's consumer thread; {@link #isLost} by any.
 */
final class Tenure {
    private static final long NONE = -1;

    private final TopicPartition partition;
    private volatile boolean lost;
    private long settled = NONE;
    private long committed = NONE;
    private @Nullable Instant due;

    Tenure(TopicPartition partition) {
        this.partition = partition;
    }

    TopicPartition partition() {
        return partition;
    }

    boolean isLost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** Everything before this offset is done, durably. */
    void settle(long nextOffset) {
        settled = Math.max(settled, nextOffset);
    }

    boolean hasUncommitted() {
        return settled > committed;
    }

    /** The offset to commit now, which counts as committed until {@link #commitFailed}. */
    long commit() {
        committed = settled;
        return settled;
    }

    void commitFailed() {
        committed = NONE;
    }

    /** When the record at the head of the partition is due, if the lane waits for it. */
    @Nullable
    Instant due() {
        return due;
    }

    void waitUntil(@Nullable Instant instant) {
        due = instant;
    }
}
