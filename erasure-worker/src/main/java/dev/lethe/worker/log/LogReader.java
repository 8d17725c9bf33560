package dev.lethe.worker.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a part of a topic once, the oldest record of all partitions first, so that at any moment there is one instant up to
 * which everything has been read. Assigns itself the partitions: it is in no group, and commits nothing. For one thread.
 */
public final class LogReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Consumer<String, byte[]> consumer;
    private final Predicate<ConsumerRecord<String, byte[]>> wanted;
    private final Instant since;
    private final Map<TopicPartition, Stretch> stretches = new LinkedHashMap<>();
    private boolean positioned;

    /**
     * @param consumer this reader's alone; closed with it
     * @param wanted which records are handed out; the others are read over
     * @param since the instant at which the span begins
     */
    public LogReader(
            Consumer<String, byte[]> consumer,
            LogSpan span,
            Instant since,
            Predicate<ConsumerRecord<String, byte[]>> wanted) {
        this.consumer = consumer;
        this.since = since;
        this.wanted = wanted;
        span.ranges().forEach((partition, range) -> stretches.put(partition, new Stretch(partition, range, since)));
    }

    /** One partition's part. */
    private static final class Stretch {
        private final TopicPartition partition;
        private final LogSpan.Range range;
        private final Deque<ConsumerRecord<String, byte[]>> waiting = new ArrayDeque<>();
        private long position;
        private Instant seen;

        Stretch(TopicPartition partition, LogSpan.Range range, Instant since) {
            this.partition = partition;
            this.range = range;
            this.position = range.from();
            this.seen = since;
        }

        boolean isRead() {
            return position >= range.to();
        }

        boolean isHungry() {
            return waiting.isEmpty() && !isRead();
        }

        boolean isOver() {
            return waiting.isEmpty() && isRead();
        }

        long offset() {
            return waiting.isEmpty()
                    ? Math.min(position, range.to())
                    : waiting.getFirst().offset();
        }

        Instant reached() {
            return waiting.isEmpty() ? seen : timestamp(waiting.getFirst());
        }
    }

    /** Whether everything has been handed out. */
    public boolean isOver() {
        return stretches.values().stream().allMatch(Stretch::isOver);
    }

    /**
     * The next records, oldest first. Blocks for about 200 ms at most where none are to be had. Fewer, or none, before the end means: not here yet, ask again.
     *
     * @param most how many at most
     */
    public List<ConsumerRecord<String, byte[]>> next(int most) {
        var batch = new ArrayList<ConsumerRecord<String, byte[]>>();
        while (batch.size() < most && fill() && !isOver()) {
            Stretch oldest = stretches.values().stream()
                    .filter(stretch -> !stretch.waiting.isEmpty())
                    .min(Comparator.comparing(Stretch::reached))
                    .orElseThrow();
            batch.add(oldest.waiting.removeFirst());
        }
        return batch;
    }

    /**
     * While there is something left: an instant from which to read again so that nothing is skipped, and nothing but its own
     * millisecond repeated.
     */
    public Instant reached() {
        return stretches.values().stream()
                .filter(stretch -> !stretch.isOver())
                .map(Stretch::reached)
                .min(Comparator.naturalOrder())
                .orElse(since);
    }

    /** How many of the span's offsets are behind it. */
    public long read() {
        return stretches.values().stream()
                .mapToLong(stretch -> stretch.offset() - stretch.range.from())
                .sum();
    }

    /** How many offsets there are in all. */
    public long size() {
        return stretches.values().stream()
                .mapToLong(stretch -> stretch.range.to() - stretch.range.from())
                .sum();
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** Whether the oldest record is known, because every partition that has any left has one here. */
    private boolean fill() {
        position();
        while (stretches.values().stream().anyMatch(Stretch::isHungry)) {
            consumer.pause(partitions(stretch -> !stretch.isHungry()));
            consumer.resume(partitions(Stretch::isHungry));
            if (!receive(consumer.poll(POLL))) {
                return stretches.values().stream().noneMatch(Stretch::isHungry);
            }
        }
        return true;
    }

    private void position() {
        if (!positioned) {
            positioned = true;
            consumer.assign(stretches.keySet());
            stretches.forEach((partition, stretch) -> consumer.seek(partition, stretch.range.from()));
        }
    }

    /** Whether any of it is wanted. */
    private boolean receive(ConsumerRecords<String, byte[]> polled) {
        boolean any = false;
        for (TopicPartition partition : polled.partitions()) {
            Stretch stretch = Objects.requireNonNull(stretches.get(partition), "polled what was not assigned");
            for (ConsumerRecord<String, byte[]> record : polled.records(partition)) {
                if (record.offset() < stretch.range.to()) {
                    stretch.seen = timestamp(record);
                    if (wanted.test(record)) {
                        any = true;
                        stretch.waiting.add(record);
                    }
                }
            }
        }
        // The position moves over what is no record, too, such as the marks of transactions.
        stretches.values().stream()
                .filter(stretch -> !stretch.isRead())
                .forEach(stretch -> stretch.position = consumer.position(stretch.partition));
        return any;
    }

    private Collection<TopicPartition> partitions(Predicate<Stretch> which) {
        return stretches.values().stream()
                .filter(which)
                .map(stretch -> stretch.partition)
                .toList();
    }

    private static Instant timestamp(ConsumerRecord<?, ?> record) {
        return Instant.ofEpochMilli(record.timestamp());
    }
}
