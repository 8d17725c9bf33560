package dev.lethe.kafka;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * What a consumer group has still to do of a topic. What it has never committed, it begins at the beginning.
 *
 * @param from the first offset of each partition that is not done
 * @param to where each partition ends
 */
public record Backlog(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
    public Backlog {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }

    /** @throws KafkaException if the cluster does not answer, or lacks the topic */
    public static Backlog of(Admin admin, TopicReader reader, String group, Collection<String> topics)
            throws InterruptedException {
        Map<TopicPartition, Long> from = new LinkedHashMap<>(reader.beginnings(topics));
        committed(admin, group).forEach((partition, offset) -> {
            if (offset != null) {
                from.computeIfPresent(partition, (same, beginning) -> Math.max(beginning, offset.offset()));
            }
        });
        return new Backlog(from, reader.ends(topics));
    }

    /** How many records that is, as the offsets count them. */
    public long size() {
        return to.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - from.getOrDefault(end.getKey(), end.getValue())))
                .sum();
    }

    /** How many records the group has done since. */
    public long doneSince(Backlog earlier) {
        return from.entrySet().stream()
                .mapToLong(now -> Math.max(0, now.getValue() - earlier.from.getOrDefault(now.getKey(), now.getValue())))
                .sum();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group)
            throws InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
