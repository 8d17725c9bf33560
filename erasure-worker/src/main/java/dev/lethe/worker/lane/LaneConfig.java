package dev.lethe.worker.lane;

import java.time.Duration;

/**
 * What makes a lane.
 *
 * @param name for logs, threads and metrics
 * @param group the consumer group
 * @param topic what it reads
 * @param delay how old a record has to be before it is taken; zero for at once. The same for a whole topic
 * @param maxBatch how many records at most are taken at once, 1 to 10,000
 * @param backoff how it waits while something is down
 */
public record LaneConfig(String name, String group, String topic, Duration delay, int maxBatch, Backoff backoff) {
    public LaneConfig {
        if (maxBatch < 1 || maxBatch > 10_000) {
            throw new IllegalArgumentException("a batch has 1 to 10,000 records");
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("a delay is not negative");
        }
    }
}
