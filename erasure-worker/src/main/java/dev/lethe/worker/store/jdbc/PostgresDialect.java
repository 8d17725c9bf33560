package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import com.zaxxer.hikari.HikariConfig;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * PostgreSQL, 12 or later. Tuples are bound as one array for each column, so a statement's text is always the same. Where an
 * index finds rows by the column, it is asked for all values of the array in one go; elsewhere tuples are joined rather than
 * compared with one after the other, so that it is fast however many there are.
 */
final class PostgresDialect implements Dialect {
    static final String PREFIX = "jdbc:postgresql:";

    private static final Pattern TOTAL_COST = Pattern.compile("\"Total Cost\": ([0-9.]+)");

    @Override
    public void configure(HikariConfig pool, JdbcStoreConfig config) {
        pool.setConnectionInitSql(session(config));
        pool.addDataSourceProperty("ApplicationName", "lethe");
        pool.addDataSourceProperty("connectTimeout", JdbcStoreConfig.seconds(config.connectTimeout()));
        pool.addDataSourceProperty("socketTimeout", JdbcStoreConfig.seconds(config.socketTimeout()));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        pool.addDataSourceProperty("prepareThreshold", "1");
    }

    /**
     * Run once on every connection. Row-level security must fail a statement, not hide rows from it. A plan that knows the
     * batch reads whole tables as soon as that looks cheaper, and what a batch costs would depend on everybody else's rows.
     */
    private static String session(JdbcStoreConfig config) {
        return """
                SET statement_timeout = %1$d;
                SET lock_timeout = %2$d;
                SET idle_in_transaction_session_timeout = %1$d;
                SET default_transaction_isolation = 'read committed';
                SET row_security = off;
                SET plan_cache_mode = force_generic_plan;
                SET timezone = 'UTC';
                SET search_path = "%3$s", public
                """.formatted(
                        config.statementTimeout().toMillis(),
                        config.lockTimeout().toMillis(),
                        config.schema().orElse("public").replace("\"", "\"\""));
    }

    @Override
    public Catalogue catalogue(Handle handle, JdbcStoreConfig config) {
        return PostgresCatalogue.read(handle, config.schema().orElse("public"));
    }

    @Override
    public int mostTuples() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean returnsDeleted() {
        return true;
    }

    @Override
    public boolean comparesBytes(Column column) {
        return false;
    }

    @Override
    public boolean checksKeysAfterStatement() {
        return true;
    }

    @Override
    public Fragment among(Link link, List<List<String>> tuples, String name) {
        if (link instanceof Link.Identified identified && lowers(identified)) {
            return new Fragment(
                    "lower(%s) IN (SELECT lower(lethe_v0) FROM unnest(CAST(:%s0 AS text[])) AS lethe(lethe_v0))"
                            .formatted(identified.column().sql(), name),
                    arrays(tuples, 1, name));
        }
        return among(link.columns(), looked(link), tuples, name);
    }

    /** Whether an index on the column itself is of no use. */
    private static boolean lowers(Link.Identified identified) {
        return identified.ignoringCase() && !folds(identified.column());
    }

    @Override
    public Fragment among(List<Column> columns, List<List<String>> tuples, String name) {
        return among(columns, columns, tuples, name);
    }

    private static Fragment among(List<Column> columns, List<Column> as, List<List<String>> tuples, String name) {
        if (columns.size() == 1 && columns.getFirst().indexed()) {
            return new Fragment(
                    "%s %s ANY (%s)"
                            .formatted(
                                    columns.getFirst().sql(),
                                    equality(columns.getFirst(), as.getFirst()),
                                    array(as.getFirst(), name, 0)),
                    arrays(tuples, 1, name));
        }
        String own = columns.stream().map(Column::sql).collect(joining(", "));
        String looked = each(as.size(), n -> "lethe_v" + n);
        return new Fragment(
                "(%s) IN (SELECT %s FROM unnest(%s) AS lethe(%s))"
                        .formatted(
                                own,
                                looked,
                                each(as.size(), n -> array(as.get(n), name, n)),
                                each(as.size(), n -> "lethe_v" + n)),
                arrays(tuples, columns.size(), name));
    }

    /** Types that differ are of one family, or there would be no key. */
    private static String equality(Column own, Column other) {
        return own.type().equals(other.type()) ? own.equality() : "OPERATOR(pg_catalog.=)";
    }

    private static String array(Column column, String name, int n) {
        return "CAST(:%s%d AS %s[])".formatted(name, n, column.type());
    }

    private static Binding arrays(List<List<String>> tuples, int columns, String name) {
        return statement -> {
            for (int n = 0; n < columns; n++) {
                int column = n;
                statement.bindArray(
                        name + n,
                        String.class,
                        tuples.stream().map(tuple -> tuple.get(column)).toList());
            }
        };
    }

    /** Whether the column's own comparison ignores case. */
    private static boolean folds(Column column) {
        return column.type().endsWith("citext");
    }

    @Override
    public Fragment keyOf(Link link, List<List<String>> tuples, List<String> keys, String name) {
        var sql = "(SELECT lethe_key FROM unnest(%s, CAST(:%sKeys AS text[])) AS lethe(%s, lethe_key) WHERE %s LIMIT 1)"
                .formatted(
                        each(looked(link).size(), n -> array(looked(link).get(n), name, n)),
                        name,
                        each(looked(link).size(), n -> "lethe_v" + n),
                        joined(link, "", "lethe."));
        return new Fragment(sql, statement -> {
            arrays(tuples, link.columns().size(), name).bind(statement);
            statement.bindArray(name + "Keys", String.class, keys);
        });
    }

    @Override
    public List<Match> matches(Handle handle, Table table, Link link, List<List<String>> tuples) {
        List<Column> looked = looked(link);
        var query = handle.createQuery(
                "SELECT DISTINCT lethe.n, %s FROM unnest(%s) WITH ORDINALITY AS lethe(%s, n) JOIN %s AS t ON %s"
                        .formatted(
                                link.columns().stream()
                                        .map(column -> "CAST(t.%s AS text)".formatted(column.sql()))
                                        .collect(joining(", ")),
                                each(looked.size(), n -> array(looked.get(n), "looked", n)),
                                each(looked.size(), n -> "lethe_v" + n),
                                table.sql(),
                                joined(link, "t.", "lethe.")));
        arrays(tuples, looked.size(), "looked").bind(query);
        return query.map((row, context) -> {
                    var own = new ArrayList<String>();
                    for (int n = 0; n < looked.size(); n++) {
                        own.add(row.getString(n + 2));
                    }
                    return new Match(tuples.get((int) row.getLong(1) - 1), own);
                })
                .list();
    }

    /** The columns whose types the tuples have that a link is looked up by. */
    private static List<Column> looked(Link link) {
        return link instanceof Link.Referring referring ? referring.key().referenced() : link.columns();
    }

    private static String joined(Link link, String own, String other) {
        if (link instanceof Link.Identified identified && lowers(identified)) {
            return "lower(%s%s) = lower(%slethe_v0)"
                    .formatted(own, identified.column().sql(), other);
        }
        return IntStream.range(0, link.columns().size())
                .mapToObj(n -> "%s%s %s %slethe_v%d"
                        .formatted(
                                own,
                                link.columns().get(n).sql(),
                                equality(link.columns().get(n), looked(link).get(n)),
                                other,
                                n))
                .collect(joining(" AND "));
    }

    @Override
    public String text(Column column) {
        return "CAST(%s AS text)".formatted(column.sql());
    }

    @Override
    public String reading(Column column) {
        return text(column);
    }

    @Override
    public String as(Column column, String text) {
        return "CAST(%s AS %s)".formatted(text, column.type());
    }

    @Override
    public String differ(String one, String other) {
        return one + " IS DISTINCT FROM " + other;
    }

    @Override
    public String formless(String text, String parameter) {
        return text + " !~ " + parameter;
    }

    @Override
    public String concat(List<String> texts) {
        return texts.stream().map("CAST(%s AS text)"::formatted).collect(joining(" || "));
    }

    @Override
    public String hmac(String text) {
        return "encode(sha256(CAST(:outerPad AS bytea) || sha256(CAST(:innerPad AS bytea) || convert_to(%s, 'UTF8'))), 'hex')"
                .formatted(text);
    }

    @Override
    public String uuid() {
        return "gen_random_uuid()";
    }

    @Override
    public Fragment someRows(Fragment change, Table table, Fragment condition, int limit) {
        return change.where(new Fragment(
                "ctid = ANY (ARRAY(SELECT ctid FROM %s WHERE %s LIMIT %d)) AND %s"
                        .formatted(table.sql(), condition.sql(), limit, condition.sql()),
                condition.binding()));
    }

    @Override
    public String isDue(Column from) {
        return "%s <= CAST(:due AS %s)".formatted(from.sql(), from.type());
    }

    @Override
    public String createIndex(Table table, List<String> columns) {
        return "CREATE INDEX CONCURRENTLY ON %s (%s)".formatted(table.sql(), String.join(", ", columns));
    }

    @Override
    public String grant(String privileges, Table table, String role) {
        return "GRANT %s ON %s TO \"%s\"".formatted(privileges, table.sql(), role);
    }

    @Override
    public String lowerCase(Column column) {
        return folds(column) ? column.sql() : "lower(%s)".formatted(column.sql());
    }

    @Override
    public List<List<String>> noTuples(int columns) {
        return List.of();
    }

    @Override
    public OptionalDouble cost(Handle handle, Table table, Fragment condition) {
        Query query = handle.createQuery(
                "EXPLAIN (FORMAT JSON) SELECT 1 FROM %s WHERE %s".formatted(table.sql(), condition.sql()));
        condition.binding().bind(query);
        Matcher cost = TOTAL_COST.matcher(query.mapTo(String.class).one());
        return cost.find() ? OptionalDouble.of(Double.parseDouble(cost.group(1))) : OptionalDouble.empty();
    }

    private static String each(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(joining(", "));
    }
}
