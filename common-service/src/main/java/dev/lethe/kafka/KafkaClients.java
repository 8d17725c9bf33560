package dev.lethe.kafka;

import dev.lethe.cli.CommandFailedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes the clients that are not a lane's. */
public final class KafkaClients {
    private KafkaClients() {}

    /** Acknowledged means: in every in-sync replica, once and in order. */
    public static Producer<String, byte[]> producer(KafkaConfig kafka, String clientId) {
        // Whoever publishes does it again when it failed; not so late that its requests look forgotten.
        return producer(kafka, Map.of("client.id", clientId, "delivery.timeout.ms", 30_000));
    }

    /**
     * The same, for whom the order counts: it goes on trying for as long as it is open. A record that was given up, and sent
     * once more, would come behind those that were sent after it and not given up.
     */
    public static Producer<String, byte[]> patientProducer(KafkaConfig kafka, String clientId) {
        return producer(
                kafka,
                Map.of(
                        "client.id",
                        clientId,
                        "delivery.timeout.ms",
                        Integer.MAX_VALUE,
                        "max.block.ms",
                        Integer.MAX_VALUE));
    }

    /** The same, for whoever is waited for: after 8 s at most, it is known or given up; a record that was given up may be there all the same. */
    public static Producer<String, byte[]> promptProducer(KafkaConfig kafka, String clientId) {
        return producer(
                kafka,
                Map.of(
                        "client.id",
                        clientId,
                        "linger.ms",
                        0,
                        "max.block.ms",
                        5_000,
                        "request.timeout.ms",
                        3_000,
                        "delivery.timeout.ms",
                        8_000));
    }

    private static Producer<String, byte[]> producer(KafkaConfig kafka, Map<String, Object> more) {
        var settings = new HashMap<String, Object>();
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("linger.ms", 5);
        // Of several to an empty partition, a later one may be accepted and the first never (KAFKA-15591): everybody
        // would wait for the delivery timeout.
        settings.put("max.in.flight.requests.per.connection", 1);
        settings.put("request.timeout.ms", 10_000);
        settings.putAll(more);
        return new KafkaProducer<>(kafka.with(settings), new StringSerializer(), new ByteArraySerializer());
    }

    /** Publishes a record for a command, and returns once it is acknowledged. */
    public static void publish(Producer<String, byte[]> producer, ProducerRecord<String, byte[]> record)
            throws CommandFailedException, InterruptedException {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw unanswered(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** What a command says when Kafka does not do its part. */
    public static CommandFailedException unanswered(Throwable why) {
        return new CommandFailedException(
                "Kafka does not take it (" + why.getClass().getSimpleName()
                        + "): check bootstrap.servers, the brokers, and 'lethe topics check'.");
    }

    /** In no group. What retention deletes while it reads is an error, not a gap. */
    public static Consumer<String, byte[]> reader(KafkaConfig kafka, String clientId) {
        return new KafkaConsumer<>(
                kafka.with(Map.of(
                        "client.id",
                        clientId,
                        "auto.offset.reset",
                        "none",
                        "enable.auto.commit",
                        false,
                        "allow.auto.create.topics",
                        false,
                        "max.poll.records",
                        1000,
                        "default.api.timeout.ms",
                        15_000)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
