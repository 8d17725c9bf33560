package dev.lethe.ledger.journal;

import dev.lethe.events.Codec;
import dev.lethe.events.UnreadableRecordException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is noted of the records of a topic. */
public interface Notes {
    /**
     * @return empty if there is nothing to note
     * @throws UnreadableRecordException if the record is none of that topic; workers dead-letter it where that is due
     */
    Optional<JournalEntry> of(ConsumerRecord<String, byte[]> record) throws UnreadableRecordException;

    /**
     * Of intents and requests.
     *
     * @param stores from which a request is to be erased
     */
    static Notes ofRequests(List<String> stores) {
        return new RequestNotes(stores);
    }

    /** Of outcomes. */
    static Notes ofOutcomes() {
        return record -> record.value() == null
                ? Optional.empty()
                : Optional.of(new JournalEntry.Settled(Codec.decodeOutcome(record.value())));
    }

    /** Of dead letters, opened and closed. */
    static Notes ofDeadLetters() {
        return new DeadLetterNotes();
    }

    /** What a dead letter is called in what is noted, by its record's key. */
    static String deadLetterKey(String key) {
        return DeadLetterNotes.key(key);
    }
}
