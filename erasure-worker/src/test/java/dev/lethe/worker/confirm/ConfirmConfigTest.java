package dev.lethe.worker.confirm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfirmConfigTest {
    private static final String LEAST =
            "confirmation: { fusionauth: { url: \"http://fusionauth:9011\", apiKey: s3cret } }";

    @Test
    void withoutTheSectionNothingIsConfirmed() throws ConfigException {
        assertThat(read("").config()).isEmpty();
    }

    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        ConfirmConfig config = read(LEAST).config().orElseThrow();

        assertThat(config.type()).isEqualTo("fusionauth");
        assertThat(config.after()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.again()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.mostAgain()).isEqualTo(10);
    }

    @Test
    void everyKeyIsReadAndTheSecretIsNotShown() throws ConfigException {
        ConfigFile<Optional<ConfirmConfig>> file = read("""
                confirmation:
                  fusionauth:
                    url: https://id.example.com/
                    apiKey: s3cret
                    tenant: 30663132-6464-6665-3032-326466613934
                    concurrency: 4
                    connectTimeout: PT1S
                    requestTimeout: PT2S
                    tls: { authority: ca.pem, certificate: client.pem, key: client.key, keyPassword: s3cret }
                  after: PT1M
                  again: { every: PT10S, most: 3 }
                """);

        ConfirmConfig config = file.config().orElseThrow();
        assertThat(config.after()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.again()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.mostAgain()).isEqualTo(3);
        assertThat(file.effective())
                .contains(
                        "confirmation.fusionauth.apiKey = ***  (file)",
                        "confirmation.fusionauth.url = https://id.example.com/  (file)",
                        "confirmation.after = PT1M  (file)")
                .noneMatch(line -> line.contains("s3cret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "confirmation: { after: PT30S } | confirmation: needs one who is asked whether a user is gone: fusionauth",
                "confirmation: yes | confirmation: must be a mapping",
                "confirmation: { fusionauth: {} } | confirmation.fusionauth.url: is required",
                "confirmation: { fusionauth: {} } | confirmation.fusionauth.apiKey: is required",
                "confirmation: { fusionauth: { url: here, apiKey: a } } | confirmation.fusionauth.url: must be FusionAuth's address",
                "confirmation: { fusionauth: { url: \"http://u:p@fa\", apiKey: a } } | no credentials",
                "confirmation: { fusionauth: { url: \"http://fa\", apiKey: a, tenant: b } } | confirmation.fusionauth.tenant: must be the id",
                "confirmation: { fusionauth: { url: \"http://fa\", apikey: a } } | unknown key, did you mean \"apiKey\"?",
                "confirmation: { fusionauth: { url: \"http://fa\", apiKey: a }, afer: PT1S } | unknown key, did you mean \"after\"?",
                "confirmation: { fusionauth: { url: \"http://fa\", apiKey: a }, after: PT0S } | confirmation.after: must be longer",
                "confirmation: { fusionauth: { url: \"http://fa\", apiKey: a }, again: { most: -1 } } | confirmation.again.most: must be",
            })
    void whatCannotBeMeantIsAProblemWithItsPath(String yaml, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(yaml))
                .withMessageContaining(problem);
    }

    private static ConfigFile<Optional<ConfirmConfig>> read(String yaml) throws ConfigException {
        return ConfigFile.parse("worker.yaml", yaml, Map.of(), ConfirmConfig::read);
    }
}
