package dev.lethe.worker.store.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.store.ClientTls;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.opensearch.OpenSearchStoreConfig.Index;
import dev.lethe.worker.store.opensearch.OpenSearchStoreConfig.Login;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class OpenSearchStoreConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        OpenSearchStoreConfig config = read("""
                        url: https://search:9200
                        indices: { profiles: { subject: { user_id: userId } } }
                        """).config();

        assertThat(config)
                .isEqualTo(new OpenSearchStoreConfig(
                        URI.create("https://search:9200"),
                        Optional.empty(),
                        Optional.empty(),
                        new ClientTls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        Map.of("profiles", new Index(Map.of("user_id", "userId"), false, Map.of(), List.of())),
                        4,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1)));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<OpenSearchStoreConfig> file = read("""
                url: https://search:9200/cluster
                username: lethe
                password: ${PASSWORD}
                tls: { authority: ca.pem, certificate: lethe.pem, key: lethe.key, keyPassword: "${PASSWORD}" }
                indices:
                  profiles: { subject: { user_id: userId, email: email }, action: delete }
                  comments-*:
                    subject: { author.id: userId }
                    action: anonymize
                    set: { author.name: erased }
                    unset: [author.id, avatar]
                connections: 9
                connectTimeout: PT1S
                requestTimeout: PT5S
                taskTimeout: PT10M
                """);

        assertThat(file.config())
                .isEqualTo(new OpenSearchStoreConfig(
                        URI.create("https://search:9200/cluster"),
                        Optional.of(new Login("lethe", new Secret("s3cret"))),
                        Optional.empty(),
                        new ClientTls(
                                Optional.of(Path.of("ca.pem")),
                                Optional.of(Path.of("lethe.pem")),
                                Optional.of(Path.of("lethe.key")),
                                Optional.of(new Secret("s3cret"))),
                        Map.of(
                                "profiles",
                                new Index(Map.of("user_id", "userId", "email", "email"), false, Map.of(), List.of()),
                                "comments-*",
                                new Index(
                                        Map.of("author.id", "userId"),
                                        true,
                                        Map.of("author.name", "erased"),
                                        List.of("author.id", "avatar"))),
                        9,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(10)));
        assertThat(file.config().indices().keySet()).containsExactly("profiles", "comments-*");
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret");
    }

    @Test
    void anApiKeyReplacesALogin() throws ConfigException {
        OpenSearchStoreConfig config = read("""
                        url: https://search:9200
                        apiKey: ${PASSWORD}
                        indices: { profiles: { subject: { user_id: userId } } }
                        """).config();

        assertThat(config.apiKey()).contains(new Secret("s3cret"));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: search:9200
                        username: lethe
                        connections: 0
                        indexes: {}
                        indices:
                          "*": { subject: { user_id: userId } }
                          "a,b": { subject: { user_id: userId } }
                          "-logs": { subject: { user_id: userId } }
                          profiles: { subject: {} }
                          orders: { subject: { user_id: userId }, unset: [name] }
                          comments: { subject: { author.id: userId, email.keyword: email }, action: anonymize, unset: [email] }
                        """))
                .withMessageContainingAll(
                        "url: must be an address such as https://search:9200",
                        "password: is required: username and password belong together",
                        "connections: must be between 1 and 100",
                        "indexes: unknown key",
                        "indices.*: must be the name of an index, alias or data stream",
                        "indices.a,b: must be the name",
                        "indices.-logs: must be the name",
                        "indices.profiles.subject: must name a field and its identifier",
                        "indices.orders.action: must be anonymize where set or unset is given",
                        "indices.comments.subject.author.id: must also be in set or unset")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("email.keyword"));
    }

    @Test
    void credentialsAreOneAndNotInTheUrl() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: https://lethe:s3cret@search:9200
                        username: lethe
                        password: ${PASSWORD}
                        apiKey: ${PASSWORD}
                        """))
                .withMessageContainingAll(
                        "url: must be without credentials",
                        "apiKey: can't be beside username and password",
                        "indices: must map an index")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("opensearch");
    }

    private static ConfigFile<OpenSearchStoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("search", yaml, Map.of("PASSWORD", "s3cret"), OpenSearchStoreConfig::read);
    }
}
