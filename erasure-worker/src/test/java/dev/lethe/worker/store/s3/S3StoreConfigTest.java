package dev.lethe.worker.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.Template;
import dev.lethe.worker.store.s3.S3StoreConfig.Checksums;
import dev.lethe.worker.store.s3.S3StoreConfig.Credentials;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class S3StoreConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        S3StoreConfig config = read("""
                        bucket: avatars
                        region: eu-central-1
                        prefixes: "uploads/{userId}/"
                        """).config();

        assertThat(config)
                .isEqualTo(new S3StoreConfig(
                        "avatars",
                        "eu-central-1",
                        Optional.empty(),
                        false,
                        Checksums.WHEN_SUPPORTED,
                        Optional.empty(),
                        List.of(new Target(Template.parse("uploads/{userId}/"), true)),
                        8,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30)));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<S3StoreConfig> file = read("""
                bucket: avatars
                region: home
                endpoint: https://minio.internal:9000
                pathStyle: true
                checksums: md5
                accessKeyId: AKIALETHE
                secretAccessKey: ${S3_SECRET}
                objects: ["avatars/{userId}.png", "{tenantId}/{userId}"]
                prefixes: ["uploads/{userId}/", "mail/{email}/inbox-"]
                concurrency: 32
                connectTimeout: PT1S
                timeout: PT2M
                """);

        assertThat(file.config())
                .isEqualTo(new S3StoreConfig(
                        "avatars",
                        "home",
                        Optional.of(URI.create("https://minio.internal:9000")),
                        true,
                        Checksums.MD5,
                        Optional.of(new Credentials("AKIALETHE", new Secret("s3cret"))),
                        List.of(
                                new Target(Template.parse("avatars/{userId}.png"), false),
                                new Target(Template.parse("{tenantId}/{userId}"), false),
                                new Target(Template.parse("uploads/{userId}/"), true),
                                new Target(Template.parse("mail/{email}/inbox-"), true)),
                        32,
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(2)));
        assertThat(file.effective() + file.config().toString()).doesNotContain("s3cret");
    }

    @Test
    void aServerOfOnesOwnNeedsNoRegion() throws ConfigException {
        S3StoreConfig config = read("""
                        bucket: avatars
                        endpoint: http://localhost:9000
                        objects: "{userId}"
                        """).config();

        assertThat(config.region()).isEqualTo("us-east-1");
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        bucket: avatars/small
                        checksums: never
                        pathstyle: true
                        accessKeyId: AKIALETHE
                        objects: ["{tenantId}-{userId}.png", "avatars/me.png", "a/{userId}"]
                        prefixes: ["uploads/{userId}", "exports/{userId}-/", "a/{userId}"]
                        concurrency: 0
                        """))
                .withMessageContainingAll(
                        "bucket: must be a bucket's name, without a path",
                        "region: is required",
                        "checksums: must be one of when-supported, when-required, md5",
                        "pathstyle: unknown key, did you mean \"pathStyle\"?",
                        "secretAccessKey: is required",
                        "objects: \"{tenantId}-{userId}.png\" must have a / right behind each placeholder but the last",
                        "objects: \"avatars/me.png\" is the same for everybody",
                        "prefixes: \"uploads/{userId}\" must have a / right behind each placeholder",
                        "prefixes: \"exports/{userId}-/\" must have a / right behind each placeholder",
                        "prefixes: \"a/{userId}\" is there twice",
                        "concurrency: must be between 1 and 256");
    }

    @Test
    void anEndpointWithCredentialsAndNoTargetAreRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        bucket: avatars
                        endpoint: https://AKIALETHE:s3cret@minio.internal
                        """))
                .withMessageContainingAll("endpoint: must be a URL such as", "prefixes: must name where the data is")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("s3");
    }

    private static ConfigFile<S3StoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("avatars", yaml, Map.of("S3_SECRET", "s3cret"), S3StoreConfig::read);
    }
}
