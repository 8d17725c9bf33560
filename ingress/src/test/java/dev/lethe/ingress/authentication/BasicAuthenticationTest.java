package dev.lethe.ingress.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BasicAuthenticationTest {
    private static final String KNOWN = "fusionauth:pass:wörd";
    private static final BasicAuthentication BASIC =
            new BasicAuthentication(new BasicConfig("fusionauth", List.of(new Secret("pass:wörd"))));

    @Property
    void noHeaderIsAccepted(@ForAll String header) {
        assertThat(BASIC.areKnown(header)).isFalse();
        assertThat(BASIC.areKnown("Basic " + header)).isFalse();
    }

    @Property
    void noCredentialsAreAcceptedButTheKnownOnes(@ForAll byte[] credentials) {
        assertThat(BASIC.areKnown(basic(credentials))).isFalse();
        assertThat(BASIC.areKnown(basic(KNOWN.getBytes(StandardCharsets.UTF_8))))
                .isTrue();
    }

    private static String basic(byte[] credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
