package dev.lethe.worker.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.Template;
import dev.lethe.worker.store.redis.RedisStoreConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisStoreConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        assertThat(read("{ url: \"redis://cache\", keys: \"session:{userId}\" }")
                        .config())
                .isEqualTo(new RedisStoreConfig(
                        List.of("redis://cache"),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        new Tls(Optional.empty(), Optional.empty(), Optional.empty()),
                        List.of(Template.parse("session:{userId}")),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        10_000,
                        1_000));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<RedisStoreConfig> file = read("""
                url: ["rediss://one:7000", "rediss://two:7000"]
                cluster: true
                username: lethe
                password: ${PASSWORD}
                sentinelPassword: ${PASSWORD}
                tls: { trust: ca.pem, certificate: lethe.pem, key: lethe.key }
                keys: ["session:{userId}", "cart:{userId}:*"]
                hashes: { users: ["{userId}", "{email}"] }
                sets: { online: "{userId}" }
                sortedSets: { leaderboard: "{userId}" }
                streams: { events: { from: "{userId}", to: "u-{userId}" } }
                connectTimeout: PT1S
                commandTimeout: PT2S
                pipeline: 500
                scanCount: 200
                """);

        assertThat(file.config())
                .isEqualTo(new RedisStoreConfig(
                        List.of("rediss://one:7000", "rediss://two:7000"),
                        true,
                        Optional.of("lethe"),
                        Optional.of(new Secret("s3cret")),
                        Optional.of(new Secret("s3cret")),
                        new Tls(
                                Optional.of(Path.of("ca.pem")),
                                Optional.of(Path.of("lethe.pem")),
                                Optional.of(Path.of("lethe.key"))),
                        List.of(Template.parse("session:{userId}"), Template.parse("cart:{userId}:*")),
                        Map.of("users", List.of(Template.parse("{userId}"), Template.parse("{email}"))),
                        Map.of("online", List.of(Template.parse("{userId}"))),
                        Map.of("leaderboard", List.of(Template.parse("{userId}"))),
                        Map.of(
                                "events",
                                Map.of("from", Template.parse("{userId}"), "to", Template.parse("u-{userId}"))),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        500,
                        200));
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://cache",
                "redis://cache:6380/3",
                "rediss://cache",
                "redis-sentinel://a,b:26380,c/2#shop",
                "rediss-sentinel://a#shop"
            })
    void urlsOfSingleServersAndOfSentinelsAreTaken(String url) throws ConfigException {
        RedisStoreConfig config =
                read("{ url: \"" + url + "\", keys: \"{userId}\" }").config();

        assertThat(config.urls()).containsExactly(url);
        assertThat(config.cluster()).isFalse();
    }

    @Test
    void severalUrlsAreNodesOfACluster() throws ConfigException {
        assertThat(read("{ url: [\"redis://a\", \"redis://b\"], keys: \"{userId}\" }")
                        .config()
                        .cluster())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    url: "http://cache"                                   | url: must start with redis://
                    url: "redis://:s3cret@cache"                          | url: must be without credentials
                    url: "redis-sentinel://a,b"                           | url: must name the master behind the sentinels
                    url: "redis://cache/2", cluster: true                 | url: of a cluster has neither
                    url: ["redis://a", "redis://b"], cluster: false       | cluster: must be true where there are several urls
                    url: "redis://a", tls: { trust: ca.pem }              | tls: is for urls that begin with rediss
                    url: "rediss://a", tls: { key: k.pem }                | tls: must have certificate and key together
                    url: "redis://a", username: lethe                     | password: is required where there is a username
                    url: "redis://a", sets: { a: "x" }                    | sets.a: "x" is the same for everybody
                    url: "redis://a", sets: { a: "{email}" }, hashes: { a: "{email}" } | map "a" twice
                    url: "redis://a", streams: { s: {} }                  | streams.s: must name a field
                    url: "redis://a", pipeline: 0                         | pipeline: must be between 1 and 100000
                    url: "redis://a", comandTimeout: PT1S                 | comandTimeout: unknown key, did you mean "commandTimeout"?
                    """)
    void whatIsWrongIsSaid(String yaml, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{ keys: \"a:{userId}\", " + yaml + " }"))
                .withMessageContaining(problem)
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{ keys: [\"cart:{userId}*\", \"*{userId}\", \"s:{userid}\"] }"))
                .withMessageContainingAll(
                        "url: is required",
                        "keys: \"cart:{userId}*\" finds keys of others, too; put a separator",
                        "keys: \"*{userId}\" finds keys of others, too",
                        "keys: {userid} is no identifier, did you mean {userId}?");
    }

    @Test
    void withoutATargetNothingWouldBeErased() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("url: redis://cache"))
                .withMessageContaining("keys: must name a key");
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("redis");
    }

    private static ConfigFile<RedisStoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("sessions", yaml, Map.of("PASSWORD", "s3cret"), RedisStoreConfig::read);
    }
}
