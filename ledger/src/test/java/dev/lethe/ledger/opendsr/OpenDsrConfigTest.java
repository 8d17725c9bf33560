package dev.lethe.ledger.opendsr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.MisconfiguredException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenDsrConfigTest {
    @TempDir
    Path folder;

    @Test
    void fillsItsDefaults() throws Exception {
        OpenDsrConfig config = read("""
            publicUrl: https://opendsr.example.com/
            controllers: { acme: { token: a-token-of-twenty-or-more } }
            """);

        assertThat(config.domain()).isEqualTo("opendsr.example.com");
        assertThat(config.certificate()).isEqualTo(Path.of("opendsr.pem"));
        assertThat(config.key()).isEqualTo(Path.of("opendsr.key"));
        assertThat(config.keyPassword()).isEmpty();
        assertThat(config.cancellable()).isEqualTo(Duration.ofHours(1));
        assertThat(config.authority()).isEmpty();
        ControllerConfig acme = config.controllers().getFirst();
        assertThat(acme.source()).isEqualTo("opendsr.acme");
        assertThat(acme.callbacks()).isEmpty();
        assertThat(acme.identities()).isEqualTo(Map.of("controller_customer_id", "userId", "email", "email"));
        assertThat(acme.tenantId()).isEmpty();
    }

    @Test
    void readsEveryKey() throws Exception {
        OpenDsrConfig config = read("""
            publicUrl: https://opendsr.example.com:8443
            certificate: c.pem
            key: k.pem
            keyPassword: s3cret-password
            cancellable: PT0S
            authority: ca.pem
            controllers:
              acme:
                token: a-token-of-twenty-or-more
                callbacks: [ "https://acme.example.com/callbacks?token=s3cret" ]
                identities: { android_id: userId, email: email }
                tenantId: t
            """);

        assertThat(config.domain()).isEqualTo("opendsr.example.com");
        assertThat(config.cancellable()).isZero();
        assertThat(config.authority()).contains(Path.of("ca.pem"));
        ControllerConfig acme = config.controllers().getFirst();
        assertThat(acme.userIdType()).isEqualTo("android_id");
        assertThat(acme.tenantId()).contains("t");
        assertThat(acme.callbacks())
                .singleElement()
                .satisfies(callback -> assertThat(callback.fingerprint())
                        .hasSize(22)
                        .isNotEqualTo(
                                Callback.of("other", callback.url().toString()).fingerprint()));
        assertThat(config.toString()).doesNotContain("s3cret", "a-token");
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("""
            publicUrl: https://opendsr.example.com/path
            cancellable: P30D
            controllers:
              acme:
                token: a-token-of-twenty-or-more
                callbacks: [ "http://acme.example.com/callbacks" ]
                identities: { email: email, shoe_size: size }
              "a b": { token: short }
              other: { token: a-token-of-twenty-or-more }
            """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("publicUrl: must be a URL without a path")
                .hasMessageContaining("cancellable: must be between PT0S and PT336H")
                .hasMessageContaining("controllers.acme.callbacks: must be addresses with https")
                .hasMessageContaining("controllers.acme.identities.shoe_size: is no identity type of OpenDSR 2.0")
                .hasMessageContaining("controllers.acme.identities: must have one type that is the userId")
                .hasMessageContaining("controllers.a b.token: must have at least 20 characters")
                .hasMessageContaining("controllers.a b.token: is of a controller whose name")
                .hasMessageContaining("controllers.other.token: is another controller's, too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void signsWithTheKeyOfItsCertificate(String algorithm) throws Exception {
        Processor processor = Processor.create(algorithm, "opendsr.example.com");
        processor.write(folder);
        byte[] body = "a body".getBytes(StandardCharsets.UTF_8);

        Signer signer = Signer.load(files());

        Map<String, String> headers = signer.headers(body);
        assertThat(headers)
                .containsOnlyKeys(
                        "X-OpenDSR-Processor-Domain",
                        "X-OpenDSR-Signature",
                        "X-OpenGDPR-Processor-Domain",
                        "X-OpenGDPR-Signature")
                .containsEntry("X-OpenDSR-Processor-Domain", "opendsr.example.com")
                .containsEntry("X-OpenGDPR-Signature", headers.get("X-OpenDSR-Signature"));
        String signature = headers.get("X-OpenDSR-Signature");
        assertThat(Processor.isSigned(body, signature, processor.certificate())).isTrue();
        assertThat(Processor.isSigned(new byte[0], signature, processor.certificate()))
                .isFalse();
        assertThat(signer.pem()).isEqualTo(Files.readString(folder.resolve("opendsr.pem")));
    }

    @Test
    void aKeyThatIsNotTheCertificatesIsRefused() throws Exception {
        Processor.create("RSA", "opendsr.example.com").write(folder);
        String key = Files.readString(folder.resolve("opendsr.key"));
        Processor.create("RSA", "opendsr.example.com").write(folder);
        Files.writeString(folder.resolve("opendsr.key"), key);

        assertThatThrownBy(() -> Signer.load(files()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("is not the key of the certificate");
    }

    @Test
    void aCertificateOfAnotherDomainIsRefused() throws Exception {
        Processor.create("EC", "www.example.com").write(folder);

        assertThatThrownBy(() -> Signer.load(files()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("is not for opendsr.example.com");
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws Exception {
        assertThatThrownBy(() -> Signer.load(files()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("opendsr.certificate: ")
                .hasMessageContaining("holds no certificate in PEM");
        Processor.create("EC", "opendsr.example.com").write(folder);
        Files.writeString(folder.resolve("opendsr.key"), "no key");
        assertThatThrownBy(() -> Signer.load(files()))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("holds no private key in PEM");
    }

    @ParameterizedTest
    @CsvSource({
        "opendsr.example.com, true",
        "OpenDSR.Example.com, true",
        "*.example.com, true",
        "example.com, false",
        "*.com, false",
        "*, false",
        "x.opendsr.example.com, false"
    })
    void aStarStandsForOneLabel(String name, boolean covers) {
        assertThat(Signer.covers(name, "opendsr.example.com")).isEqualTo(covers);
    }

    private OpenDsrConfig files() throws ConfigException {
        return read("""
            publicUrl: https://opendsr.example.com
            certificate: "%s"
            key: "%s"
            """.formatted(folder.resolve("opendsr.pem"), folder.resolve("opendsr.key")));
    }

    private static OpenDsrConfig read(String yaml) throws ConfigException {
        return ConfigFile.parse("ledger.yaml", yaml, Map.of(), OpenDsrConfig::read)
                .config();
    }
}
