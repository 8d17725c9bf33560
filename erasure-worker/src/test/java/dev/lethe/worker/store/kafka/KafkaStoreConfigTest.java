package dev.lethe.worker.store.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.Template;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class KafkaStoreConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        assertThat(read("topics: { profiles: \"{userId}\" }").config())
                .isEqualTo(new KafkaStoreConfig(
                        new KafkaConfig(Map.of("bootstrap.servers", "localhost:9092")),
                        Map.of("profiles", List.of(Template.parse("{userId}")))));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<KafkaStoreConfig> file = read("""
                kafka:
                  bootstrap.servers: other:9092
                  sasl.jaas.config: ${JAAS}
                topics:
                  profiles: "{userId}"
                  carts: ["cart-{userId}", "{email}"]
                """);

        assertThat(file.config())
                .isEqualTo(new KafkaStoreConfig(
                        new KafkaConfig(Map.of("bootstrap.servers", "other:9092", "sasl.jaas.config", "s3cret")),
                        Map.of(
                                "profiles",
                                List.of(Template.parse("{userId}")),
                                "carts",
                                List.of(Template.parse("cart-{userId}"), Template.parse("{email}")))));
        assertThat(file.config().topics().keySet()).containsExactly("profiles", "carts");
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        kafka: { acks: 1 }
                        topics: { profiles: "{userid}", carts: cart }
                        topic: x
                        """))
                .withMessageContainingAll(
                        "kafka.acks: is fixed",
                        "topics.profiles: {userid} is no identifier, did you mean {userId}?",
                        "topics.carts: \"cart\" is the same for everybody",
                        "topic: unknown key, did you mean \"topics\"?");
    }

    @Test
    void withoutATopicNothingWouldBeErased() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("kafka: {}"))
                .withMessageContaining("topics: must map a topic to a key");
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("kafka");
    }

    private static ConfigFile<KafkaStoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("topics", yaml, Map.of("JAAS", "s3cret"), KafkaStoreConfig::read);
    }
}
