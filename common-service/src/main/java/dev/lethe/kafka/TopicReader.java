package dev.lethe.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Looks into topics without taking part: a member of no group, it commits nothing and is in nobody's way. Every method throws
 * {@link KafkaException} if the cluster does not answer. For one thread.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Consumer<String, byte[]> consumer;
    private final Admin admin;

    /** @param admin is asked where topics begin and end; closed by whoever made it */
    public TopicReader(KafkaConfig kafka, Admin admin) {
        this.admin = admin;
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        "client.id",
                        "lethe-reader",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "allow.auto.create.topics",
                        false,
                        "default.api.timeout.ms",
                        (int) PATIENCE.toMillis(),
                        "request.timeout.ms",
                        5000)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Where the topics begin. */
    public Map<TopicPartition, Long> beginnings(Collection<String> topics) throws InterruptedException {
        return offsets(partitions(topics), OffsetSpec.earliest());
    }

    /** Where the topics end at the moment. */
    public Map<TopicPartition, Long> ends(Collection<String> topics) throws InterruptedException {
        return offsets(partitions(topics), OffsetSpec.latest());
    }

    /** Everything that a topic holds at the moment, in the order of each partition. */
    public List<ConsumerRecord<String, byte[]>> all(String topic) throws InterruptedException {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        read(beginnings(List.of(topic)), record -> {
            records.add(record);
            return true;
        });
        return records;
    }

    /**
     * Reads partitions from these offsets to where they end now.
     *
     * @param goOn takes each record, and says whether to go on with its partition
     */
    public void read(Map<TopicPartition, Long> from, Predicate<ConsumerRecord<String, byte[]>> goOn)
            throws InterruptedException {
        Map<TopicPartition, Long> ends = offsets(from.keySet(), OffsetSpec.latest());
        Set<TopicPartition> left = new LinkedHashSet<>(from.keySet());
        left.removeIf(partition -> from.getOrDefault(partition, 0L) >= ends.getOrDefault(partition, 0L));
        follow(from.entrySet().stream()
                .filter(entry -> left.contains(entry.getKey()))
                .collect(LinkedHashMap::new, (map, e) -> map.put(e.getKey(), e.getValue()), Map::putAll));
        long heard = System.nanoTime();
        while (!left.isEmpty()) {
            for (ConsumerRecord<String, byte[]> record : poll(POLL)) {
                heard = System.nanoTime();
                var partition = new TopicPartition(record.topic(), record.partition());
                if (left.contains(partition)
                        && (record.offset() >= ends.getOrDefault(partition, 0L) || !goOn.test(record))) {
                    left.remove(partition);
                    consumer.pause(List.of(partition));
                }
            }
            left.removeIf(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                throw new TimeoutException("no answer within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    /** Reads on from these offsets with each {@link #poll}. */
    public void follow(Map<TopicPartition, Long> from) {
        consumer.assign(from.keySet());
        consumer.resume(consumer.paused());
        from.forEach(consumer::seek);
    }

    /** What has come since, waiting for it no longer than this. */
    public Iterable<ConsumerRecord<String, byte[]>> poll(Duration most) {
        return consumer.assignment().isEmpty() ? List.of() : consumer.poll(most);
    }

    // Not by the consumer, which would log a line for each partition that it does not read at the moment.
    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec where)
            throws InterruptedException {
        var offsets = new LinkedHashMap<TopicPartition, Long>();
        try {
            admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> where)))
                    .all()
                    .get()
                    .forEach((partition, found) -> offsets.put(partition, found.offset()));
            return offsets;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        var partitions = new ArrayList<TopicPartition>();
        for (String topic : topics) {
            var found = consumer.partitionsFor(topic);
            if (found == null || found.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no topic " + topic);
            }
            found.forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
        }
        return partitions;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
