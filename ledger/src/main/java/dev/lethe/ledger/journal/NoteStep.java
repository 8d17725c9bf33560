package dev.lethe.ledger.journal;

import dev.lethe.events.UnreadableRecordException;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the journal what a topic brings. The lane commits when the journal has it; what is delivered twice stands there twice, in the same
 * bytes, and counts once.
 */
public final class NoteStep implements Step {
    private static final Logger log = LoggerFactory.getLogger(NoteStep.class);

    private final Notes notes;

    public NoteStep(Notes notes) {
        this.notes = notes;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) {
        var noted = new ArrayList<ProducerRecord<String, byte[]>>(batch.size());
        for (Entry entry : batch) {
            try {
                notes.of(entry.record()).map(JournalRecord::entry).ifPresent(noted::add);
            } catch (UnreadableRecordException e) {
                log.warn(
                        "Not noted: {} at {}-{}, offset {}",
                        e.reason(),
                        entry.record().topic(),
                        entry.record().partition(),
                        entry.record().offset());
            }
        }
        return noted;
    }
}
