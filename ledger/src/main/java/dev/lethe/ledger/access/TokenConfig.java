package dev.lethe.ledger.access;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.util.regex.Pattern;

/**
 * A token that signs in, and that programs send as {@code Authorization: Bearer}.
 *
 * @param name who that is in records: never a person's own name
 */
public record TokenConfig(String name, Secret token, Role role) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Of fewer, there are so few that they can be tried. */
    private static final int LEAST_CHARACTERS = 20;

    private enum Granted {
        VIEWER,
        OPERATOR
    }

    static TokenConfig read(String name, Section section) {
        TokenConfig token = read(name, section, Role.VIEWER);
        return section.choice("role", Granted.VIEWER) == Granted.OPERATOR
                ? new TokenConfig(name, token.token(), Role.OPERATOR)
                : token;
    }

    /**
     * Reads the token of whoever has that role alone.
     *
     * @param name at most 64 letters, digits, dots, underscores and dashes; another is a problem of the section
     */
    public static TokenConfig read(String name, Section section, Role role) {
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
        return new TokenConfig(name, token, role);
    }
}
