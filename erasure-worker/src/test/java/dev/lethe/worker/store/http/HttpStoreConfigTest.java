package dev.lethe.worker.store.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.worker.store.ClientTls;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.http.Credentials.ApiKey;
import dev.lethe.worker.store.http.Credentials.OAuth2;
import dev.lethe.worker.store.http.HttpStoreConfig.Mode;
import dev.lethe.worker.store.http.HttpStoreConfig.NotFound;
import dev.lethe.worker.store.http.HttpStoreConfig.Polling;
import dev.lethe.worker.store.http.HttpStoreConfig.Protocol;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class HttpStoreConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        HttpStoreConfig config = read("""
                        url: https://news.internal/erasures
                        secret: ${SECRET}
                        readBack: none
                        """).config();

        assertThat(config)
                .isEqualTo(new HttpStoreConfig(
                        URI.create("https://news.internal/erasures"),
                        Protocol.LETHE,
                        Mode.SUBJECT,
                        500,
                        List.of("userId"),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        NotFound.MISCONFIGURED,
                        List.of(new Secret(NewsService.SECRET)),
                        new Credentials(Optional.empty(), Optional.empty()),
                        new ClientTls(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                        8,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(30),
                        new Polling(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofDays(30)),
                        OpenDsrConfig.UNUSED));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<HttpStoreConfig> file = read("""
                url: https://news.internal/erasures
                protocol: lethe
                mode: batch
                batchSize: 50
                identifiers: [userId, email]
                optionalIdentifiers: phone
                targets: [subscriptions]
                readBack: https://news.internal/counts
                notFound: misconfigured
                secret: ["${SECRET}", "${FORMER}"]
                apiKey: { header: X-Api-Key, value: "${KEY}" }
                oauth2: { tokenUrl: "https://login.internal/token", clientId: lethe, clientSecret: "${KEY}", scope: erase }
                tls: { authority: ca.pem, certificate: lethe.pem, key: lethe.key, keyPassword: "${KEY}" }
                concurrency: 3
                connectTimeout: PT1S
                requestTimeout: PT5S
                polling: { interval: PT2S, most: PT20S, completesWithin: P3D }
                """);

        assertThat(file.config())
                .isEqualTo(new HttpStoreConfig(
                        URI.create("https://news.internal/erasures"),
                        Protocol.LETHE,
                        Mode.BATCH,
                        50,
                        List.of("userId", "email"),
                        List.of("phone"),
                        List.of("subscriptions"),
                        Optional.of(URI.create("https://news.internal/counts")),
                        NotFound.MISCONFIGURED,
                        List.of(new Secret(NewsService.SECRET), new Secret(NewsService.FORMER_SECRET)),
                        new Credentials(
                                Optional.of(new ApiKey("X-Api-Key", new Secret("s3cret"))),
                                Optional.of(new OAuth2(
                                        URI.create("https://login.internal/token"),
                                        "lethe",
                                        new Secret("s3cret"),
                                        Optional.of("erase")))),
                        new ClientTls(
                                Optional.of(Path.of("ca.pem")),
                                Optional.of(Path.of("lethe.pem")),
                                Optional.of(Path.of("lethe.key")),
                                Optional.of(new Secret("s3cret"))),
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        new Polling(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofDays(3)),
                        OpenDsrConfig.UNUSED));
        assertThat(file.effective() + file.config().toString())
                .doesNotContain("s3cret", NewsService.SECRET, NewsService.FORMER_SECRET);
    }

    @Test
    void everyKeyOfOpenDsrIsRead() throws ConfigException {
        HttpStoreConfig config = read("""
                        url: https://opendsr.vendor.example/v2
                        protocol: opendsr
                        readBack: none
                        apiKey: { value: "Bearer ${KEY}" }
                        opendsr:
                          regulation: ccpa
                          identities: { email: email, controller_customer_id: userId }
                          statusCallbackUrls: https://us.example/opendsr
                          certificate: vendor.pem
                        """).config();

        assertThat(config.openDsr())
                .isEqualTo(new OpenDsrConfig(
                        "ccpa",
                        Map.of("email", "email", "controller_customer_id", "userId"),
                        List.of("https://us.example/opendsr"),
                        Optional.of(Path.of("vendor.pem"))));
        assertThat(config.identifiers()).containsExactly("email", "userId");
        assertThat(config.credentials().apiKey()).contains(new ApiKey("Authorization", new Secret("Bearer s3cret")));
    }

    @Test
    void openDsrIsAskedByUserIdUnlessTold() throws ConfigException {
        HttpStoreConfig config = read("""
                        url: https://opendsr.vendor.example/v2
                        protocol: opendsr
                        readBack: none
                        secret: ${SECRET}
                        """).config();

        assertThat(config.openDsr())
                .isEqualTo(new OpenDsrConfig(
                        "gdpr", Map.of("controller_customer_id", "userId"), List.of(), Optional.empty()));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: ftp://news.internal
                        mode: batch
                        notFound: absent
                        secret: whsec_short
                        apiKey: { header: "X Key", value: "schlüssel" }
                        tls: { certificate: lethe.pem }
                        concurency: 3
                        concurrency: 0
                        """))
                .withMessageContainingAll(
                        "url: must be an address such as https://news.internal/erasures",
                        "readBack: is required: the address that counts what is left, or none, knowingly",
                        "notFound: can be absent only with mode: subject",
                        "targets: is required with mode: batch",
                        "secret: must be whsec_ and base64 of at least 24 bytes",
                        "apiKey.header: must be the name of a header",
                        "apiKey.value: must be printable ASCII",
                        "tls.key: is required",
                        "concurency: unknown key, did you mean \"concurrency\"?",
                        "concurrency: must be between 1 and 256");
    }

    @Test
    void nobodyErasesWithoutSayingWhoTheyAre() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: https://lethe:s3cret@news.internal/erasures
                        readBack: https://news.internal/counts
                        """))
                .withMessageContainingAll(
                        "secret: is required, or apiKey, oauth2 or tls.certificate",
                        "url: must be without credentials",
                        "targets: is required with readBack")
                .satisfies(problem -> assertThat(problem.getMessage()).doesNotContain("s3cret"));
    }

    @Test
    void whatOpenDsrDoesNotHaveIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: https://opendsr.vendor.example
                        protocol: opendsr
                        mode: batch
                        targets: [profiles]
                        identifiers: [email]
                        optionalIdentifiers: [phone]
                        readBack: https://opendsr.vendor.example/counts
                        secret: ${SECRET}
                        opendsr: { regulation: lgpd, identities: { phone: phone } }
                        """))
                .withMessageContainingAll(
                        "mode: must be subject",
                        "readBack: must be none",
                        "targets: is not for protocol: opendsr",
                        "identifiers: is not for protocol: opendsr",
                        "optionalIdentifiers: is not for protocol: opendsr",
                        "opendsr.regulation: must be gdpr or ccpa",
                        "opendsr.identities.phone: is no identity type of OpenDSR 2.0");
    }

    @Test
    void oauth2AndAnApiKeyCanNotShareAHeader() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("""
                        url: https://news.internal/erasures
                        readBack: none
                        apiKey: { value: "Bearer ${KEY}" }
                        oauth2: { tokenUrl: "https://login.internal/token", clientId: lethe, clientSecret: "${KEY}" }
                        """))
                .withMessageContaining("apiKey: can't be in Authorization");
    }

    @Test
    void theKindIsFoundByItsName() {
        assertThat(ServiceLoader.load(ErasureStoreFactory.class))
                .extracting(ErasureStoreFactory::type)
                .contains("http");
    }

    private static ConfigFile<HttpStoreConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse(
                "news",
                yaml,
                Map.of("SECRET", NewsService.SECRET, "FORMER", NewsService.FORMER_SECRET, "KEY", "s3cret"),
                HttpStoreConfig::read);
    }
}
