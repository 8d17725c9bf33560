package dev.lethe.ledger.journal;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is noted of an intent or a request: its clear fields. What is sealed stays where it is. */
final class RequestNotes implements Notes {
    private final List<String> stores;

    /** @param stores from which a request is to be erased */
    RequestNotes(List<String> stores) {
        this.stores = stores.stream().sorted().toList();
    }

    @Override
    public Optional<JournalEntry> of(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        ErasureRequest request = Codec.decodeRequest(record.value());
        Instant at = Instant.ofEpochMilli(record.timestamp());
        return Optional.of(
                record.topic().equals(TopicDefinition.INTENTS)
                        ? new JournalEntry.Announced(
                                request.requestId(),
                                request.subject().key(),
                                at,
                                request.requestedAt(),
                                request.dueBy(),
                                request.trigger().source(),
                                request.trigger().type())
                        : new JournalEntry.Requested(
                                request.requestId(),
                                request.subject().key(),
                                at,
                                request.requestedAt(),
                                request.dueBy(),
                                request.trigger().source(),
                                request.trigger().type(),
                                stores));
    }
}
