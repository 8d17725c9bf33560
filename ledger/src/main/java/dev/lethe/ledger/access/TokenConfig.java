package dev.lethe.ledger.access;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.util.regex.Pattern;

/**
 * A token that signs in, and that programs send as {@code Authorization: Bearer}.
 *
 * @param name who that is in records: never a person's own name
 */
record TokenConfig(String name, Secret token, Role role) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Of fewer, there are so few that they can be tried. */
    private static final int LEAST_CHARACTERS = 20;

    private enum Granted {
        VIEWER,
        OPERATOR
    }

    static TokenConfig read(String name, Section section) {
        Secret token = section.secret("token");
        String text = token.reveal();
        if (!text.isEmpty() && text.length() < LEAST_CHARACTERS) {
            section.problem(
                    "token",
                    "must have at least " + LEAST_CHARACTERS + " characters; make one with 'openssl rand -base64 32'");
        }
        if (!NAME.matcher(name).matches()) {
            section.problem("token", "has a name that is not 1 to 64 letters, digits, '.', '_' or '-'");
        }
        Role role = section.choice("role", Granted.VIEWER) == Granted.OPERATOR ? Role.OPERATOR : Role.VIEWER;
        return new TokenConfig(name, token, role);
    }
}
