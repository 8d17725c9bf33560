package dev.lethe.worker.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Consequences on their way into Kafka. */
public final class Publication {
    private Publication() {}

    /**
     * Completes when every record is acknowledged; fails if any is not, and then some may not even be sent. Blocks for as long
     * as the producer may, once.
     */
    public static CompletableFuture<Void> of(
            List<ProducerRecord<String, byte[]>> records, Producer<String, byte[]> producer) {
        var acknowledgements = new ArrayList<CompletableFuture<Void>>(records.size());
        for (ProducerRecord<String, byte[]> record : records) {
            CompletableFuture<Void> acknowledged = send(record, producer);
            acknowledgements.add(acknowledged);
            if (acknowledged.isCompletedExceptionally()) {
                // The others would block as long, one after the other.
                break;
            }
        }
        return CompletableFuture.allOf(acknowledgements.toArray(CompletableFuture<?>[]::new));
    }

    private static CompletableFuture<Void> send(
            ProducerRecord<String, byte[]> record, Producer<String, byte[]> producer) {
        var acknowledged = new CompletableFuture<Void>();
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.complete(null);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }
}
