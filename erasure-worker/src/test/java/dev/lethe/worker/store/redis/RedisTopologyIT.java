package dev.lethe.worker.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.lethe.config.ConfigFile;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import io.lettuce.core.cluster.RedisClusterClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisSentinel;
import redis.embedded.core.RedisSentinelBuilder;

/** The same store on a cluster, behind sentinels, with TLS, and on what is not there for writing. */
@Tag("thorough")
class RedisTopologyIT {
    @TempDir
    private Path directory;

    @Test
    void everyNodeOfAClusterIsSearchedAndErased() throws Exception {
        try (var one = new Redis(directory.resolve("1"), "cluster-enabled yes");
                var other = new Redis(directory.resolve("2"), "cluster-enabled yes")) {
            one.ask(redis -> redis.clusterAddSlots(IntStream.range(0, 8192).toArray()));
            other.ask(
                    redis -> redis.clusterAddSlots(IntStream.range(8192, 16384).toArray()));
            one.ask(redis -> redis.clusterMeet("127.0.0.1", other.port()));
            for (Redis node : List.of(one, other)) {
                await().until(() -> node.ask(redis -> redis.clusterInfo()).contains("cluster_state:ok"));
            }
            List<Subject> subjects =
                    IntStream.range(0, 50).mapToObj(n -> subject("user-" + n)).toList();
            var client = RedisClusterClient.create(one.url());
            try (var connection = client.connect()) {
                subjects.forEach(subject -> {
                    connection.sync().set("session:" + subject.userId(), "x");
                    connection.sync().set("cart:" + subject.userId() + ":1", "x");
                    connection.sync().hset("users", subject.userId(), "x");
                });
                connection.sync().set("cart:somebody:1", "x");
            } finally {
                client.shutdown();
            }
            assertThat(one.size()).isPositive();
            assertThat(other.size()).isPositive();

            try (ErasureStore store = open("{ url: \"" + one.url() + "\", cluster: true,")) {
                assertThat(store.plan().obstacles()).isEmpty();
                assertThat(store.count(subjects))
                        .allSatisfy(remaining -> assertThat(remaining.total()).isEqualTo(3));
                assertThat(store.erase(subjects))
                        .allSatisfy(result -> assertThat(items(result)).isEqualTo(3));
                assertThat(store.count(subjects))
                        .allSatisfy(remaining -> assertThat(remaining.total()).isZero());
            }

            assertThat(one.size() + other.size()).isEqualTo(1);
        }
    }

    @Test
    void sentinelsLeadToThePrimary() throws Exception {
        try (var primary = new Redis(directory.resolve("1"))) {
            plant(primary);
            int port = Redis.freePort();
            RedisSentinel sentinel = new RedisSentinelBuilder()
                    .port(port)
                    .bind("127.0.0.1")
                    .masterName("shop")
                    .masterPort(primary.port())
                    .quorumSize(1)
                    .build();
            sentinel.start();
            try (ErasureStore store = open("{ url: \"redis-sentinel://127.0.0.1:" + port + "#shop\",")) {
                assertThat(items(store.erase(List.of(subject("ada"))).getFirst()))
                        .isEqualTo(3);
            } finally {
                sentinel.stop();
            }

            assertThat(primary.contents()).isEmpty();
        }
    }

    @Test
    void aServerWithTlsAndClientCertificatesIsReached() throws Exception {
        certificate();
        int port = Redis.freePort();
        try (var redis = new Redis(
                directory,
                "tls-port " + port,
                "tls-cert-file " + directory.resolve("cert.pem"),
                "tls-key-file " + directory.resolve("key.pem"),
                "tls-ca-cert-file " + directory.resolve("cert.pem"))) {
            plant(redis);
            String url = "{ url: \"rediss://127.0.0.1:" + port + "\",";
            String files = " tls: { trust: \"%1$s/cert.pem\", certificate: \"%1$s/cert.pem\", key: \"%1$s/key.pem\" },"
                    .formatted(directory);

            try (ErasureStore stranger = open(url)) {
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> stranger.erase(List.of(subject("ada"))))
                        .satisfies(refused -> assertThat(refused.code()).isEqualTo("UNREACHABLE"));
            }
            try (ErasureStore store = open(url + files)) {
                assertThat(items(store.erase(List.of(subject("ada"))).getFirst()))
                        .isEqualTo(3);
            }

            assertThat(redis.contents()).isEmpty();
        }
    }

    @Test
    void aReplicaIsAnObstacleAndErasesNothing() throws Exception {
        try (var primary = new Redis(directory.resolve("1"));
                var replica = new Redis(directory.resolve("2"), "replicaof 127.0.0.1 " + primary.port())) {
            plant(primary);
            await().until(() -> replica.contents().size() == 3);

            try (ErasureStore store = open("{ url: \"" + replica.url() + "\",")) {
                assertThat(store.plan().obstacles())
                        .singleElement()
                        .asString()
                        .contains("replica", "let the url lead to the primary");
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> store.erase(List.of(subject("ada"))))
                        .satisfies(refused -> assertThat(refused.code()).isEqualTo("UNREACHABLE"))
                        .withMessageContaining("takes no changes");
            }

            assertThat(primary.contents()).hasSize(3);
        }
    }

    @Test
    void whatIsWronglyConfiguredIsSaid() throws Exception {
        try (var redis =
                new Redis(directory.resolve("1"), "databases 2", "user reader on >s3cret ~session:* +@all -unlink")) {
            assertCode(open("{ url: \"" + redis.url() + "/7\","), "MISCONFIGURED");
            assertCode(open("{ url: \"" + redis.url() + "\", cluster: true,"), "MISCONFIGURED");
            assertCode(open("{ url: \"" + redis.url() + "\", username: reader, password: s3cret,"), "MISCONFIGURED");
        }
    }

    @Test
    void thePlanWarnsOfWhatNoKeyLooksLikeAndOfWhatABatchCosts() throws Exception {
        try (var redis = new Redis(directory.resolve("1"))) {
            redis.ask(commands -> commands.set("sesion:ada", "x"));

            try (ErasureStore store = open("{ url: \"" + redis.url() + "\",")) {
                StorePlan plan = store.plan();

                assertThat(plan.obstacles()).isEmpty();
                assertThat(plan.warnings())
                        .containsExactly(
                                "there is no \"users\" at the moment: check its name",
                                "every batch goes over all keys, 1 at the moment, because of a * in keys; where the whole key"
                                        + " can be said, say it",
                                "no key that was looked at has the form \"session:{userId}\": check its spelling",
                                "no key that was looked at has the form \"cart:{userId}:*\": check its spelling");
            }
        }
    }

    private static void assertCode(ErasureStore store, String code) {
        try (store) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.erase(List.of(subject("ada"))))
                    .satisfies(refused ->
                            assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code));
        }
    }

    private static ErasureStore open(String flow) throws Exception {
        RedisStoreConfig config = ConfigFile.parse(
                        "sessions",
                        flow + " keys: [\"session:{userId}\", \"cart:{userId}:*\"], hashes: { users: \"{userId}\" } }",
                        Map.of(),
                        RedisStoreConfig::read)
                .config();
        return new RedisStore("sessions", config);
    }

    private static void plant(Redis redis) {
        redis.ask(commands -> {
            commands.set("session:ada", "x");
            commands.set("cart:ada:1", "x");
            return commands.hset("users", "ada", "x");
        });
    }

    private static long items(StoreResult result) {
        return ((StoreResult.Settled) result)
                .targets().stream().mapToLong(TargetOutcome::items).sum();
    }

    private static Subject subject(String userId) {
        return new Subject(new SubjectKey("0123456789012345678901"), userId, null, Map.of());
    }

    /** A certificate for 127.0.0.1 that is its own authority, for server and client. */
    private void certificate() throws Exception {
        Path store = directory.resolve("store.p12");
        var keytool = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=redis",
                "-ext",
                "san=ip:127.0.0.1",
                "-alias",
                "redis",
                "-storetype",
                "PKCS12",
                "-storepass",
                "s3cret-7",
                "-keystore",
                store.toString()));
        assertThat(new ProcessBuilder(keytool).inheritIO().start().waitFor()).isZero();
        char[] password = "s3cret-7".toCharArray();
        KeyStore keys = KeyStore.getInstance(store.toFile(), password);
        write("cert.pem", "CERTIFICATE", keys.getCertificate("redis").getEncoded());
        write("key.pem", "PRIVATE KEY", keys.getKey("redis", password).getEncoded());
    }

    private void write(String file, String what, byte[] content) throws Exception {
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                        .formatted(
                                what,
                                Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)));
    }
}
