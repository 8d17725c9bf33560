package dev.lethe.ledger.action;

import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Notes what people do in the journal, before it is done: nothing happens that is not noted. Safe for any thread. */
public final class ActionLog implements AutoCloseable {
    private static final Map<String, Object> PRODUCER = Map.of(
            "client.id",
            "lethe-ledger-actions",
            "acks",
            "all",
            "enable.idempotence",
            true,
            "max.block.ms",
            5_000,
            "request.timeout.ms",
            3_000,
            "delivery.timeout.ms",
            8_000);

    private final Producer<String, byte[]> producer;
    private final InstantSource clock;

    public ActionLog(KafkaConfig kafka, Telemetry telemetry, InstantSource clock) {
        this.producer = new KafkaProducer<>(kafka.with(PRODUCER), new StringSerializer(), new ByteArraySerializer());
        telemetry.observe(producer);
        this.clock = clock;
    }

    /**
     * Notes that somebody does something, and returns once that is committed.
     *
     * @param reason in their words, which have been checked to name nobody
     * @throws KafkaException if it is not committed; then it must not be done
     */
    public void note(
            String actor, Action action, @Nullable UUID requestId, @Nullable String store, @Nullable String reason)
            throws InterruptedException {
        var entry = new JournalEntry.Acted(
                UUID.randomUUID(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                actor,
                action.word(),
                requestId,
                store,
                reason);
        try {
            producer.send(JournalRecord.entry(entry)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
