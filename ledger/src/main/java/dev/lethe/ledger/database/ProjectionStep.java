package dev.lethe.ledger.database;

import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jdbi.v3.core.JdbiException;

/** Brings a batch of the journal into the database, for as long as that takes. Has no consequences in Kafka. */
public final class ProjectionStep implements Step {
    private final Projection projection;

    public ProjectionStep(Projection projection) {
        this.projection = projection;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        long begin = batch.getFirst().record().offset();
        long end = batch.getLast().record().offset() + 1;
        List<JournalRecord> records = batch.stream()
                .map(entry -> JournalRecord.of(entry.record()))
                .flatMap(Optional::stream)
                .toList();
        while (!batch.getFirst().isLost()) {
            try {
                projection.apply(begin, records, end);
                return List.of();
            } catch (JdbiException | SQLException e) {
                hold.because("DATABASE_UNAVAILABLE", "the ledger's database " + SqlFailure.of(e));
            } catch (JournalMismatchException e) {
                hold.because(e.code(), String.valueOf(e.getMessage()));
            }
        }
        return List.of();
    }
}
