package dev.lethe.kafka;

import dev.lethe.cli.CommandFailedException;
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
        return new KafkaProducer<>(
                kafka.with(Map.of(
                        "client.id",
                        clientId,
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "linger.ms",
                        5,
                        // Of several to an empty partition, a later one may be accepted and the first never
                        // (KAFKA-15591): everybody would wait for the delivery timeout.
                        "max.in.flight.requests.per.connection",
                        1,
                        // Whoever publishes does it again when it failed; not so late that its requests look forgotten.
                        "request.timeout.ms",
                        10_000,
                        "delivery.timeout.ms",
                        30_000)),
                new StringSerializer(),
                new ByteArraySerializer());
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
