package dev.lethe.worker.replay;

import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Step;
import dev.lethe.worker.log.LogReader;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * One store's share of a replay: batch after batch, on a thread of its own. Counts as done only what is durable; a batch that is
 * interrupted counts as not begun.
 */
public final class StoreReplay {
    private final String store;
    private final LogReader log;
    private final Step step;
    private final int maxBatch;
    private final Consequences consequences;
    private final Hold hold;
    private volatile StoreProgress progress;
    private volatile boolean stopping;

    /**
     * @param log what is to be done again; closed at the end
     * @param step what is done with a batch
     * @param maxBatch how many records one has at most
     * @param consequences takes what the step returns
     * @param hold waits while the store or Kafka is down
     */
    public StoreReplay(String store, LogReader log, Step step, int maxBatch, Consequences consequences, Hold hold) {
        this.store = store;
        this.log = log;
        this.step = step;
        this.maxBatch = maxBatch;
        this.consequences = consequences;
        this.hold = hold;
        this.progress = StoreProgress.begin(store, log);
    }

    String store() {
        return store;
    }

    /** How far it is; may be asked by any thread. */
    StoreProgress progress() {
        return progress.holding(hold.reason());
    }

    /** No further batch after the one in hand. */
    void stop() {
        stopping = true;
    }

    void run() {
        try (log) {
            while (!log.isOver() && !stopping) {
                List<ConsumerRecord<String, byte[]>> records = log.next(maxBatch);
                progress = progress.after(log, records.isEmpty() ? progress.tally() : take(records));
            }
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
        } catch (KafkaException e) {
            progress = progress.failed(e.getClass().getSimpleName() + " while reading the log");
        } catch (RuntimeException e) {
            // No message of any driver: it may repeat an identifier.
            progress = progress.failed(e.getClass().getName() + "; please report it");
        }
    }

    private Tally take(List<ConsumerRecord<String, byte[]>> records) throws InterruptedException {
        List<ProducerRecord<String, byte[]>> done =
                step.take(records.stream().map(Entry::outsideGroups).toList(), hold);
        consequences.settle(done, hold);
        return progress.tally().plus(records.size(), done);
    }
}
