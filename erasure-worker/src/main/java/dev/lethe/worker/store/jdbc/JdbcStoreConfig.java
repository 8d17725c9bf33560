package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach a database and where it holds personal data.
 *
 * @param url a PostgreSQL JDBC URL, without credentials
 * @param username the role that reads and deletes
 * @param password its password; none where the server asks for none
 * @param schema where the mapped tables are
 * @param tables the mapped tables by name, exactly as the catalogue spells it, each with the columns that hold an identifier
 *     of the subject and the identifier's name; a row is the subject's if any of its columns matches
 * @param connections at most so many at a time
 * @param connectTimeout for a connection, and for one of the pool to become free
 * @param statementTimeout after which the server gives a statement up
 * @param socketTimeout after which a silent server counts as gone; longer than {@code statementTimeout}
 * @param lockTimeout how long a statement waits for a lock of the application's
 */
record JdbcStoreConfig(
        String url,
        String username,
        Optional<Secret> password,
        String schema,
        Map<String, Map<String, String>> tables,
        int connections,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration socketTimeout,
        Duration lockTimeout) {
    private static final String PREFIX = "jdbc:postgresql:";
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/?]*@|[?&](user|password)=");

    JdbcStoreConfig {
        var copy = new LinkedHashMap<String, Map<String, String>>();
        tables.forEach((name, subject) -> copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(subject))));
        tables = Collections.unmodifiableMap(copy);
    }

    static JdbcStoreConfig read(Section section) {
        Duration statementTimeout = section.duration("statementTimeout", Duration.ofSeconds(30));
        var config = new JdbcStoreConfig(
                section.text("url"),
                section.text("username"),
                section.optionalSecret("password"),
                section.text("schema", "public"),
                tables(section),
                section.integer("connections", 4, 1, 100),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                statementTimeout,
                section.duration("socketTimeout", statementTimeout.plusSeconds(10)),
                section.duration("lockTimeout", Duration.ofSeconds(5)));
        config.report(section);
        return config;
    }

    private static Map<String, Map<String, String>> tables(Section section) {
        var tables = new LinkedHashMap<String, Map<String, String>>();
        section.sectionByName("tables").forEach((name, table) -> {
            String action = table.text("action", "delete");
            if (!action.equals("delete")) {
                table.problem("action", "must be delete: this version can't do anything else to a row");
            }
            Map<String, String> subject = table.textByName("subject");
            if (subject.isEmpty()) {
                table.problem("subject", "must name a column and its identifier, such as { customer_id: userId }");
            }
            tables.put(name, subject);
        });
        return tables;
    }

    private void report(Section section) {
        if (!url.isEmpty() && !url.startsWith(PREFIX)) {
            section.problem("url", "must start with " + PREFIX);
        }
        if (CREDENTIALS.matcher(url).find()) {
            section.problem("url", "must be without credentials: they belong into username and password");
        }
        if (tables.isEmpty()) {
            section.problem("tables", "must map a table, such as { customers: { subject: { id: userId } } }");
        }
        if (socketTimeout.compareTo(statementTimeout) <= 0) {
            section.problem("socketTimeout", "must be longer than statementTimeout");
        }
    }
}
