package dev.lethe.worker.lane;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Whether the group's coordinator hears from a consumer.
 *
 * <p>While it does not, because the broker is away, a poll of Kafka's consumer (4.3.1) does not wait but spins until its time
 * is over: the heartbeat is overdue, so its loop has "nothing to wait for".
 */
final class Heartbeat {
    /** Longer than any interval that a broker asks for (group.consumer.max.heartbeat.interval.ms, 15 s). */
    private static final Duration OVERDUE = Duration.ofSeconds(16);

    private final Optional<? extends Metric> secondsAgo;
    private final long start = System.nanoTime();

    Heartbeat(Consumer<?, ?> consumer) {
        this.secondsAgo = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("last-heartbeat-seconds-ago"))
                .findAny();
    }

    boolean isOverdue() {
        return secondsAgo.map(Metric::metricValue).map(Double.class::cast).stream()
                .anyMatch(seconds -> (seconds < 0 ? secondsSinceStart() : seconds) > OVERDUE.toSeconds());
    }

    private double secondsSinceStart() {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }
}
