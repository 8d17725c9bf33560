package dev.lethe.quickstart.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("nightly")
@Timeout(90)
class KafkaServerIT {

    @TempDir
    static Path directory;

    private static KafkaServer kafka;

    @BeforeAll
    static void start() {
        kafka = KafkaServer.start(directory, 0, Map.of("group.consumer.session.timeout.ms", "3000"));
    }

    @AfterAll
    static void stop() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Test
    void keepsItsDataAndItsPortWhenItIsKilled() throws Exception {
        String address = kafka.bootstrapServers();
        create("kept");
        send("kept", "before");

        kafka.kill();
        kafka.restart();

        assertThat(kafka.bootstrapServers()).isEqualTo(address);
        send("kept", "after");
        assertThat(consume("kept", 2)).containsExactly("before", "after");
    }

    @Test
    void answersNobodyWhileItIsFrozen() throws Exception {
        create("frozen");

        kafka.freeze();
        try {
            assertThatThrownBy(() -> send("frozen", "lost"))
                    .isInstanceOfAny(ExecutionException.class, TimeoutException.class);
        } finally {
            kafka.thaw();
        }

        send("frozen", "thawed");
        assertThat(consume("frozen", 1)).contains("thawed");
    }

    @Test
    void createsNoTopicByAccident() {
        assertThatThrownBy(() -> {
                    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                        admin.describeTopics(List.of("unknown")).allTopicNames().get();
                    }
                })
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    private static void create(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static void send(String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "acks", "all",
                        "max.block.ms", "3000",
                        "request.timeout.ms", "1000",
                        "delivery.timeout.ms", "3000",
                        "linger.ms", "0"),
                new StringSerializer(),
                new StringSerializer())) {
            try {
                producer.send(new ProducerRecord<>(topic, value)).get(5, TimeUnit.SECONDS);
            } finally {
                producer.close(Duration.ZERO);
            }
        }
    }

    private static List<String> consume(String topic, int number) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        topic,
                        "group.protocol",
                        "consumer",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (values.size() < number) {
                for (ConsumerRecord<String, String> received : consumer.poll(Duration.ofMillis(100))) {
                    values.add(received.value());
                }
            }
        }
        return values;
    }
}
