package dev.lethe.quickstart;

import dev.lethe.events.Codec;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.SubjectKey;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleStore;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

/** Deletes one user in FusionAuth and watches, by asking the stores themselves, what becomes of the person's data. */
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
     * @param erased how long after that the last item was gone
     * @param targets the person's items, before and after
     * @param outcomes what Lethe says, by store
     * @param neighbours items of everybody else
     * @param neighboursUntouched whether those are byte for byte as before
     */
    record Report(
            Person person,
            int known,
            int status,
            Duration acknowledged,
            Duration erased,
            List<Target> targets,
            Map<String, Outcome> outcomes,
            long neighbours,
            boolean neighboursUntouched) {

        boolean isVerified() {
            return status == 200
                    && summary().stores().values().stream()
                            .allMatch(erased -> erased.values().stream().anyMatch(items -> items > 0))
                    && targets.stream().allMatch(target -> target.after() == 0)
                    && outcomes.keySet().equals(summary().stores().keySet())
                    && outcomes.values().stream().allMatch(outcome -> outcome.status() == Outcome.Status.ERASED)
                    && neighboursUntouched;
        }

        /** The same for machines: by store and target, the items that were there and are not any more. */
        Summary summary() {
            var stores = new LinkedHashMap<String, Map<String, Long>>();
            for (Target target : targets) {
                stores.computeIfAbsent(target.store(), store -> new LinkedHashMap<>())
                        .put(target.name(), target.before() - target.after());
            }
            UUID requestId = outcomes.values().stream()
                    .map(Outcome::requestId)
                    .findFirst()
                    .orElse(null);
            return new Summary(requestId, acknowledged.toMillis(), erased.toMillis(), stores, neighboursUntouched);
        }
    }

    /** The person's items in one table, kind of key, or the like. */
    record Target(String store, String name, long before, long after) {}

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
        List<Found> before = itemsOf(person);
        Map<String, Map<String, Digest>> others = othersThan(person);
        var api = new FusionAuthApi(installation.fusionAuth());
        try (var outcomes = new Outcomes(installation.kafka().bootstrapServers())) {
            int known = api.getUser(person.id());
            long start = System.nanoTime();
            int status = api.deleteUser(person.id());
            long answered = System.nanoTime();
            List<Found> after = itemsOf(person);
            while (after.stream().anyMatch(found -> found.items() > 0) && !isOver(answered)) {
                after = itemsOf(person);
            }
            Duration erased = Duration.ofNanos(System.nanoTime() - answered);
            return new Report(
                    person,
                    known,
                    status,
                    Duration.ofNanos(answered - start),
                    erased,
                    compare(before, after),
                    outcomes.of(subject, installation.stores().keySet()),
                    itemsIn(others),
                    othersThan(person).equals(others));
        }
    }

    private record Found(String store, String target, long items) {}

    private List<Found> itemsOf(Person person) throws SQLException {
        var items = new ArrayList<Found>();
        for (Map.Entry<String, SampleStore> store : installation.stores().entrySet()) {
            store.getValue()
                    .itemsOf(person.id())
                    .forEach((target, number) -> items.add(new Found(store.getKey(), target, number)));
        }
        return items;
    }

    private static List<Target> compare(List<Found> before, List<Found> after) {
        var targets = new ArrayList<Target>();
        for (int i = 0; i < before.size(); i++) {
            Found found = before.get(i);
            targets.add(new Target(
                    found.store(), found.target(), found.items(), after.get(i).items()));
        }
        return targets;
    }

    private Map<String, Map<String, Digest>> othersThan(Person person) throws SQLException {
        var digests = new LinkedHashMap<String, Map<String, Digest>>();
        for (Map.Entry<String, SampleStore> store : installation.stores().entrySet()) {
            digests.put(store.getKey(), store.getValue().digestWithout(List.of(person.id())));
        }
        return digests;
    }

    private static long itemsIn(Map<String, Map<String, Digest>> digests) {
        return digests.values().stream()
                .flatMap(targets -> targets.values().stream())
                .mapToLong(Digest::items)
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
            var found = new HashMap<String, Outcome>();
            long start = System.nanoTime();
            while (!found.keySet().containsAll(stores) && !isOver(start)) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Outcome outcome = decode(record);
                    if (outcome.subjectKey().equals(subject)) {
                        found.put(outcome.store(), outcome);
                    }
                }
            }
            var inOrder = new LinkedHashMap<String, Outcome>();
            for (String store : stores) {
                Outcome outcome = found.get(store);
                if (outcome != null) {
                    inOrder.put(store, outcome);
                }
            }
            return inOrder;
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
