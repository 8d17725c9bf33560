package dev.lethe.ledger.journal;

import dev.lethe.events.TopicDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record of {@code erasure.journal}.
 *
 * @param offset where it stands
 * @param at when the broker took it
 * @param isCheckpoint whether it is a checkpoint; an entry, and a leaf, if not
 * @param content the checkpoint's note, or the entry's JSON
 */
public record JournalRecord(long offset, Instant at, boolean isCheckpoint, String content) {
    private static final String CHECKPOINT = "checkpoint";

    /** Reads one; empty if it is no text, which Lethe never writes, and no leaf. */
    public static Optional<JournalRecord> of(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            String content = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(record.value()))
                    .toString();
            // PostgreSQL can't hold it.
            return content.indexOf('\0') >= 0
                    ? Optional.empty()
                    : Optional.of(new JournalRecord(
                            record.offset(),
                            Instant.ofEpochMilli(record.timestamp()),
                            CHECKPOINT.equals(record.key()),
                            content));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** An entry as it goes into the journal. */
    public static ProducerRecord<String, byte[]> entry(JournalEntry entry) {
        return record(entry.request().map(UUID::toString).orElse("entry"), JournalCodec.encode(entry));
    }

    /** A checkpoint as it goes into the journal. */
    public static ProducerRecord<String, byte[]> checkpoint(String note) {
        return record(CHECKPOINT, note);
    }

    private static ProducerRecord<String, byte[]> record(String key, String content) {
        return new ProducerRecord<>(TopicDefinition.JOURNAL, key, content.getBytes(StandardCharsets.UTF_8));
    }
}
