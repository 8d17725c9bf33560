package dev.lethe.ingress.authentication;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.util.List;

/**
 * How callers prove who they are. Every method that is configured has to pass.
 *
 * @param apiKeys the keys that are accepted, as they stand in the header; several for rotation
 */
public record AuthenticationConfig(List<Secret> apiKeys) {
    public AuthenticationConfig {
        apiKeys = List.copyOf(apiKeys);
    }

    /** Reads the section {@code authentication}. */
    public static AuthenticationConfig read(Section section) {
        List<Secret> apiKeys = section.secrets("apiKeys");
        if (apiKeys.isEmpty()) {
            section.problem("apiKeys", "is required: without authentication, anybody could have anybody erased");
        }
        return new AuthenticationConfig(apiKeys);
    }

    /** The configured methods, ready to check calls. */
    public List<Authentication> open() {
        return List.of(new ApiKeyAuthentication(apiKeys));
    }
}
