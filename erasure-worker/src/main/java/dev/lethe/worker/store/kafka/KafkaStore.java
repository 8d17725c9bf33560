package dev.lethe.worker.store.kafka;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Subject;
import dev.lethe.kafka.TopicReader;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.Template;
import dev.lethe.worker.store.kafka.Batch.Found;
import dev.lethe.worker.store.kafka.Batch.Place;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Erases records from compacted topics. One pass over the topics finds what the subjects of a batch have there; a tombstone then
 * goes behind every value, into its own partition. The values stay until the topic is compacted, and count until then.
 */
final class KafkaStore implements ErasureStore {
    private final String name;
    private final KafkaStoreConfig config;
    private final InstantSource clock;
    private @Nullable Clients clients;

    KafkaStore(String name, KafkaStoreConfig config, InstantSource clock) {
        this.name = name;
        this.config = config;
        this.clock = clock;
    }

    private record Clients(Admin admin, Producer<byte[], byte[]> producer) {}

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(config.topics(), subjects);
        return asking(clients -> {
            Map<String, TopicSettings> settings = batch.isEmpty() ? Map.of() : feasible(clients.admin());
            read(clients.admin(), batch);
            bury(clients.producer(), batch, settings);
            return batch.results(settings);
        });
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(config.topics(), subjects);
        batch.requireFit();
        return asking(clients -> {
            if (!batch.isEmpty()) {
                feasible(clients.admin());
            }
            read(clients.admin(), batch);
            return batch.remaining();
        });
    }

    private void read(Admin admin, Batch batch) throws InterruptedException {
        if (!batch.isEmpty()) {
            try (var reader = new TopicReader(config.kafka(), admin)) {
                reader.read(reader.beginnings(config.topics().keySet()), record -> {
                    batch.see(record);
                    return true;
                });
            }
        }
    }

    private void bury(Producer<byte[], byte[]> producer, Batch batch, Map<String, TopicSettings> settings)
            throws InterruptedException, ExecutionException {
        var sent = new LinkedHashMap<Found, Future<RecordMetadata>>();
        batch.found().forEach((place, state) -> {
            TopicSettings topic =
                    Objects.requireNonNull(settings.get(place.partition().topic()));
            if (state.needsTombstone(clock.instant().minus(topic.bound()))) {
                sent.put(state, producer.send(tombstone(place)));
            }
        });
        for (var tombstone : sent.entrySet()) {
            tombstone.getKey().cover(tombstone.getValue().get().timestamp());
        }
    }

    private static ProducerRecord<byte[], byte[]> tombstone(Place place) {
        var tombstone = new ProducerRecord<byte[], byte[]>(
                place.partition().topic(),
                place.partition().partition(),
                place.key().getBytes(StandardCharsets.UTF_8),
                null);
        tombstone.headers().add(Batch.OWN, new byte[0]);
        return tombstone;
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return asking(clients -> {
            var obstacles = new ArrayList<String>();
            var warnings = new ArrayList<String>();
            Map<String, TopicSettings> settings = settings(clients.admin(), obstacles);
            settings.forEach((topic, found) -> {
                obstacles.addAll(found.obstacles(topic));
                warnings.addAll(found.warnings(topic));
            });
            try (var reader = new TopicReader(config.kafka(), clients.admin())) {
                var ends = reader.ends(settings.keySet());
                long records = 0;
                for (var beginning : reader.beginnings(settings.keySet()).entrySet()) {
                    records += ends.getOrDefault(beginning.getKey(), 0L) - beginning.getValue();
                }
                warnings.add("every batch reads all topics, up to " + records + " records at the moment");
            }
            return new StorePlan(
                    config.topics().entrySet().stream()
                            .map(topic -> new StorePlan.Step(
                                    topic.getKey(),
                                    Action.SCHEDULE,
                                    "tombstone for key "
                                            + topic.getValue().stream()
                                                    .map(Template::text)
                                                    .collect(Collectors.joining(", "))))
                            .toList(),
                    obstacles,
                    warnings);
        });
    }

    private Map<String, TopicSettings> feasible(Admin admin)
            throws StoreUnavailableException, InterruptedException, ExecutionException {
        var obstacles = new ArrayList<String>();
        Map<String, TopicSettings> settings = settings(admin, obstacles);
        settings.forEach((topic, found) -> obstacles.addAll(found.obstacles(topic)));
        if (!obstacles.isEmpty()) {
            throw new StoreUnavailableException("MISCONFIGURED", String.join("; ", obstacles));
        }
        return settings;
    }

    /** Of all topics that are there. */
    private Map<String, TopicSettings> settings(Admin admin, List<String> obstacles)
            throws InterruptedException, ExecutionException {
        Map<String, ConfigResource> resources = config.topics().keySet().stream()
                .collect(Collectors.toMap(
                        topic -> topic, topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)));
        var answers = admin.describeConfigs(resources.values()).values();
        var settings = new LinkedHashMap<String, TopicSettings>();
        for (String topic : config.topics().keySet()) {
            try {
                Config found = Objects.requireNonNull(answers.get(resources.get(topic)))
                        .get();
                settings.put(topic, TopicSettings.of(found));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                obstacles.add("there is no topic \"" + topic + "\": check its name");
            }
        }
        return settings;
    }

    private interface Question<T> {
        T ask(Clients clients) throws StoreUnavailableException, InterruptedException, ExecutionException;
    }

    private <T> T asking(Question<T> question) throws StoreUnavailableException {
        try {
            return question.ask(clients());
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("UNREACHABLE", "interrupted while waiting for the Kafka cluster");
        } catch (ExecutionException | KafkaException e) {
            throw KafkaError.refusal(e);
        }
    }

    /** Made when they are first needed: they refuse to be made where no name of a broker can be resolved. */
    private synchronized Clients clients() {
        Clients known = clients;
        if (known == null) {
            Admin admin = config.kafka().admin("lethe-" + name);
            try {
                known = new Clients(admin, producer());
            } catch (KafkaException e) {
                admin.close();
                throw e;
            }
            clients = known;
        }
        return known;
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                config.kafka()
                        .with(Map.of(
                                "client.id",
                                "lethe-" + name,
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "max.in.flight.requests.per.connection",
                                1,
                                "linger.ms",
                                5,
                                "max.block.ms",
                                5_000,
                                "request.timeout.ms",
                                5_000,
                                "delivery.timeout.ms",
                                10_000)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public synchronized void close() {
        Clients open = clients;
        if (open != null) {
            open.producer().close();
            open.admin().close();
        }
    }
}
