package dev.lethe.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.ingress.webhook.Credentials.CredentialException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    @Test
    void prefersTheEnvironmentToAsking() throws CredentialException {
        var credentials = new Credentials(Map.of("KEY", "from-environment"), what -> Optional.of("asked"));

        assertThat(credentials.require("KEY", "The key").reveal()).isEqualTo("from-environment");
        assertThat(credentials.require("OTHER", "The other").reveal()).isEqualTo("asked");
    }

    @Test
    void saysWhichVariableIsMissing() {
        var credentials = new Credentials(Map.of("KEY", " "), Credentials::askNobody);

        assertThatThrownBy(() -> credentials.require("KEY", "The key"))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("The key is missing")
                .hasMessageContaining("KEY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"geheim\n", "geheim\r\nX-Evil: 1", "schlüssel", "\u0000geheim"})
    void refusesWhatCanNotBeInAHeaderWithoutRepeatingIt(String secret) {
        var credentials = new Credentials(Map.of("KEY", secret), Credentials::askNobody);

        assertThatThrownBy(() -> credentials.require("KEY", "The key"))
                .isInstanceOf(CredentialException.class)
                .hasMessageContaining("KEY")
                .hasMessageNotContaining(secret.strip());
    }

    @Test
    void takesUsedSecretsOutOfText() throws CredentialException {
        var credentials = new Credentials(Map.of("KEY", "hush"), Credentials::askNobody);
        credentials.require("KEY", "The key");

        assertThat(credentials.redact("said hush, twice: hush")).isEqualTo("said ***, twice: ***");
    }
}
