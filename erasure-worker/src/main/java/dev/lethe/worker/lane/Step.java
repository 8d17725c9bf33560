package dev.lethe.worker.lane;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a lane does with a batch. Called from one thread of the lane's own, one batch after the other. */
public interface Step {
    /**
     * Works a batch off.
     *
     * <p>The step waits on {@code hold} while what it works on is down, for as long as that takes. Entries can be lost to
     * another worker meanwhile; it need not go on with those.
     *
     * @param batch at least one entry, in the order of each partition
     * @return the consequences: records that the lane has acknowledged before it commits the batch. Those of entries that
     *     were lost are harmless, as the other worker's replace them by key
     * @throws InterruptedException if the lane is stopping; nothing of the batch is committed then
     */
    List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException;
}
