package dev.lethe.ingress;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.util.List;

/**
 * How callers prove who they are. Every method that is configured has to pass.
 *
 * @param apiKeys the keys that are accepted, as they stand in the header; several for rotation
 */
record AuthenticationConfig(List<Secret> apiKeys) {
    AuthenticationConfig {
        apiKeys = List.copyOf(apiKeys);
    }

    /** Reads the section {@code authentication}. */
    static AuthenticationConfig read(Section section) {
        List<Secret> apiKeys = section.secrets("apiKeys");
        if (apiKeys.isEmpty()) {
            section.problem("apiKeys", "is required: without authentication, anybody could have anybody erased");
        }
        return new AuthenticationConfig(apiKeys);
    }
}
