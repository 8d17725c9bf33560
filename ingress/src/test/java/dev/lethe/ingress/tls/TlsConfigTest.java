package dev.lethe.ingress.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TlsConfigTest {
    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        assertThat(read("{ certificate: chain.pem, key: key.pem }").config())
                .isEqualTo(new TlsConfig(Path.of("chain.pem"), Path.of("key.pem"), Optional.empty(), Optional.empty()));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<TlsConfig> file =
                read("{ certificate: chain.pem, key: key.pem, keyPassword: s3cret, clientAuthority: ca.pem }");

        assertThat(file.config())
                .isEqualTo(new TlsConfig(
                        Path.of("chain.pem"),
                        Path.of("key.pem"),
                        Optional.of(new Secret("s3cret")),
                        Optional.of(Path.of("ca.pem"))));
        assertThat(file.effective()).noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read("{ certificat: chain.pem }"))
                .withMessageContainingAll(
                        "certificate: is required", "key: is required", "certificat: unknown key, did you mean");
    }

    private static ConfigFile<TlsConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("ingress.yaml", yaml, Map.of(), TlsConfig::read);
    }
}
