package dev.lethe.worker.lane;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's patience: while what it needs is down, it waits here, longer each time, and gives nothing up. Whoever asks sees
 * since when and why.
 */
public final class Hold {
    private static final Logger log = LoggerFactory.getLogger(Hold.class);

    private final String lane;
    private final Backoff backoff;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private volatile @Nullable Reason reason;
    private int attempts;
    private int looks;
    private boolean ended;

    /**
     * Why a lane holds.
     *
     * @param since since when
     * @param code from a fixed vocabulary, such as {@code UNREACHABLE}
     * @param message what is wrong and what to do
     */
    public record Reason(Instant since, String code, String message) {}

    /** @param lane who waits, for the log */
    public Hold(String lane, Backoff backoff, InstantSource clock) {
        this.lane = lane;
        this.backoff = backoff;
        this.clock = clock;
    }

    /** Why the lane holds at the moment; empty if it runs. */
    public Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * Waits before the next try: called each time that something is found down.
     *
     * @throws InterruptedException if the lane is stopping
     */
    public void because(String code, String message) throws InterruptedException {
        because(code, message, Duration.ZERO);
    }

    /**
     * Waits before the next try, as {@link #because(String, String)} does.
     *
     * @param least no less than that, whatever the backoff says
     * @throws InterruptedException if the lane is stopping
     */
    public void because(String code, String message, Duration least) throws InterruptedException {
        Reason before = reason;
        if (before == null || !before.code().equals(code)) {
            log.warn("Lane {} holds: {}: {}", lane, code, message);
        }
        reason = new Reason(before == null ? clock.instant() : before.since(), code, message);
        lock.lockInterruptibly();
        try {
            int look = looks;
            long left = Math.max(backoff.wait(attempts++).toNanos(), least.toNanos());
            while (left > 0 && look == looks && !ended) {
                left = news.awaitNanos(left);
            }
            if (ended) {
                throw new InterruptedException("the lane is stopping");
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was down is up again: called after each success. */
    public void over() {
        lock.lock();
        try {
            attempts = 0;
            if (reason != null) {
                log.info("Lane {} runs again", lane);
                reason = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the present wait: the batch has changed. */
    void lookAgain() {
        lock.lock();
        try {
            looks++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting, now and in future: the lane is stopping. */
    void end() {
        lock.lock();
        try {
            ended = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
