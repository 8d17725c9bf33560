package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ahocorasick.trie.Trie;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks for every identifier of everybody in all that was written, whatever the case of the letters. */
final class LeakSearch {
    private final Trie identifiers;
    private final List<String> leaks = new ArrayList<>();
    private int records;
    private int logs;

    private LeakSearch(Trie identifiers) {
        this.identifiers = identifiers;
    }

    static LeakSearch forEverybody(List<Person> people) {
        return new LeakSearch(Trie.builder()
                .ignoreCase()
                .stopOnHit()
                .addKeywords(people.stream()
                        .flatMap(person -> person.identifiers().stream())
                        .toList())
                .build());
    }

    /** Key, headers and value of every record in every topic. */
    LeakSearch inTopics(String bootstrapServers) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    searchRecord(record);
                }
            }
        }
        return this;
    }

    /** Every file whose name ends in {@code .log}, but for Kafka's segments: those are searched as topics. */
    LeakSearch inLogs(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> !file.toString().contains("kafka-logs"))
                    .toList()) {
                logs++;
                search(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return this;
    }

    void findsNothing() {
        assertThat(records).as("records searched").isPositive();
        assertThat(logs).as("logs searched").isPositive();
        assertThat(leaks).as("places where somebody's identifier stands").isEmpty();
    }

    private void searchRecord(ConsumerRecord<byte[], byte[]> record) {
        records++;
        String place = record.topic() + "-" + record.partition() + ", offset " + record.offset();
        search("key of " + place, record.key());
        search("value of " + place, record.value());
        for (Header header : record.headers()) {
            search("header " + header.key() + " of " + place, header.value());
        }
    }

    private void search(String place, byte[] content) {
        if (content != null && identifiers.containsMatch(new String(content, StandardCharsets.UTF_8))) {
            leaks.add(place);
        }
    }
}
