package dev.lethe.quickstart.chaos;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What the topics say when all is over.
 *
 * @param requests how often each request stands in the log
 * @param outcomes by their keys; the last one per key, as compaction leaves it
 * @param written when each record of {@link TopicDefinition#OUTCOMES} was made, copies included, in the order of time
 * @param openDeadLetters the keys of those that nobody has closed
 * @param retried how many requests went to a retry topic
 */
record Aftermath(
        Map<UUID, Integer> requests,
        Map<String, Outcome> outcomes,
        List<Written> written,
        Set<String> openDeadLetters,
        int retried) {

    /** One record of an outcome. */
    record Written(Instant at, String key) {}

    static Aftermath read(String bootstrapServers, List<String> stores) {
        var requests = new HashMap<UUID, Integer>();
        var outcomes = new LinkedHashMap<String, Outcome>();
        var written = new ArrayList<Written>();
        var deadLetters = new HashMap<String, Boolean>();
        var retried = new ArrayList<String>();
        each(bootstrapServers, TopicDefinition.REQUESTS, record -> requests.merge(idOf(record), 1, Integer::sum));
        each(bootstrapServers, TopicDefinition.OUTCOMES, record -> {
            outcomes.put(record.key(), outcomeOf(record));
            written.add(new Written(Instant.ofEpochMilli(record.timestamp()), record.key()));
        });
        each(
                bootstrapServers,
                TopicDefinition.DEAD_LETTERS,
                record -> deadLetters.put(record.key(), record.value() != null));
        for (String store : stores) {
            each(bootstrapServers, TopicDefinition.retry(store), record -> retried.add(record.key()));
        }
        written.sort((a, b) -> a.at().compareTo(b.at()));
        return new Aftermath(
                requests,
                outcomes,
                written,
                deadLetters.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()),
                retried.size());
    }

    /** The keys that outcomes of these requests must have, and no others. */
    static Set<String> keys(Set<UUID> requests, List<String> stores) {
        return requests.stream()
                .flatMap(request -> stores.stream().map(store -> request + "/" + store + "/" + Outcome.ERASE))
                .collect(Collectors.toSet());
    }

    /** Records of outcomes that repeat an earlier one's key. */
    int copies() {
        return written.size() - outcomes.size();
    }

    /** How far each group is behind the end of what it reads; groups that are not behind are left out. */
    static Map<String, Long> lags(Admin admin, Map<String, String> topicByGroup)
            throws InterruptedException, ExecutionException {
        var lags = new LinkedHashMap<String, Long>();
        for (Map.Entry<String, String> group : topicByGroup.entrySet()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group.getKey())
                    .partitionsToOffsetAndMetadata()
                    .get();
            long lag = ends(admin, group.getValue()).entrySet().stream()
                    .mapToLong(end -> end.getValue()
                            - (committed.get(end.getKey()) == null
                                    ? 0
                                    : committed.get(end.getKey()).offset()))
                    .sum();
            if (lag != 0) {
                lags.put(group.getKey(), lag);
            }
        }
        return lags;
    }

    /** The groups of these stores' lanes, with what they read. */
    static Map<String, String> groups(List<String> stores) {
        var groups = new LinkedHashMap<String, String>();
        for (String store : stores) {
            groups.put("erasure." + store, TopicDefinition.REQUESTS);
            groups.put("erasure." + store + ".retry", TopicDefinition.retry(store));
        }
        return groups;
    }

    private static Map<TopicPartition, Long> ends(Admin admin, String topic)
            throws InterruptedException, ExecutionException {
        var partitions = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                .collect(Collectors.toMap(
                        partition -> new TopicPartition(topic, partition.partition()),
                        partition -> OffsetSpec.latest()));
        return admin.listOffsets(partitions).all().get().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private static void each(String bootstrapServers, String topic, Consumer<ConsumerRecord<String, byte[]>> action) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(action);
            }
        }
    }

    private static UUID idOf(ConsumerRecord<String, byte[]> record) {
        try {
            ErasureRequest request = Codec.decodeRequest(record.value());
            return request.requestId();
        } catch (UnreadableRecordException e) {
            throw new AssertionError("unreadable request", e);
        }
    }

    private static Outcome outcomeOf(ConsumerRecord<String, byte[]> record) {
        try {
            return Codec.decodeOutcome(record.value());
        } catch (UnreadableRecordException e) {
            throw new AssertionError("unreadable outcome", e);
        }
    }
}
