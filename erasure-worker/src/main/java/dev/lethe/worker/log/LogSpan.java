package dev.lethe.worker.log;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A part of a topic that does not grow: its ends are settled once, however much is written meanwhile.
 *
 * @param ranges the offsets, by partition; partitions without any are left out
 * @param cut whether retention has deleted records right before it, so that some of the time asked for may be missing
 */
public record LogSpan(Map<TopicPartition, Range> ranges, boolean cut) {
    public LogSpan {
        ranges = Map.copyOf(ranges);
    }

    /**
     * Offsets of one partition.
     *
     * @param from the first
     * @param to the one behind the last
     */
    public record Range(long from, long to) {}

    /**
     * What was written between two instants, by the broker's clock (the topic has {@code LogAppendTime}).
     *
     * @param since the first instant of it
     * @param until the one behind the last; empty for the end of the log as it is now
     * @throws KafkaException if the cluster can't be asked, or the topic is not there
     */
    public static LogSpan between(Consumer<?, ?> consumer, String topic, Instant since, Optional<Instant> until) {
        List<TopicPartition> partitions = assign(consumer, topic);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, @Nullable OffsetAndTimestamp> first = offsetsAt(consumer, partitions, since);
        Map<TopicPartition, @Nullable OffsetAndTimestamp> last =
                until.map(instant -> offsetsAt(consumer, partitions, instant)).orElse(Map.of());
        var ranges = new LinkedHashMap<TopicPartition, Range>();
        boolean cut = false;
        for (TopicPartition partition : partitions) {
            long from = offset(first.get(partition), ends.getOrDefault(partition, 0L));
            long to = offset(last.get(partition), ends.getOrDefault(partition, 0L));
            cut |= from > 0 && from == beginnings.getOrDefault(partition, 0L);
            if (from < to) {
                ranges.put(partition, new Range(from, to));
            }
        }
        return new LogSpan(ranges, cut);
    }

    /** All that there is now in these partitions, which are {@linkplain #assign assigned}. */
    static LogSpan all(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        var ranges = new LinkedHashMap<TopicPartition, Range>();
        consumer.beginningOffsets(partitions).forEach((partition, from) -> {
            long to = ends.getOrDefault(partition, from);
            if (from < to) {
                ranges.put(partition, new Range(from, to));
            }
        });
        return new LogSpan(ranges, false);
    }

    /**
     * The topic's partitions, now assigned to the consumer: it warns of each offset that it looks up in one that is not.
     *
     * @throws KafkaException if the topic is not there
     */
    static List<TopicPartition> assign(Consumer<?, ?> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        if (infos == null || infos.isEmpty()) {
            throw new KafkaException("there is no topic " + topic);
        }
        List<TopicPartition> partitions = infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        return partitions;
    }

    /** How many offsets it spans: as many records, or a few more. */
    public long size() {
        return ranges.values().stream()
                .mapToLong(range -> range.to() - range.from())
                .sum();
    }

    private static Map<TopicPartition, @Nullable OffsetAndTimestamp> offsetsAt(
            Consumer<?, ?> consumer, List<TopicPartition> partitions, Instant instant) {
        var query = new HashMap<TopicPartition, Long>();
        partitions.forEach(partition -> query.put(partition, Math.max(0, instant.toEpochMilli())));
        return new HashMap<>(consumer.offsetsForTimes(query));
    }

    private static long offset(@Nullable OffsetAndTimestamp found, long otherwise) {
        return found == null ? otherwise : Math.min(found.offset(), otherwise);
    }
}
