package dev.lethe.worker.lane;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A step that remembers what it took and copies it to another topic. Says when two batches were in its hands at once. */
final class RecordingStep implements Step {
    private final String target;
    private final Act act;
    private final Queue<ConsumerRecord<String, byte[]>> begun = new ConcurrentLinkedQueue<>();
    private final Queue<ConsumerRecord<String, byte[]>> done = new ConcurrentLinkedQueue<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    /** What comes before a batch is done. */
    interface Act {
        void on(List<Entry> batch, Hold hold) throws InterruptedException;
    }

    RecordingStep(String target, Act act) {
        this.target = target;
        this.act = act;
    }

    /** A step that is done at once. */
    static RecordingStep quick(String target) {
        return new RecordingStep(target, (batch, hold) -> {});
    }

    /** A step that waits for a latch, whoever else wants its batch meanwhile. */
    static RecordingStep waiting(String target, CountDownLatch latch) {
        return new RecordingStep(target, (batch, hold) -> latch.await());
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        batches.incrementAndGet();
        try {
            batch.forEach(entry -> begun.add(entry.record()));
            act.on(batch, hold);
            batch.forEach(entry -> done.add(entry.record()));
            return batch.stream()
                    .map(Entry::record)
                    .map(record -> new ProducerRecord<>(target, record.key(), record.value()))
                    .toList();
        } finally {
            atOnce.decrementAndGet();
        }
    }

    /** Everything that it was given, in this order; what came again is there again. */
    List<ConsumerRecord<String, byte[]>> begun() {
        return List.copyOf(begun);
    }

    List<ConsumerRecord<String, byte[]>> done() {
        return List.copyOf(done);
    }

    List<String> keysDone() {
        return done.stream().map(ConsumerRecord::key).toList();
    }

    int batches() {
        return batches.get();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }
}
