package dev.lethe.worker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.HttpAddress;
import dev.lethe.worker.erase.RetryConfig;
import dev.lethe.worker.lane.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerConfigTest {
    private static final String STORES = """
            stores:
              shop: { type: jdbc, url: "jdbc:postgresql://db/shop", username: lethe, tables: { customers: { subject: { id: userId } } } }
              support: { type: jdbc, url: "jdbc:postgresql://db/support", username: lethe, erasuresPerSecond: 20,
                         tables: { tickets: { subject: { requester_id: userId } } } }
            """;

    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        WorkerConfig config = read(STORES);

        assertThat(config.management()).isEqualTo(new HttpAddress("0.0.0.0", 8081));
        assertThat(config.kafka().properties()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(config.durability()).isEqualTo(Durability.REPLICATED);
        assertThat(config.keys()).isEqualTo(Path.of("keys.json"));
        assertThat(config.maxBatch()).isEqualTo(500);
        assertThat(config.backoff()).isEqualTo(new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30)));
        assertThat(config.retries()).isEqualTo(new RetryConfig(Duration.ofMinutes(5), Duration.ofHours(72)));
        assertThat(config.lanesPerStore()).isEqualTo(1);
        assertThat(config.instanceId()).isEmpty();
        assertThat(config.confirmation()).isEmpty();
        assertThat(config.topics()).extracting(TopicDefinition::name).doesNotContain("erasure.retry.confirm");
        assertThat(config.stores()).containsOnlyKeys("shop", "support");
        assertThat(config.stores().get("shop").erasuresPerSecond()).isEqualTo(StoreConfig.UNLIMITED);
        assertThat(config.stores().get("shop").brake().isAny()).isFalse();
        assertThat(config.sweeps().after()).isEmpty();
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        WorkerConfig config = read(STORES + """
                management: { host: 127.0.0.1, port: 9999 }
                kafka: { bootstrap.servers: "kafka:9092", max.poll.interval.ms: 60000 }
                durability: single-node
                keys: /etc/lethe/keys.json
                maxBatch: 100
                backoff: { first: PT1S, most: PT1M }
                retries: { delay: PT1M, maxAge: P1D }
                lanesPerStore: 8
                instanceId: worker-1
                sweeps: [PT1H, P7D]
                confirmation: { fusionauth: { url: "http://fusionauth:9011", apiKey: a }, after: PT1M }
                """);

        assertThat(config.management()).isEqualTo(new HttpAddress("127.0.0.1", 9999));
        assertThat(config.kafka().properties()).containsEntry("max.poll.interval.ms", "60000");
        assertThat(config.durability()).isEqualTo(Durability.SINGLE_NODE);
        assertThat(config.keys()).isEqualTo(Path.of("/etc/lethe/keys.json"));
        assertThat(config.maxBatch()).isEqualTo(100);
        assertThat(config.backoff()).isEqualTo(new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)));
        assertThat(config.retries()).isEqualTo(new RetryConfig(Duration.ofMinutes(1), Duration.ofDays(1)));
        assertThat(config.lanesPerStore()).isEqualTo(8);
        assertThat(config.instanceId()).hasValue("worker-1");
        assertThat(config.confirmation().orElseThrow().after()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.topics())
                .extracting(TopicDefinition::name)
                .contains("erasure.completions", "erasure.retry.confirm");
        assertThat(config.retrying()).containsExactly("confirm", "shop", "support");
        assertThat(config.only(List.of("shop")).confirmation()).isPresent();
        assertThat(config.stores().get("support").erasuresPerSecond()).isEqualTo(20);
    }

    @Test
    void aWorkerCanBeForSomeOfTheStores() throws ConfigException {
        WorkerConfig config = read(STORES + "lanesPerStore: 3");

        assertThat(config.only(List.of("support")).stores()).containsOnlyKeys("support");
        assertThat(config.only(List.of("support")).lanesPerStore()).isEqualTo(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.only(List.of("shp")))
                .withMessageContaining("there is no store \"shp\"")
                .withMessageContaining("shop");
    }

    @Test
    void noStoreCanHaveTheNameOfTheLaneThatConfirms() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(STORES.replace("shop:", "confirm:")))
                .withMessageContaining("stores.confirm: is what the lane is called that confirms deletions");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxBatch: 0 | maxBatch: must be between 1 and 10000",
                "lanesPerStore: 65 | lanesPerStore: must be between 1 and 64",
                "retries: { delay: PT0S } | retries.delay: must be longer than nothing",
                "backoff: { first: PT10S, most: PT5S } | backoff.most: must not be shorter than backoff.first",
                "lanePerStore: 2 | lanePerStore: unknown key",
                "confirmation: { after: PT1S } | confirmation: needs one who is asked whether a user is gone",
            })
    void whatCannotBeMeantIsAProblemWithItsPath(String line, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(STORES + line))
                .withMessageContaining(problem);
    }

    private static WorkerConfig read(String yaml) throws ConfigException {
        return ConfigFile.parse("worker.yaml", yaml, Map.of(), WorkerConfig::read)
                .config();
    }
}
