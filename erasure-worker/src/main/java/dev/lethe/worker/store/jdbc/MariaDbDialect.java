package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import com.zaxxer.hikari.HikariConfig;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * MariaDB, 10.6 or later, and MySQL, 8.0 or later, with InnoDB. They have no arrays, so every value is a parameter of its
 * own; and {@code DELETE} does not answer what it deleted on all of them, so rows are read and locked first.
 *
 * <p>Most collations ignore case and blanks at the end. A column is compared by its collation, which its index knows, and
 * then byte by byte, unless the map says otherwise.
 */
final class MariaDbDialect implements Dialect {
    static final String PREFIX = "jdbc:mariadb:";
    static final String MYSQL_PREFIX = "jdbc:mysql:";

    /** Of MariaDB, as of version 11, and of MySQL. */
    private static final Pattern COST = Pattern.compile("\"(?:query_)?cost\": \"?([0-9.]+)");

    private static final int MOST_TUPLES = 1_000;
    private static final Pattern CAUTION = Pattern.compile("[^A-Za-z0-9 ]");

    @Override
    public void configure(HikariConfig pool, JdbcStoreConfig config) {
        // Names stand in double quotes, and what does not fit is refused, not cut.
        pool.setConnectionInitSql("""
                SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,STRICT_ALL_TABLES'),
                  time_zone = '+00:00', innodb_lock_wait_timeout = %d, foreign_key_checks = 1
                  /*M!100101 , max_statement_time = %d */
                """.formatted(
                        Math.max(1, config.lockTimeout().toSeconds()),
                        Math.max(1, config.statementTimeout().toSeconds())));
        config.schema().ifPresent(pool::setCatalog);
        pool.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        pool.addDataSourceProperty("permitMysqlScheme", "true");
        pool.addDataSourceProperty(
                "connectTimeout", Long.toString(config.connectTimeout().toMillis()));
        pool.addDataSourceProperty(
                "socketTimeout", Long.toString(config.socketTimeout().toMillis()));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
    }

    @Override
    public Catalogue catalogue(Handle handle, JdbcStoreConfig config) {
        return MariaDbCatalogue.read(handle, config.schema());
    }

    @Override
    public int mostTuples() {
        return MOST_TUPLES;
    }

    @Override
    public boolean returnsDeleted() {
        return false;
    }

    @Override
    public boolean comparesBytes(Column column) {
        return column.kind() == Kind.TEXT;
    }

    @Override
    public boolean checksKeysAfterStatement() {
        return false;
    }

    @Override
    public Fragment among(Link link, List<List<String>> tuples, String name) {
        if (link instanceof Link.Identified identified) {
            Column column = identified.column();
            if (identified.ignoringCase() && !folds(column)) {
                return new Fragment(
                        "%s IN (%s)"
                                .formatted(
                                        lowerCase(column),
                                        each(
                                                tuples.size(),
                                                row -> "LOWER(%s)".formatted(parameter(column, name, row, 0)),
                                                ", ")),
                        values(link.columns(), tuples, name));
            }
            return among(link.columns(), tuples, name, identified.ignoringCase());
        }
        return among(link.columns(), tuples, name, true);
    }

    /** Whether the column's own comparison ignores case. */
    private static boolean folds(Column column) {
        return column.collation().endsWith("_ci");
    }

    @Override
    public Fragment among(List<Column> columns, List<List<String>> tuples, String name) {
        return among(columns, tuples, name, true);
    }

    private static Fragment among(List<Column> columns, List<List<String>> tuples, String name, boolean byCollation) {
        Binding binding = values(columns, tuples, name);
        if (columns.size() > 1) {
            return new Fragment(
                    each(
                            tuples.size(),
                            row -> "("
                                    + each(
                                            columns.size(),
                                            n -> columns.get(n).sql() + " = " + parameter(columns.get(n), name, row, n),
                                            " AND ")
                                    + ")",
                            " OR ",
                            "(",
                            ")"),
                    binding);
        }
        Column column = columns.getFirst();
        String list = each(tuples.size(), row -> parameter(column, name, row, 0), ", ");
        String sql = "%s IN (%s)".formatted(column.sql(), list);
        if (column.kind() == Kind.TEXT && !byCollation && !column.exact()) {
            sql = "(%s AND %s IN (%s))"
                    .formatted(
                            sql,
                            bytes(column.sql()),
                            each(tuples.size(), row -> bytes(parameter(column, name, row, 0)), ", "));
        }
        return new Fragment(sql, binding);
    }

    /** What a text is made of, so that only the very same is equal to it. */
    private static String bytes(String text) {
        return "CAST(CONVERT(%s USING utf8mb4) AS BINARY)".formatted(text);
    }

    private static String parameter(Column column, String name, int row, int n) {
        String parameter = ":" + name + row + "_" + n;
        return isBytes(column) ? "UNHEX(" + parameter + ")" : parameter;
    }

    private static boolean isBytes(Column column) {
        return column.kind() == Kind.BYTES || column.kind() == Kind.UUID_BYTES;
    }

    private static Binding values(List<Column> columns, List<List<String>> tuples, String name) {
        return statement -> {
            for (int row = 0; row < tuples.size(); row++) {
                for (int n = 0; n < columns.size(); n++) {
                    bind(
                            statement,
                            name + row + "_" + n,
                            columns.get(n),
                            tuples.get(row).get(n));
                }
            }
        };
    }

    /** A text that is compared with a number would be, and the index would not be used. */
    private static void bind(SqlStatement<?> statement, String name, Column column, String value) {
        if (value != null && column.kind() == Kind.NUMBER) {
            statement.bind(name, new BigDecimal(value));
        } else {
            statement.bind(name, value);
        }
    }

    @Override
    public Fragment keyOf(Link link, List<List<String>> tuples, List<String> keys, String name) {
        if (tuples.isEmpty()) {
            return Fragment.of("NULL");
        }
        String sql = which(link, tuples, name, row -> ":" + name + "Key" + row);
        return new Fragment(sql, statement -> {
            values(link.columns(), tuples, name).bind(statement);
            for (int row = 0; row < keys.size(); row++) {
                statement.bind(name + "Key" + row, keys.get(row));
            }
        });
    }

    /**
     * Which of the tuples it is, the database says by the number of the first that is equal. Texts that differ in case alone
     * are equal to the same, so these are taken together.
     */
    @Override
    public List<Match> matches(Handle handle, Table table, Link link, List<List<String>> tuples) {
        List<Column> columns = link.columns();
        Fragment among = among(link, tuples, "looked");
        String sql = "SELECT %1$s, %2$s FROM %3$s WHERE %4$s GROUP BY %1$s, %5$s"
                .formatted(
                        which(link, tuples, "looked", String::valueOf),
                        columns.stream()
                                .map(column -> "min(" + text(column) + ")")
                                .collect(joining(", ")),
                        table.sql(),
                        among.sql(),
                        columns.stream().map(this::reading).collect(joining(", ")));
        Map<List<String>, List<List<String>>> alike = new HashMap<>();
        tuples.forEach(tuple ->
                alike.computeIfAbsent(folded(tuple), any -> new ArrayList<>()).add(tuple));
        Query query = handle.createQuery(sql);
        among.binding().bind(query);
        return query
                .map((row, context) -> {
                    var own = new ArrayList<String>();
                    for (int n = 0; n < columns.size(); n++) {
                        own.add(row.getString(n + 2));
                    }
                    List<String> looked = tuples.get(row.getInt(1));
                    return alike.getOrDefault(folded(looked), List.of()).stream()
                            .map(tuple -> new Match(tuple, own))
                            .toList();
                })
                .list()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** An expression for what belongs to the first tuple that a row's is equal to. */
    private String which(Link link, List<List<String>> tuples, String name, IntFunction<String> value) {
        boolean lower =
                link instanceof Link.Identified identified && identified.ignoringCase() && !folds(identified.column());
        return each(
                tuples.size(),
                row -> each(
                        link.columns().size(),
                        n -> {
                            Column column = link.columns().get(n);
                            String parameter = parameter(column, name, row, n);
                            return lower
                                    ? "%s = LOWER(%s)".formatted(lowerCase(column), parameter)
                                    : "%s = %s".formatted(column.sql(), parameter);
                        },
                        " AND ",
                        "WHEN ",
                        " THEN " + value.apply(row)),
                " ",
                "CASE ",
                " END");
    }

    private static List<String> folded(List<String> tuple) {
        return tuple.stream()
                .map(value -> value.stripTrailing().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public String text(Column column) {
        return isBytes(column) ? "LOWER(HEX(%s))".formatted(column.sql()) : "CAST(%s AS CHAR)".formatted(column.sql());
    }

    @Override
    public String reading(Column column) {
        return column.kind() == Kind.TEXT ? bytes(column.sql()) : text(column);
    }

    @Override
    public String as(Column column, String text) {
        return isBytes(column) ? "UNHEX(%s)".formatted(text) : text;
    }

    @Override
    public String differ(String one, String other) {
        return "NOT (%s <=> %s)".formatted(one, other);
    }

    @Override
    public String formless(String text, String parameter) {
        return text + " NOT REGEXP " + parameter;
    }

    @Override
    public String concat(List<String> texts) {
        return "CONCAT(" + String.join(", ", texts) + ")";
    }

    @Override
    public String hmac(String text) {
        return "SHA2(CONCAT(:outerPad, UNHEX(SHA2(CONCAT(:innerPad, CAST(CONVERT(%s USING utf8mb4) AS BINARY)), 256))), 256)"
                .formatted(text);
    }

    @Override
    public String uuid() {
        return "UUID()";
    }

    @Override
    public Fragment someRows(Fragment change, Table table, Fragment condition, int limit) {
        Fragment all = change.where(condition);
        return new Fragment(all.sql() + " LIMIT " + limit, all.binding());
    }

    @Override
    public String isDue(Column from) {
        return "%s <= :due".formatted(from.sql());
    }

    @Override
    public String createIndex(Table table, List<String> columns) {
        String all = String.join(", ", columns);
        return "CREATE INDEX \"%s\" ON %s (%s)"
                .formatted(
                        ("lethe " + table.label() + " " + CAUTION.matcher(all).replaceAll("")).replace('.', ' '),
                        table.sql(),
                        all);
    }

    @Override
    public String grant(String privileges, Table table, String role) {
        return "GRANT %s ON %s TO '%s'".formatted(privileges, table.sql(), role);
    }

    @Override
    public String lowerCase(Column column) {
        return folds(column) ? column.sql() : "LOWER(%s)".formatted(column.sql());
    }

    @Override
    public List<List<String>> noTuples(int columns) {
        return List.of(Collections.nCopies(columns, null));
    }

    @Override
    public OptionalDouble cost(Handle handle, Table table, Fragment condition) {
        Query query = handle.createQuery(
                "EXPLAIN FORMAT=JSON SELECT 1 FROM %s WHERE %s".formatted(table.sql(), condition.sql()));
        condition.binding().bind(query);
        Matcher cost = COST.matcher(query.mapTo(String.class).one());
        return cost.find() ? OptionalDouble.of(Double.parseDouble(cost.group(1))) : OptionalDouble.empty();
    }

    private static String each(int count, IntFunction<String> part, String separator) {
        return each(count, part, separator, "", "");
    }

    private static String each(int count, IntFunction<String> part, String separator, String begin, String end) {
        return IntStream.range(0, count).mapToObj(part).collect(joining(separator, begin, end));
    }
}
