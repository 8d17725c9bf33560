package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How to reach a database and where it holds personal data.
 *
 * @param url a JDBC URL of PostgreSQL, MariaDB or MySQL, without credentials
 * @param username the role that reads and erases
 * @param password its password; none where the server asks for none
 * @param schema where tables are that are named without one; by default {@code public}, or the database of the url
 * @param map the mapped tables
 * @param connections at most so many at a time
 * @param connectTimeout for a connection, and for one of the pool to become free
 * @param statementTimeout after which the server gives a statement up
 * @param socketTimeout after which a silent server counts as gone; longer than {@code statementTimeout}
 * @param lockTimeout how long a statement waits for a lock of the application's
 * @param batchRows how many rows of a table one transaction erases at most, 1,000 to 1,000,000; who has more is erased in
 *     pieces
 */
record JdbcStoreConfig(
        String url,
        String username,
        Optional<Secret> password,
        Optional<String> schema,
        DataMap map,
        int connections,
        Duration connectTimeout,
        Duration statementTimeout,
        Duration socketTimeout,
        Duration lockTimeout,
        int batchRows) {
    private static final List<String> PREFIXES =
            List.of(PostgresDialect.PREFIX, MariaDbDialect.PREFIX, MariaDbDialect.MYSQL_PREFIX);
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/?]*@|[?&](user|password)=");

    static JdbcStoreConfig read(Section section) {
        Duration statementTimeout = section.duration("statementTimeout", Duration.ofSeconds(30));
        var config = new JdbcStoreConfig(
                section.text("url"),
                section.text("username"),
                section.optionalSecret("password"),
                section.optionalText("schema"),
                DataMap.read(section),
                section.integer("connections", 4, 1, 100),
                section.duration("connectTimeout", Duration.ofSeconds(3)),
                statementTimeout,
                section.duration("socketTimeout", statementTimeout.plusSeconds(10)),
                section.duration("lockTimeout", Duration.ofSeconds(5)),
                section.integer("batchRows", 50_000, 1_000, 1_000_000));
        config.report(section);
        return config;
    }

    private void report(Section section) {
        if (!url.isEmpty() && PREFIXES.stream().noneMatch(url::startsWith)) {
            section.problem("url", "must start with " + String.join(", ", PREFIXES));
        }
        if (CREDENTIALS.matcher(url).find()) {
            section.problem("url", "must be without credentials: they belong into username and password");
        }
        if (socketTimeout.compareTo(statementTimeout) <= 0) {
            section.problem("socketTimeout", "must be longer than statementTimeout");
        }
    }

    /** The same database with another map. */
    JdbcStoreConfig with(DataMap other) {
        return new JdbcStoreConfig(
                url,
                username,
                password,
                schema,
                other,
                connections,
                connectTimeout,
                statementTimeout,
                socketTimeout,
                lockTimeout,
                batchRows);
    }

    /** As drivers want it: whole seconds, rather more than less. */
    static String seconds(Duration duration) {
        return Long.toString(Math.ceilDiv(duration.toMillis(), 1000));
    }
}
