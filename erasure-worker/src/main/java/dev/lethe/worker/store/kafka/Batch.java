package dev.lethe.worker.store.kafka;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.Template;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The subjects of one call, the keys to look for, and what a pass over the topics found of them. */
final class Batch {
    /** On Lethe's own tombstones: one of somebody else may be of a transaction that was given up. */
    static final String OWN = "lethe-erasure";

    private final Map<String, List<Template>> topics;
    private final List<Optional<String>> unfit;
    private final Map<Key, Set<Integer>> owners = new HashMap<>();
    private final Map<Place, Found> found = new LinkedHashMap<>();

    Batch(Map<String, List<Template>> topics, List<Subject> subjects) {
        this.topics = topics;
        this.unfit = subjects.stream().map(this::unfit).toList();
        for (int i = 0; i < subjects.size(); i++) {
            if (unfit.get(i).isEmpty()) {
                int subject = i;
                topics.forEach((topic, templates) -> templates.stream()
                        .flatMap(template -> template.expand(subjects.get(subject), UnaryOperator.identity()).stream())
                        .forEach(key -> owners.computeIfAbsent(new Key(topic, key), any -> new LinkedHashSet<>())
                                .add(subject)));
            }
        }
    }

    private record Key(String topic, String text) {}

    /** A key in a partition: whatever spread the keys, a tombstone covers what is in its own partition. */
    record Place(TopicPartition partition, String key) {}

    /** What a partition holds under a key. */
    static final class Found {
        private long values;
        private boolean covered;
        private Instant since = Instant.MAX;

        /** Whether there is a value without a tombstone of Lethe's behind it, or one that should be gone by now. */
        boolean needsTombstone(Instant tombstonesAreOldBefore) {
            return values > 0 && (!covered || since.isBefore(tombstonesAreOldBefore));
        }

        void cover(long timestamp) {
            covered = true;
            since = Instant.ofEpochMilli(timestamp);
        }
    }

    private Optional<String> unfit(Subject subject) {
        if (!topics.values().stream()
                .allMatch(templates -> templates.stream().anyMatch(template -> template.isResolvedBy(subject)))) {
            return Optional.of("UNRESOLVED");
        }
        boolean valid = topics.values().stream()
                .flatMap(Collection::stream)
                .flatMap(template -> template.identifiers().stream())
                .flatMap(identifier -> subject.values(identifier).stream())
                .allMatch(value -> StandardCharsets.UTF_8.newEncoder().canEncode(value));
        return valid ? Optional.empty() : Optional.of("INVALID_IDENTIFIER");
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    /** Takes notice of a record, in the order of its partition. */
    void see(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null || !owners.containsKey(new Key(record.topic(), record.key()))) {
            return;
        }
        Found state = found.computeIfAbsent(
                new Place(new TopicPartition(record.topic(), record.partition()), record.key()), any -> new Found());
        if (record.value() != null) {
            state.values++;
            state.covered = false;
        } else if (record.headers().lastHeader(OWN) != null) {
            state.cover(record.timestamp());
        }
    }

    Map<Place, Found> found() {
        return found;
    }

    List<StoreResult> results(Map<String, TopicSettings> settings) {
        return IntStream.range(0, unfit.size())
                .mapToObj(subject -> unfit.get(subject)
                        .<StoreResult>map(StoreResult.Unresolved::new)
                        .orElseGet(() -> new StoreResult.Settled(topics.keySet().stream()
                                .map(topic -> outcome(topic, subject, settings))
                                .toList())))
                .toList();
    }

    private TargetOutcome outcome(String topic, int subject, Map<String, TopicSettings> settings) {
        List<Found> values = values(topic, subject);
        TopicSettings bound = settings.get(topic);
        return values.isEmpty() || bound == null
                ? TargetOutcome.deleted(topic, 0)
                : TargetOutcome.scheduled(
                        topic,
                        values.stream().mapToLong(state -> state.values).sum(),
                        values.stream()
                                .map(state -> state.since)
                                .max(Instant::compareTo)
                                .orElseThrow()
                                .plus(bound.bound()));
    }

    private List<Found> values(String topic, int subject) {
        return found.entrySet().stream()
                .filter(entry -> entry.getKey().partition().topic().equals(topic)
                        && entry.getValue().values > 0
                        && owners.getOrDefault(new Key(topic, entry.getKey().key()), Set.of())
                                .contains(subject))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** @throws StoreFailureException if one of the subjects can't be looked up everywhere: 0 would be a guess */
    void requireFit() {
        unfit.stream().flatMap(Optional::stream).findFirst().ifPresent(code -> {
            throw new StoreFailureException(code);
        });
    }

    List<Remaining> remaining() {
        var all = new ArrayList<Remaining>();
        for (int subject = 0; subject < unfit.size(); subject++) {
            var items = new LinkedHashMap<String, Long>();
            for (String topic : topics.keySet()) {
                items.put(
                        topic,
                        values(topic, subject).stream()
                                .mapToLong(state -> state.values)
                                .sum());
            }
            all.add(new Remaining(items));
        }
        return all;
    }
}
