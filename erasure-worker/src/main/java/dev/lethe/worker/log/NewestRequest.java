package dev.lethe.worker.log;

import dev.lethe.events.SubjectKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Finds what was last asked for one person. */
public final class NewestRequest {
    private static final int BATCH = 1000;
    /** How long the log may be silent before its end is reached. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private NewestRequest() {}

    /**
     * Reads the partition in which the subject's requests belong, and the others only if there is none: partitions may have been
     * added since. Takes as long as reading these from the beginning takes.
     *
     * @throws KafkaException if the log can't be read
     */
    public static Optional<ConsumerRecord<String, byte[]>> of(
            SubjectKey subject, String topic, Consumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = LogSpan.assign(consumer, topic);
        // As Kafka's producer does it, where a record names no partition.
        int home =
                Utils.toPositive(Utils.murmur2(subject.value().getBytes(StandardCharsets.UTF_8))) % partitions.size();
        LogSpan there = LogSpan.all(
                consumer,
                partitions.stream()
                        .filter(partition -> partition.partition() == home)
                        .toList());
        LogSpan elsewhere = LogSpan.all(
                consumer,
                partitions.stream()
                        .filter(partition -> partition.partition() != home)
                        .toList());
        return newest(subject, consumer, there).or(() -> newest(subject, consumer, elsewhere));
    }

    private static Optional<ConsumerRecord<String, byte[]>> newest(
            SubjectKey subject, Consumer<String, byte[]> consumer, LogSpan span) {
        var reader = new LogReader(
                consumer, span, Instant.EPOCH, record -> subject.value().equals(record.key()));
        @Nullable ConsumerRecord<String, byte[]> newest = null;
        long read = reader.read();
        long heard = System.nanoTime();
        while (!reader.isOver()) {
            for (ConsumerRecord<String, byte[]> record : reader.next(BATCH)) {
                newest = record;
            }
            if (reader.read() > read) {
                read = reader.read();
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                throw new TimeoutException("nothing came within " + PATIENCE.toSeconds() + " s");
            }
        }
        return Optional.ofNullable(newest);
    }
}
