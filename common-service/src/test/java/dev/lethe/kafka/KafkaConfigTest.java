package dev.lethe.kafka;

import static dev.lethe.config.YamlConfig.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.ConfigFile;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {
    @Test
    void theBrokerIsLocalByDefault() throws Exception {
        var file = read("{}");

        assertThat(file.config().properties()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(file.effective()).containsExactly("kafka.bootstrap.servers = localhost:9092  (default)");
    }

    @Test
    void anyPropertyOfTheClientsPassesThrough() throws Exception {
        var file = read("{bootstrap.servers: 'a:1,b:2', security.protocol: SSL, metadata.max.age.ms: 1000}");

        assertThat(file.config().properties())
                .isEqualTo(Map.of(
                        "bootstrap.servers", "a:1,b:2", "security.protocol", "SSL", "metadata.max.age.ms", "1000"));
        assertThat(file.effective())
                .containsExactlyInAnyOrder(
                        "kafka.bootstrap.servers = a:1,b:2  (file)",
                        "kafka.security.protocol = SSL  (file)",
                        "kafka.metadata.max.age.ms = 1000  (file)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "acks",
                "auto.offset.reset",
                "enable.auto.commit",
                "enable.idempotence",
                "group.id",
                "group.protocol",
                "key.deserializer",
                "key.serializer",
                "transactional.id",
                "value.deserializer",
                "value.serializer"
            })
    void aPropertyOnWhichAGuaranteeRestsIsRefused(String name) {
        assertThat(yaml("kafka: {" + name + ": x}").problems(section -> KafkaConfig.read(section.section("kafka"))))
                .containsExactly("kafka." + name + ": is fixed, because a guarantee rests on it; take it out");
    }

    static Stream<String> secrets() {
        return Stream.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())
                .flatMap(definition -> definition.configKeys().values().stream())
                .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                .map(key -> key.name)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void whateverKafkaCallsAPasswordIsPassedOnAndNeverPrinted(String name) throws Exception {
        var file = read("{" + name + ": s3cret}");

        assertThat(file.config().properties()).containsEntry(name, "s3cret");
        assertThat(file.effective()).contains("kafka." + name + " = ***  (file)");
        assertThat(file.toString()).doesNotContain("s3cret");
    }

    @Test
    void aClientsOwnPropertiesWin() {
        var config = new KafkaConfig(Map.of("bootstrap.servers", "a:1", "client.id", "theirs"));

        assertThat(config.with(Map.of("client.id", "ours", "linger.ms", 5)))
                .isEqualTo(Map.of("bootstrap.servers", "a:1", "client.id", "ours", "linger.ms", 5));
    }

    private static ConfigFile<KafkaConfig> read(String kafka) throws Exception {
        return yaml("kafka: " + kafka).read(section -> KafkaConfig.read(section.section("kafka")));
    }
}
