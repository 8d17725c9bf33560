package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.jdbc.DataMap.Custom;
import dev.lethe.worker.store.jdbc.DataMap.Retention;
import dev.lethe.worker.store.jdbc.DataMap.Rule;
import dev.lethe.worker.store.jdbc.DataMap.SubjectColumn;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JdbcStoreConfigTest {
    private static final String ENOUGH = """
            url: jdbc:postgresql://db/shop
            username: lethe
            tables: { customers: { subject: { id: userId } } }
            """;

    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        assertThat(read(ENOUGH).config())
                .isEqualTo(new JdbcStoreConfig(
                        "jdbc:postgresql://db/shop",
                        "lethe",
                        Optional.empty(),
                        Optional.empty(),
                        Maps.deleting(Map.of("customers", Map.of("id", "userId"))),
                        4,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(5),
                        50_000));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<JdbcStoreConfig> file = read("""
                url: jdbc:mariadb://db/shop?sslMode=verify-full
                username: lethe
                password: ${SHOP_DB_PASSWORD}
                schema: Shop
                connections: 9
                connectTimeout: PT1S
                statementTimeout: PT2M
                socketTimeout: PT3M
                lockTimeout: PT4S
                batchRows: 2000
                hashKey: ${HASH_KEY}
                tables:
                  customers:
                    subject: { id: userId, login: [email, username], mail: { identifier: email, compare: ignoring-case } }
                    action: delete
                    where: kind <> 'service'
                    detach: [referred_by]
                  invoices:
                    subject: { customer_id: userId }
                    action: anonymize
                    set: { name: "deleted-{subjectKey}", email: null, note: "", ip: "{hash}", token: "t-{uuid}" }
                    retain: { basis: tax law, for: P10Y, from: issued_on }
                statements:
                  audit: { erase: "DELETE FROM audit WHERE actor = :userId", count: "SELECT count(*) FROM audit WHERE actor = :userId" }
                uncovered: { countries: no personal data }
                """);

        DataMap map = file.config().map();
        assertThat(file.config())
                .isEqualTo(new JdbcStoreConfig(
                        "jdbc:mariadb://db/shop?sslMode=verify-full",
                        "lethe",
                        Optional.of(new Secret("s3cret")),
                        Optional.of("Shop"),
                        map,
                        9,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(3),
                        Duration.ofSeconds(4),
                        2_000));
        assertThat(map.tables().get("customers"))
                .isEqualTo(new Rule(
                        List.of(
                                new SubjectColumn("id", "userId", false),
                                new SubjectColumn("login", "email", false),
                                new SubjectColumn("login", "username", false),
                                new SubjectColumn("mail", "email", true)),
                        Action.DELETE,
                        Map.of(),
                        Optional.empty(),
                        Optional.of("kind <> 'service'"),
                        Set.of("referred_by")));
        Rule invoices = map.tables().get("invoices");
        assertThat(invoices.action()).isEqualTo(Action.ANONYMIZE);
        assertThat(invoices.retention()).contains(new Retention("tax law", Period.ofYears(10), "issued_on"));
        assertThat(invoices.set().keySet()).containsExactly("name", "email", "note", "ip", "token");
        assertThat(invoices.set().get("email").isNull()).isTrue();
        assertThat(invoices.set().get("note").constant()).contains("");
        assertThat(invoices.set().get("name").namesSubject()).isTrue();
        assertThat(invoices.set().get("token").form()).startsWith("^t\\-[0-9a-f]{8}");
        assertThat(map.statements())
                .containsExactly(Map.entry(
                        "audit",
                        new Custom(
                                "userId",
                                "DELETE FROM audit WHERE actor = :userId",
                                "SELECT count(*) FROM audit WHERE actor = :userId")));
        assertThat(map.uncovered()).containsExactly(Map.entry("countries", "no personal data"));
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret", "0123456789abcdef");
    }

    @Test
    void theSocketTimeoutFollowsTheStatementTimeout() throws ConfigException {
        assertThat(read(ENOUGH + "statementTimeout: PT5M").config().socketTimeout())
                .isEqualTo(Duration.ofMinutes(5).plusSeconds(10));
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
                        hashKey: short
                        tables:
                          customers: { subject: {}, set: { name: x } }
                          orders: { subject: { owner: { compare: loosely } }, action: shred }
                          invoices: { subject: { customer_id: userId }, action: anonymize, retain: { for: forever } }
                          posts: { subject: { author: userId }, action: anonymize, set: { name: "{name}" } }
                        statements:
                          audit: { erase: "DELETE FROM audit", count: "SELECT count(*) FROM audit WHERE a = :userId" }
                          orders: { erase: "DELETE FROM o WHERE a = :email", count: "SELECT count(*) FROM o WHERE a = :email" }
                        """))
                .withMessageContainingAll(
                        "url: must start with jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql:",
                        "username: is required",
                        "connections: must be between 1 and 100",
                        "socketTimeout: must be longer than statementTimeout",
                        "lockTimout: unknown key, did you mean \"lockTimeout\"?",
                        "hashKey: must have 16 to 64 bytes",
                        "tables.customers.subject: must name a column and its identifier",
                        "tables.customers.set: goes with action: anonymize",
                        "tables.orders.subject.owner.compare: must be one of exact, ignoring-case",
                        "tables.orders.subject.owner.identifier: is required",
                        "tables.orders.action: must be one of delete, anonymize",
                        "tables.invoices.set: must say what the columns become",
                        "tables.invoices.retain.basis: is required",
                        "tables.invoices.retain.for: must be a period such as P1M",
                        "tables.invoices.retain.from: is required",
                        "tables.posts.set.name: knows the placeholders {subjectKey}, {hash} and {uuid}, not {name}",
                        "statements.audit.erase: must have one parameter",
                        "statements.audit.count: must have the same parameter as erase",
                        "statements.orders: has the name of a mapped table");
    }

    @Test
    void aHashNeedsItsKey() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: jdbc:postgresql://db/shop
                        username: lethe
                        tables: { logs: { subject: { user_id: userId }, action: anonymize, set: { ip: "{hash}" } } }
                        """))
                .withMessageContaining("hashKey: is required: a rule replaces values by {hash}");
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
        return ConfigFile.parse(
                "shop-db",
                yaml,
                Map.of("SHOP_DB_PASSWORD", "s3cret", "HASH_KEY", "0123456789abcdef"),
                JdbcStoreConfig::read);
    }
}
