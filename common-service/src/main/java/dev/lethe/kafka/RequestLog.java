package dev.lethe.kafka;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.health.Telemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The erasure log, to append to: who is acknowledged is committed. Safe for any thread. */
public final class RequestLog implements AutoCloseable {
    /**
     * Durable (G1), and decided within 1.5 s, because FusionAuth hangs up after 2 s: at most 0.2 s for metadata and memory,
     * then 1.3 s for the delivery with its retries. One request in flight gathers what comes meanwhile, so that one write
     * through to the disk serves many; docs/decisions/0008 has the other reason. The linger is for those who come together.
     */
    private static final Map<String, Object> PRODUCER = Map.ofEntries(
            Map.entry("acks", "all"),
            Map.entry("enable.idempotence", true),
            Map.entry("linger.ms", 1),
            Map.entry("max.in.flight.requests.per.connection", 1),
            Map.entry("max.block.ms", 200),
            Map.entry("request.timeout.ms", 600),
            Map.entry("delivery.timeout.ms", 1300),
            Map.entry("retry.backoff.ms", 50),
            Map.entry("reconnect.backoff.max.ms", 500),
            Map.entry("metadata.max.idle.ms", Duration.ofDays(1).toMillis()));

    private final Producer<String, byte[]> producer;
    private final String topic;
    private final Executor continuation;

    /**
     * @param clientId as which brokers know the producer
     * @param topic where requests go
     * @param continuation runs what follows a delivery, so that it never holds up the producer's own thread
     */
    public RequestLog(KafkaConfig kafka, String clientId, String topic, Executor continuation, Telemetry telemetry) {
        var settings = new HashMap<>(PRODUCER);
        settings.put("client.id", clientId);
        this.producer = new KafkaProducer<>(kafka.with(settings), new StringSerializer(), new ByteArraySerializer());
        telemetry.observe(producer);
        this.topic = topic;
        this.continuation = continuation;
    }

    /**
     * Appends a request. The future completes when the record is committed; if it fails, the record may be in the log all
     * the same.
     */
    public CompletableFuture<Void> append(ErasureRequest request, @Nullable String traceparent) {
        return append(EventRecords.request(topic, request, traceparent));
    }

    /** Appends another record, to the topic that it names. */
    public CompletableFuture<Void> append(ProducerRecord<String, byte[]> record) {
        var committed = new CompletableFuture<Void>();
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                continuation.execute(() -> {
                    if (failure == null) {
                        committed.complete(null);
                    } else {
                        committed.completeExceptionally(failure);
                    }
                });
            });
        } catch (KafkaException e) {
            committed.completeExceptionally(e);
        }
        return committed;
    }

    /** Fetches the topic's metadata, without which a first request would run out of time; says so while it can't be had. */
    public List<String> problems() {
        try {
            producer.partitionsFor(topic);
            return List.of();
        } catch (KafkaException e) {
            return List.of("the topic " + topic + " can't be written yet ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    /** Waits for what is under way, for as long as a delivery can take. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
