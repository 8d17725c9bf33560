package dev.lethe.worker.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A batch on its way: worked off by the step, then its consequences are published, then it can be committed. */
final class Batch {
    private static final Executor PAUSE = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final List<Entry> entries;
    private final CompletableFuture<List<ProducerRecord<String, byte[]>>> work;
    private CompletableFuture<Void> publication = new CompletableFuture<>();

    Batch(List<Entry> entries, CompletableFuture<List<ProducerRecord<String, byte[]>>> work) {
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

    /** Waits until the step is done with it; false if it is not within this time. */
    boolean awaitWork(Duration most) throws InterruptedException {
        return await(work, most);
    }

    /** Waits until its consequences are acknowledged or have failed; false if it is neither within this time. */
    boolean awaitPublication(Duration most) throws InterruptedException {
        return await(publication, most);
    }

    /** Publishes the consequences of the work, which is done. */
    void publish(Producer<String, byte[]> producer) {
        publication = Publication.of(work.join(), producer);
    }

    /** Publishes them again after a pause, because it failed: some may be there twice then, under the same keys. */
    void publishAgain(Producer<String, byte[]> producer) {
        publication = CompletableFuture.supplyAsync(work::join, PAUSE)
                .thenCompose(records -> Publication.of(records, producer));
    }

    boolean isPublished() {
        return publication.isDone() && !publication.isCompletedExceptionally();
    }

    boolean hasFailedToPublish() {
        return publication.isCompletedExceptionally();
    }

    /** Lets everything in it be committed, but for what was lost meanwhile. */
    void settle() {
        for (Entry entry : entries) {
            if (!entry.isLost()) {
                entry.tenure().settle(entry.record().offset() + 1);
            }
        }
    }

    private static boolean await(CompletableFuture<?> stage, Duration most) throws InterruptedException {
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
