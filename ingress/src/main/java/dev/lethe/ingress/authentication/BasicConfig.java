package dev.lethe.ingress.authentication;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.util.List;

/**
 * What FusionAuth has as {@code httpAuthenticationUsername} and {@code httpAuthenticationPassword}.
 *
 * @param username the name; without a colon, which RFC 7617 takes for the end of it
 * @param passwords the passwords that are accepted; several for rotation
 */
record BasicConfig(String username, List<Secret> passwords) {
    BasicConfig {
        passwords = List.copyOf(passwords);
    }

    static BasicConfig read(Section section) {
        String username = section.text("username");
        if (username.contains(":")) {
            section.problem("username", "can't have a colon: HTTP Basic takes it for the end of the name");
        }
        List<Secret> passwords = section.secrets("passwords");
        if (passwords.isEmpty()) {
            section.problem("passwords", "must hold a password");
        }
        return new BasicConfig(username, passwords);
    }
}
