package dev.lethe.worker.store.kafka;

import static org.awaitility.Awaitility.await;

import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.quickstart.server.FreePort;
import dev.lethe.quickstart.server.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker that asks for a login, with topics that are compacted when the test says so. */
final class CompactedTopics implements AutoCloseable {
    static final int PARTITIONS = 3;
    private static final String FILLER = "filler";

    private final KafkaServer server;
    private final int loginPort = FreePort.any();
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    CompactedTopics(Path directory) {
        int port = FreePort.any();
        int controllerPort = FreePort.any();
        server = KafkaServer.start(
                directory,
                port,
                Map.of(
                        "listeners",
                        "CLIENT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d,LOGIN://127.0.0.1:%d"
                                .formatted(port, controllerPort, loginPort),
                        "listener.security.protocol.map",
                        "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT",
                        "controller.quorum.voters",
                        "1@127.0.0.1:" + controllerPort,
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.login.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_lethe=\"s3cret\";",
                        "log.cleaner.backoff.ms",
                        "100"));
        admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    KafkaServer server() {
        return server;
    }

    /** The cluster as somebody sees it who has to log in. */
    KafkaConfig login(String password) {
        return new KafkaConfig(Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + loginPort,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"lethe\" password=\"%s\";"
                        .formatted(password)));
    }

    void create(String topic, Map<String, String> settings) {
        get(admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1).configs(settings)))
                .all());
        // The controller answers before the broker has heard of it.
        await().ignoreExceptions()
                .until(() -> !admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .isEmpty());
    }

    void send(String topic, String key, String value) {
        get(producer.send(new ProducerRecord<>(topic, bytes(key), bytes(value))));
    }

    void send(String topic, int partition, String key, String value) {
        get(producer.send(new ProducerRecord<>(topic, partition, bytes(key), bytes(value))));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Every record, in the order of each partition. */
    List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (var reader =
                new TopicReader(new KafkaConfig(Map.of("bootstrap.servers", server.bootstrapServers())), admin)) {
            return reader.all(topic).stream()
                    .filter(record -> !record.key().equals(FILLER))
                    .toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closes all segments and waits until they are compacted: of every key, the last record is left at most. */
    void compact(String topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var settings = new ArrayList<AlterConfigOp>();
        Map.of("segment.ms", "1", "max.compaction.lag.ms", "1", "min.cleanable.dirty.ratio", "0")
                .forEach((name, value) ->
                        settings.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        get(admin.incrementalAlterConfigs(Map.of(resource, settings)).all());
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                send(topic, partition, FILLER, "x");
            }
            return isCompact(topic);
        });
    }

    private boolean isCompact(String topic) {
        var times = new HashMap<String, Integer>();
        records(topic).forEach(record -> times.merge(record.partition() + record.key(), 1, Integer::sum));
        return times.values().stream().allMatch(number -> number == 1);
    }

    /** The keys that have a value, with their partition. */
    List<String> contents(String topic) {
        return records(topic).stream()
                .filter(record -> record.value() != null)
                .map(record -> topic + " " + record.partition() + " " + record.key())
                .distinct()
                .sorted()
                .toList();
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        return get(future.toCompletionStage().toCompletableFuture());
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
        server.close();
    }
}
