package dev.lethe.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Durability;
import dev.lethe.health.HttpAddress;
import dev.lethe.worker.lane.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerConfigTest {
    @Test
    void fillsItsDefaults() throws Exception {
        LedgerConfig config = read("""
            database: { url: "jdbc:postgresql://db/ledger" }
            stores: [shop]
            access: { tokens: { office: { token: "a token of thirty-two characters", role: viewer } } }
            """);

        assertThat(config.management()).isEqualTo(new HttpAddress("0.0.0.0", 8081));
        assertThat(config.durability()).isEqualTo(Durability.REPLICATED);
        assertThat(config.database().username()).isEqualTo("lethe");
        assertThat(config.database().password()).isEmpty();
        assertThat(config.database().connections()).isEqualTo(10);
        assertThat(config.proof())
                .isEqualTo(new ProofConfig(Path.of("ledger-keys.json"), "lethe/ledger", Duration.ofSeconds(5)));
        assertThat(config.maxBatch()).isEqualTo(10_000);
        assertThat(config.backoff()).isEqualTo(Backoff.DEFAULT);
        assertThat(config.instanceId()).isEmpty();
    }

    @Test
    void readsEveryKey() throws Exception {
        LedgerConfig config = read("""
            management: { host: 127.0.0.1, port: 0 }
            kafka: { bootstrap.servers: "kafka:9092" }
            durability: single-node
            database: { url: "jdbc:postgresql://db/ledger", username: me, password: secret, connections: 3 }
            stores: [shop, sessions, shop]
            proof: { keys: k.json, origin: example.org/lethe, checkpoints: PT1S }
            maxBatch: 7
            backoff: { first: PT1S, most: PT2S }
            instanceId: one
            access: { tokens: { office: { token: "a token of thirty-two characters", role: viewer } } }
            """);

        assertThat(config.management()).isEqualTo(new HttpAddress("127.0.0.1", 0));
        assertThat(config.kafka().properties()).containsEntry("bootstrap.servers", "kafka:9092");
        assertThat(config.durability()).isEqualTo(Durability.SINGLE_NODE);
        assertThat(config.database().connections()).isEqualTo(3);
        assertThat(config.toString()).doesNotContain("secret", "a token");
        assertThat(config.stores()).isEqualTo(List.of("sessions", "shop"));
        assertThat(config.proof())
                .isEqualTo(new ProofConfig(Path.of("k.json"), "example.org/lethe", Duration.ofSeconds(1)));
        assertThat(config.maxBatch()).isEqualTo(7);
        assertThat(config.backoff()).isEqualTo(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertThat(config.instanceId()).isEqualTo(Optional.of("one"));
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("""
            database: { url: "jdbc:mysql://db/ledger" }
            proof: { origin: "has blanks" }
            backoff: { first: PT9S, most: PT1S }
            """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("stores: must name the stores")
                .hasMessageContaining("database.url: must be one of PostgreSQL")
                .hasMessageContaining("proof.origin: must be a name")
                .hasMessageContaining("backoff.most: must not be shorter");
    }

    private static LedgerConfig read(String yaml) throws ConfigException {
        return ConfigFile.parse("ledger.yaml", yaml, Map.of(), LedgerConfig::read)
                .config();
    }
}
