package dev.lethe.worker.replay;

import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Publication;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Where the consequences of a batch go. */
public interface Consequences {
    /** Nowhere: nothing has happened. */
    Consequences NONE = (records, hold) -> {};

    /**
     * Returns when all of them are durable, however long that takes.
     *
     * @throws InterruptedException if the replay is stopping; some may be there then, and will be there again under the same keys
     */
    void settle(List<ProducerRecord<String, byte[]>> records, Hold hold) throws InterruptedException;

    /** Into Kafka. */
    static Consequences published(Producer<String, byte[]> producer) {
        return (records, hold) -> {
            while (true) {
                try {
                    Publication.of(records, producer).get();
                    hold.over();
                    return;
                } catch (ExecutionException e) {
                    hold.because(
                            "NOT_PUBLISHED",
                            "Kafka does not take outcomes ("
                                    + Objects.requireNonNullElse(e.getCause(), e)
                                            .getClass()
                                            .getSimpleName()
                                    + "); is it there, and are Lethe's topics as 'lethe topics check' wants them?");
                }
            }
        };
    }
}
