package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class JdbcStoreConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        JdbcStoreConfig config = read("""
                        url: jdbc:postgresql://db/shop
                        username: lethe
                        tables: { customers: { subject: { id: userId } } }
                        """).config();

        assertThat(config)
                .isEqualTo(new JdbcStoreConfig(
                        "jdbc:postgresql://db/shop",
                        "lethe",
                        Optional.empty(),
                        "public",
                        Map.of("customers", Map.of("id", "userId")),
                        4,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(5)));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<JdbcStoreConfig> file = read("""
                url: jdbc:postgresql://db/shop?ssl=true
                username: lethe
                password: ${SHOP_DB_PASSWORD}
                schema: Shop
                connections: 9
                connectTimeout: PT1S
                statementTimeout: PT2M
                socketTimeout: PT3M
                lockTimeout: PT4S
                tables:
                  customers: { subject: { id: userId, email: email }, action: delete }
                  orders: { subject: { customer_id: userId } }
                """);

        assertThat(file.config())
                .isEqualTo(new JdbcStoreConfig(
                        "jdbc:postgresql://db/shop?ssl=true",
                        "lethe",
                        Optional.of(new Secret("s3cret")),
                        "Shop",
                        Map.of(
                                "customers",
                                Map.of("id", "userId", "email", "email"),
                                "orders",
                                Map.of("customer_id", "userId")),
                        9,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(3),
                        Duration.ofSeconds(4)));
        assertThat(file.config().tables().keySet()).containsExactly("customers", "orders");
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret");
    }

    @Test
    void theSocketTimeoutFollowsTheStatementTimeout() throws ConfigException {
        JdbcStoreConfig config = read("""
                        url: jdbc:postgresql:shop
                        username: lethe
                        statementTimeout: PT5M
                        tables: { customers: { subject: { id: userId } } }
                        """).config();

        assertThat(config.socketTimeout()).isEqualTo(Duration.ofMinutes(5).plusSeconds(10));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: jdbc:oracle:thin:@db
                        connections: 0
                        statementTimeout: PT30S
                        socketTimeout: PT30S
                        lockTimout: PT1S
                        tables:
                          customers: { subject: {} }
                          invoices: { subject: { customer_id: userId }, action: anonymize, set: { name: erased } }
                        """))
                .withMessageContainingAll(
                        "url: must start with jdbc:postgresql:",
                        "username: is required",
                        "connections: must be between 1 and 100",
                        "socketTimeout: must be longer than statementTimeout",
                        "lockTimout: unknown key, did you mean \"lockTimeout\"?",
                        "tables.customers.subject: must name a column and its identifier",
                        "tables.invoices.action: must be delete",
                        "tables.invoices.set: unknown key");
    }

    @Test
    void aUrlWithCredentialsAndAnEmptyMapAreRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: jdbc:postgresql://db/shop?ssl=true&password=s3cret
                        username: lethe
                        """))
                .withMessageContainingAll("url: must be without credentials", "tables: must map a table")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("jdbc");
    }

    private static ConfigFile<JdbcStoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("shop-db", yaml, Map.of("SHOP_DB_PASSWORD", "s3cret"), JdbcStoreConfig::read);
    }
}
