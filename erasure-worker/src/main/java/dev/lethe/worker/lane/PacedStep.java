package dev.lethe.worker.lane;

import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A step that takes no more than so many records a second, so that its store has time for others. */
public final class PacedStep implements Step {
    private final Step step;
    private final BlockingBucket bucket;

    /** @param perSecond at least as much as the lane's largest batch */
    public PacedStep(Step step, int perSecond) {
        this.step = step;
        this.bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build()
                .asBlocking();
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        bucket.consume(batch.size());
        return step.take(batch, hold);
    }
}
