package dev.lethe.ledger.database;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.util.Optional;

/**
 * The ledger's PostgreSQL.
 *
 * @param url such as {@code jdbc:postgresql://db/ledger}
 * @param username of the owner of the schema, which the ledger makes and changes by itself
 * @param password empty where the server asks for none, or the url says it
 * @param connections at most, 2 to 100
 */
public record DatabaseConfig(String url, String username, Optional<Secret> password, int connections) {
    /** Reads the section {@code database}. */
    public static DatabaseConfig read(Section section) {
        String url = section.text("url");
        if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
            section.problem("url", "must be one of PostgreSQL, such as jdbc:postgresql://db/ledger");
        }
        return new DatabaseConfig(
                url,
                section.text("username", "lethe"),
                section.optionalSecret("password"),
                section.integer("connections", 10, 2, 100));
    }
}
