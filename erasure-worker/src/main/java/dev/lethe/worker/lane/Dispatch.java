package dev.lethe.worker.lane;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A batch's consequences on their way. Sent off by the step's thread, then used by the lane's. */
final class Dispatch {
    private static final Executor PAUSE = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final List<ProducerRecord<String, byte[]>> records;
    private final Producer<String, byte[]> producer;
    private CompletableFuture<Void> acknowledgement;

    /** Sends the records. Can block for as long as the producer may, where a topic is missing or its buffer is full. */
    Dispatch(List<ProducerRecord<String, byte[]>> records, Producer<String, byte[]> producer) {
        this.records = records;
        this.producer = producer;
        this.acknowledgement = Publication.of(records, producer);
    }

    /** Waits until all are acknowledged or any has failed; false if it is neither within this time. */
    boolean await(Duration most) throws InterruptedException {
        return Batch.await(acknowledgement, most);
    }

    boolean isAcknowledged() {
        return acknowledgement.isDone() && !acknowledgement.isCompletedExceptionally();
    }

    boolean hasFailed() {
        return acknowledgement.isCompletedExceptionally();
    }

    /** Sends them again after a pause, because it failed: some may be there twice then, under the same keys. */
    void again() {
        acknowledgement =
                CompletableFuture.runAsync(() -> {}, PAUSE).thenCompose(paused -> Publication.of(records, producer));
    }
}
