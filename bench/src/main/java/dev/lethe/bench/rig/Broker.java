package dev.lethe.bench.rig;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Durability;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.server.KafkaServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A broker that writes each record through to its disk before it acknowledges it, with Lethe's topics, and a key file. */
public final class Broker implements AutoCloseable {
    private final KafkaServer kafka;
    private final Path keyFile;
    private final Keys keys;

    /** @param options more options of its JVM */
    public Broker(Path folder, List<String> stores, List<String> options)
            throws MisconfiguredException, InterruptedException {
        kafka = KafkaServer.start(
                folder.resolve("kafka"),
                0,
                // As brokers come; a worker that is frozen for a while stays in its group.
                Map.of(
                        "num.io.threads", "8",
                        "num.network.threads", "3",
                        "group.consumer.heartbeat.interval.ms", "5000",
                        "group.consumer.session.timeout.ms", "60000"),
                Stream.concat(Stream.of("-Xmx512m", "-XX:TieredStopAtLevel=4"), options.stream())
                        .toList());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            new Topics(admin, Durability.SINGLE_NODE).create(TopicDefinition.all(stores));
        }
        keyFile = folder.resolve("keys.json");
        keys = KeyFile.create(keyFile);
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public Path keyFile() {
        return keyFile;
    }

    /** From now on the broker acknowledges requests from its memory, as each of several brokers may. */
    public void flushNoMore() throws InterruptedException {
        var requests = new ConfigResource(ConfigResource.Type.TOPIC, TopicDefinition.REQUESTS);
        var never = new ConfigEntry(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, Long.toString(Long.MAX_VALUE));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(requests, List.of(new AlterConfigOp(never, OpType.SET))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refused", e);
        }
    }

    /** A producer as the ingress has it, with its settings of durability and batching. */
    public Producer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "linger.ms",
                        1,
                        "max.in.flight.requests.per.connection",
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** The record by which a person's erasure is requested. */
    public ProducerRecord<String, byte[]> request(String userId) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        UUID id = UUID.randomUUID();
        var subject = new Subject(
                keys.subjectKey(null, userId), userId, null, Map.of("email", List.of(userId + "@example.org")));
        var trigger = new Trigger("bench", "user.delete", id, null, now);
        return EventRecords.request(
                TopicDefinition.REQUESTS, keys.seal(id, now, now.plus(Duration.ofDays(30)), trigger, subject), null);
    }

    /** Requests the erasure of all of them; returns when that is committed. */
    public void request(List<String> userIds) {
        var failure = new AtomicReference<@Nullable Exception>();
        try (Producer<String, byte[]> producer = producer()) {
            for (String userId : userIds) {
                var unused = producer.send(request(userId), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
            producer.flush();
        }
        Exception e = failure.get();
        if (e != null) {
            throw new IllegalStateException("not every request was committed", e);
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
