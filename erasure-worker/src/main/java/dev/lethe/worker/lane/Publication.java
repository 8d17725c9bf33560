package dev.lethe.worker.lane;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Consequences on their way into Kafka. */
public final class Publication {
    private Publication() {}

    /** Completes when every record is acknowledged; fails if any is not. */
    public static CompletableFuture<Void> of(
            List<ProducerRecord<String, byte[]>> records, Producer<String, byte[]> producer) {
        return CompletableFuture.allOf(
                records.stream().map(record -> send(record, producer)).toArray(CompletableFuture<?>[]::new));
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
