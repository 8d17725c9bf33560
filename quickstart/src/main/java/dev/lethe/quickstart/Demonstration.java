package dev.lethe.quickstart;

import dev.lethe.events.Codec;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.sample.SampleDatabase.Digest;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Deletes one user in FusionAuth and watches, by asking the stores themselves, what becomes of the person's rows. */
final class Demonstration {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Installation installation;

    Demonstration(Installation installation) {
        this.installation = installation;
    }

    /**
     * What was seen.
     *
     * @param person who was deleted
     * @param known FusionAuth's answer when asked for the user before
     * @param status FusionAuth's answer to the delete
     * @param acknowledged how long FusionAuth took to answer, the webhook included
     * @param erased how long after that the last row was gone
     * @param tables the person's rows, before and after
     * @param outcomes what Lethe says, by store
     * @param neighbours rows of everybody else
     * @param neighboursUntouched whether those are byte for byte as before
     */
    record Report(
            Person person,
            int known,
            int status,
            Duration acknowledged,
            Duration erased,
            List<Table> tables,
            Map<String, Outcome> outcomes,
            long neighbours,
            boolean neighboursUntouched) {

        boolean isVerified() {
            return status == 200
                    && tables.stream().anyMatch(table -> table.before() > 0)
                    && tables.stream().allMatch(table -> table.after() == 0)
                    && outcomes.keySet().equals(summary().stores().keySet())
                    && outcomes.values().stream().allMatch(outcome -> outcome.status() == Outcome.Status.ERASED)
                    && neighboursUntouched;
        }

        /** The same for machines: by store and table, the rows that were there and are not any more. */
        Summary summary() {
            var stores = new LinkedHashMap<String, Map<String, Long>>();
            for (Table table : tables) {
                stores.computeIfAbsent(table.store(), store -> new LinkedHashMap<>())
                        .put(table.name(), table.before() - table.after());
            }
            UUID requestId = outcomes.values().stream()
                    .map(Outcome::requestId)
                    .findFirst()
                    .orElse(null);
            return new Summary(requestId, acknowledged.toMillis(), erased.toMillis(), stores, neighboursUntouched);
        }
    }

    /** The person's rows in one table. */
    record Table(String store, String name, long before, long after) {}

    /** The JSON of {@code --json}. */
    record Summary(
            @Nullable UUID requestId,
            long acknowledgedMillis,
            long erasedMillis,
            Map<String, Map<String, Long>> stores,
            boolean neighboursUntouched) {}

    Report delete(Person person) throws IOException, SQLException, KeyFileException, InterruptedException {
        Keys keys = KeyFile.load(installation.keys());
        SubjectKey subject =
                keys.subjectKey(Installation.TENANT.toString(), person.id().toString());
        List<Rows> before = rowsOf(person);
        Map<String, Map<String, Digest>> others = othersThan(person);
        var api = new FusionAuthApi(installation.fusionAuth());
        try (var outcomes = new Outcomes(installation.kafka().bootstrapServers())) {
            int known = api.getUser(person.id());
            long start = System.nanoTime();
            int status = api.deleteUser(person.id());
            long answered = System.nanoTime();
            List<Rows> after = rowsOf(person);
            while (after.stream().anyMatch(table -> table.number() > 0) && !isOver(answered)) {
                after = rowsOf(person);
            }
            Duration erased = Duration.ofNanos(System.nanoTime() - answered);
            return new Report(
                    person,
                    known,
                    status,
                    Duration.ofNanos(answered - start),
                    erased,
                    compare(before, after),
                    outcomes.of(subject, installation.databases().keySet()),
                    rowsIn(others),
                    othersThan(person).equals(others));
        }
    }

    private record Rows(String store, String table, long number) {}

    private List<Rows> rowsOf(Person person) throws SQLException {
        var rows = new ArrayList<Rows>();
        for (Map.Entry<String, SampleDatabase> database :
                installation.databases().entrySet()) {
            database.getValue()
                    .rowsOf(person.id())
                    .forEach((table, number) -> rows.add(new Rows(database.getKey(), table, number)));
        }
        return rows;
    }

    private static List<Table> compare(List<Rows> before, List<Rows> after) {
        var tables = new ArrayList<Table>();
        for (int i = 0; i < before.size(); i++) {
            Rows rows = before.get(i);
            tables.add(new Table(
                    rows.store(), rows.table(), rows.number(), after.get(i).number()));
        }
        return tables;
    }

    private Map<String, Map<String, Digest>> othersThan(Person person) throws SQLException {
        var digests = new LinkedHashMap<String, Map<String, Digest>>();
        for (Map.Entry<String, SampleDatabase> database :
                installation.databases().entrySet()) {
            digests.put(database.getKey(), database.getValue().digestWithout(List.of(person.id())));
        }
        return digests;
    }

    private static long rowsIn(Map<String, Map<String, Digest>> digests) {
        return digests.values().stream()
                .flatMap(tables -> tables.values().stream())
                .mapToLong(Digest::rows)
                .sum();
    }

    private static boolean isOver(long since) {
        return System.nanoTime() - since > PATIENCE.toNanos();
    }

    /** The outcome topic, read from where it ended when this was made. */
    private static final class Outcomes implements AutoCloseable {
        private final KafkaConsumer<String, byte[]> consumer;

        Outcomes(String bootstrapServers) {
            consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrapServers),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            List<TopicPartition> partitions = consumer.partitionsFor(TopicDefinition.OUTCOMES).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
        }

        Map<String, Outcome> of(SubjectKey subject, Set<String> stores) {
            var found = new LinkedHashMap<String, Outcome>();
            long start = System.nanoTime();
            while (!found.keySet().containsAll(stores) && !isOver(start)) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Outcome outcome = decode(record);
                    if (outcome.subjectKey().equals(subject)) {
                        found.put(outcome.store(), outcome);
                    }
                }
            }
            return found;
        }

        private static Outcome decode(ConsumerRecord<String, byte[]> record) {
            try {
                return Codec.decodeOutcome(record.value());
            } catch (UnreadableRecordException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
