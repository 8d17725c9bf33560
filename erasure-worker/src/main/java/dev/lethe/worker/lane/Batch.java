package dev.lethe.worker.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A batch on its way: worked off by the step, then its consequences are published, then it can be committed. */
final class Batch {
    private final List<Entry> entries;
    private final CompletableFuture<Dispatch> work;

    /** @param work completes with the consequences, which are on their way */
    Batch(List<Entry> entries, CompletableFuture<Dispatch> work) {
        this.entries = entries;
        this.work = work;
    }

    /** When the oldest of its records was written. */
    Instant oldest() {
        return Instant.ofEpochMilli(entries.stream()
                .mapToLong(entry -> entry.record().timestamp())
                .min()
                .orElseThrow());
    }

    /** Waits until the step is done with it, or has given it up; false if it is neither within this time. */
    boolean awaitWork(Duration most) throws InterruptedException {
        return await(work, most);
    }

    /** Whether the step is done with it. */
    boolean isWorked() {
        return work.isDone() && !work.isCompletedExceptionally();
    }

    /** The consequences of the work, which is done. */
    Dispatch dispatch() {
        return work.join();
    }

    /** Lets everything in it be committed, but for what was lost meanwhile. */
    void settle() {
        for (Entry entry : entries) {
            if (!entry.isLost()) {
                entry.tenure().settle(entry.record().offset() + 1);
            }
        }
    }

    static boolean await(CompletableFuture<?> stage, Duration most) throws InterruptedException {
        try {
            stage.get(most.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
