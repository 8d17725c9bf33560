package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.ahocorasick.trie.Trie;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks for every identifier of everybody in all that was written, whatever the case of the letters, and in base64, too. */
public final class LeakSearch {
    private final Trie identifiers;
    private final List<String> leaks = new ArrayList<>();
    private final Map<String, Integer> records = new TreeMap<>();
    private final Map<String, Integer> rows = new TreeMap<>();
    private final Set<String> logs = new TreeSet<>();

    private LeakSearch(Trie identifiers) {
        this.identifiers = identifiers;
    }

    public static LeakSearch forEverybody(List<Person> people) {
        return new LeakSearch(Trie.builder()
                .ignoreCase()
                .stopOnHit()
                .addKeywords(people.stream()
                        .flatMap(person -> person.identifiers().stream())
                        .flatMap(identifier -> Stream.concat(Stream.of(identifier), encoded(identifier)))
                        .toList())
                .build());
    }

    /** The characters of base64 that an identifier leaves its mark on alone, behind any number of other bytes. */
    private static Stream<String> encoded(String identifier) {
        byte[] bytes = identifier.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, 3).boxed().flatMap(before -> {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            int from = (8 * before + 5) / 6;
            int to = 8 * shifted.length / 6;
            return Stream.of(Base64.getEncoder(), Base64.getUrlEncoder())
                    .map(encoder -> encoder.encodeToString(shifted).substring(from, to));
        });
    }

    /** Key, headers and value of every record in every topic. */
    public LeakSearch inTopics(String bootstrapServers) {
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
                    inRecord(record);
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
                logs.add(file.getFileName().toString());
                search(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return this;
    }

    /** What somebody is shown. */
    public LeakSearch inText(String place, String text) {
        search(place, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** All that a ledger shows, of one request in full. */
    public static List<String> pages(String request) {
        return List.of(
                "/console",
                "/console/requests",
                "/console/requests/" + request,
                "/console/requests/" + request + "/certificate",
                "/console/stores",
                "/console/dead-letters",
                "/console/activity",
                "/requests?limit=200",
                "/requests/" + request,
                "/requests/" + request + "/certificate",
                "/statistics",
                "/stores",
                "/dead-letters",
                "/actions",
                "/checkpoint");
    }

    /** What a ledger answers to somebody who has a token: the body and the headers. */
    LeakSearch inAnswers(String address, String token, List<String> paths) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String path : paths) {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(URI.create(address + path))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.body()).as(path).isNotBlank();
                inText(path, answer.body())
                        .inText("headers of " + path, answer.headers().toString());
            }
        }
        return this;
    }

    /** Every row of every table that is not the server's own, as a dump would show it. */
    public LeakSearch inDatabase(String name, DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : texts(
                    statement,
                    "select format('%I.%I', schemaname, tablename) from pg_tables"
                            + " where schemaname not in ('pg_catalog', 'information_schema')")) {
                for (String row : texts(statement, "select t::text from " + table + " t")) {
                    rows.merge(name, 1, Integer::sum);
                    search("a row of " + table + " in " + name, row.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(rows.getOrDefault(name, 0))
                .as("rows of the database %s that were searched", name)
                .isPositive();
        return this;
    }

    private static List<String> texts(Statement statement, String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                texts.add(result.getString(1));
            }
        }
        return texts;
    }

    /**
     * @param written the least number of records that each of these topics has
     * @param logs the names of files that have to be among those that were searched
     */
    void findsNothing(Map<String, Integer> written, String... logs) {
        written.forEach((topic, number) -> assertThat(records.getOrDefault(topic, 0))
                .as("records of %s that were searched", topic)
                .isGreaterThanOrEqualTo(number));
        assertThat(this.logs).as("logs that were searched").contains(logs);
        assertThat(leaks).as("places where somebody's identifier stands").isEmpty();
    }

    /** Where somebody's identifier stands. */
    public List<String> leaks() {
        return leaks;
    }

    void inRecord(ConsumerRecord<byte[], byte[]> record) {
        records.merge(record.topic(), 1, Integer::sum);
        String place = record.topic() + "-" + record.partition() + ", offset " + record.offset();
        search("key of " + place, record.key());
        search("value of " + place, record.value());
        for (Header header : record.headers()) {
            search("name of a header of " + place, header.key().getBytes(StandardCharsets.UTF_8));
            search("header " + header.key() + " of " + place, header.value());
        }
    }

    private void search(String place, byte[] content) {
        if (content != null && identifiers.containsMatch(new String(content, StandardCharsets.UTF_8))) {
            leaks.add(place);
        }
    }
}
