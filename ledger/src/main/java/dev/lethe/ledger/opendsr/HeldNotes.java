package dev.lethe.ledger.opendsr;

import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.Notes;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is noted of a request that is held: its clear fields. What is sealed stays where it is. */
public final class HeldNotes implements Notes {
    @Override
    public Optional<JournalEntry> of(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException {
        return Optional.of(HeldRecord.held(record));
    }
}
