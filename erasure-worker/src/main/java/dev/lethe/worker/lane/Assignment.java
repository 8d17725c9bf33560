package dev.lethe.worker.lane;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a lane has at the moment: which of them it may read, from where, and how far it is done. Used by the
 * consumer's thread alone; the consumer calls it back from within its poll.
 */
final class Assignment implements ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(Assignment.class);
    private static final Duration COMMIT_ON_REVOKE = Duration.ofSeconds(5);

    private final Consumer<String, byte[]> consumer;
    private final Hold hold;
    private final LaneMetrics metrics;
    private final InstantSource clock;
    private final Duration delay;
    private final Map<Integer, Instant> hurried;
    private final Map<TopicPartition, Tenure> tenures = new LinkedHashMap<>();
    private boolean paused;

    /**
     * @param delay how old a record has to be before it is taken; zero for at once
     * @param hurried up to when records are taken whatever their age, by partition; changed by others
     */
    Assignment(
            Consumer<String, byte[]> consumer,
            Hold hold,
            LaneMetrics metrics,
            InstantSource clock,
            Duration delay,
            Map<Integer, Instant> hurried) {
        this.consumer = consumer;
        this.hold = hold;
        this.metrics = metrics;
        this.clock = clock;
        this.delay = delay;
        this.hurried = hurried;
    }

    /** What of a poll is due; the rest is put back, and its partitions wait. */
    List<Entry> admit(ConsumerRecords<String, byte[]> polled) {
        var admitted = new ArrayList<Entry>();
        Instant now = clock.instant();
        for (TopicPartition partition : polled.partitions()) {
            Tenure tenure = tenures.get(partition);
            if (tenure == null) {
                // Revoked in this very poll: its next owner reads them.
                continue;
            }
            for (ConsumerRecord<String, byte[]> record : polled.records(partition)) {
                Instant due = Instant.ofEpochMilli(record.timestamp()).plus(delay);
                if (!delay.isZero() && !isDue(due, partition, now)) {
                    // One constant delay makes due times monotone: nothing behind this record is due either.
                    tenure.waitUntil(due);
                    consumer.seek(partition, record.offset());
                    consumer.pause(List.of(partition));
                    break;
                }
                admitted.add(new Entry(record, tenure));
            }
        }
        return admitted;
    }

    /** Whether there is any partition. */
    boolean isAny() {
        return !tenures.isEmpty();
    }

    /**
     * Whether partitions wait for their delay. What was fetched of them stays in the buffer of Kafka's consumer (4.3.1), whose
     * polls then spin (KAFKA-21084).
     */
    boolean isWaiting() {
        return tenures.values().stream().anyMatch(tenure -> tenure.due() != null);
    }

    /** How long until a waiting partition is due, at most {@code most}. */
    Duration untilDue(Duration most) {
        Instant now = clock.instant();
        return tenures.values().stream()
                .map(Tenure::due)
                .filter(Objects::nonNull)
                .map(due -> Duration.between(now, due))
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .filter(left -> left.compareTo(most) < 0)
                .min(Duration::compareTo)
                .orElse(most);
    }

    /** When the oldest of the records was written that wait for their delay; empty if none does. */
    Optional<Instant> oldestWaiting() {
        return tenures.values().stream()
                .map(Tenure::due)
                .filter(Objects::nonNull)
                .map(due -> due.minus(delay))
                .min(Instant::compareTo);
    }

    /** Stops reading, so that the consumer can be polled for the sake of its membership alone. */
    void pause() {
        if (!paused) {
            paused = true;
            // Not the consumer's own assignment: that still has what was revoked a moment ago, and can't be paused.
            consumer.pause(List.copyOf(tenures.keySet()));
        }
    }

    /** Reads again, but for the partitions whose records are not due. */
    void resume() {
        Instant now = clock.instant();
        var readable = new ArrayList<TopicPartition>();
        for (Tenure tenure : tenures.values()) {
            Instant due = tenure.due();
            if (due == null) {
                if (paused) {
                    readable.add(tenure.partition());
                }
            } else if (isDue(due, tenure.partition(), now)) {
                tenure.waitUntil(null);
                readable.add(tenure.partition());
            }
        }
        paused = false;
        if (!readable.isEmpty()) {
            consumer.resume(readable);
        }
    }

    private boolean isDue(Instant due, TopicPartition partition, Instant now) {
        Instant until = hurried.get(partition.partition());
        return !due.isAfter(now) || (until != null && !due.minus(delay).isAfter(until));
    }

    /** Puts records back that a paused consumer returned all the same. */
    void putBack(ConsumerRecords<String, byte[]> polled) {
        for (TopicPartition partition : polled.partitions()) {
            if (tenures.containsKey(partition)) {
                consumer.seek(partition, polled.records(partition).getFirst().offset());
            }
        }
    }

    /** Commits what is settled, without waiting. */
    void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = uncommitted(tenures.values());
        if (!offsets.isEmpty()) {
            long start = System.nanoTime();
            consumer.commitAsync(offsets, (nullOnFailure, failure) -> {
                metrics.committed(Duration.ofNanos(System.nanoTime() - start));
                if (failure != null) {
                    log.warn(
                            "Commit failed and is repeated: {}",
                            failure.getClass().getSimpleName());
                    offsets.keySet()
                            .forEach(partition ->
                                    Optional.ofNullable(tenures.get(partition)).ifPresent(Tenure::commitFailed));
                }
            });
        }
    }

    /** Commits what is settled, and waits for it: nothing more comes of these partitions. */
    void commitFinally() {
        commitNow(tenures.values());
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> tenures.put(partition, new Tenure(partition)));
        if (paused) {
            consumer.pause(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        commitNow(remove(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        remove(partitions);
    }

    /** The lane gives all its partitions up: the consumer is gone. */
    void loseAll() {
        remove(List.copyOf(tenures.keySet()));
    }

    private List<Tenure> remove(Collection<TopicPartition> partitions) {
        List<Tenure> gone = partitions.stream()
                .map(tenures::remove)
                .filter(Objects::nonNull)
                .toList();
        gone.forEach(Tenure::lose);
        hold.lookAgain();
        return gone;
    }

    private void commitNow(Collection<Tenure> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = uncommitted(of);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, COMMIT_ON_REVOKE);
        } catch (KafkaException e) {
            // Whoever has the partitions next does a few records again, which does no harm (G5).
            log.warn("Last commit failed: {}", e.getClass().getSimpleName());
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> uncommitted(Collection<Tenure> of) {
        var offsets = new LinkedHashMap<TopicPartition, OffsetAndMetadata>();
        for (Tenure tenure : of) {
            if (tenure.hasUncommitted()) {
                offsets.put(tenure.partition(), new OffsetAndMetadata(tenure.commit()));
            }
        }
        return offsets;
    }
}
