package dev.lethe.worker.lane;

import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Steps that take no more than so many records a second, so that their store has time for others. */
public final class PacedStep implements Step {
    private final Step step;
    private final BlockingBucket bucket;

    private PacedStep(Step step, BlockingBucket bucket) {
        this.step = step;
        this.bucket = bucket;
    }

    /**
     * Paces steps: all of them together take no more.
     *
     * @param perSecond at least as much as the largest batch of a lane
     */
    public static UnaryOperator<Step> pacing(int perSecond) {
        BlockingBucket bucket = Bucket.builder()
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build()
                .asBlocking();
        return step -> new PacedStep(step, bucket);
    }

    @Override
    public List<ProducerRecord<String, byte[]>> take(List<Entry> batch, Hold hold) throws InterruptedException {
        bucket.consume(batch.size());
        return step.take(batch, hold);
    }
}
