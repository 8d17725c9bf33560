package dev.lethe.ledger.journal;

import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.kafka.KafkaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Writes to the journal what does not come from another topic. Safe for any thread. */
public final class JournalWriter implements AutoCloseable {
    private final Producer<String, byte[]> producer;

    public JournalWriter(KafkaConfig kafka, Telemetry telemetry) {
        this.producer = KafkaClients.promptProducer(kafka, "lethe-ledger-journal");
        telemetry.observe(producer);
    }

    /**
     * Writes an entry, and returns once that is committed.
     *
     * @return the offset at which it stands
     * @throws KafkaException if it is not known to be committed; it may be all the same
     */
    public long write(JournalEntry entry) throws InterruptedException {
        return write(List.of(entry));
    }

    /**
     * Writes entries in their order, and returns once all are committed.
     *
     * @param entries at least one
     * @return the offset at which the last of them stands
     * @throws KafkaException if they are not known to be committed; some may be all the same
     */
    public long write(Collection<? extends JournalEntry> entries) throws InterruptedException {
        var sent = new ArrayList<Future<RecordMetadata>>(entries.size());
        for (JournalEntry entry : entries) {
            sent.add(producer.send(JournalRecord.entry(entry)));
        }
        try {
            long offset = -1;
            for (Future<RecordMetadata> record : sent) {
                offset = Math.max(offset, record.get().offset());
            }
            return offset;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
