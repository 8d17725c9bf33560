package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Route;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/**
 * The statements for PostgreSQL, 12 or later.
 *
 * <p>{@link #erase} and {@link #count} take, for the identifier at index i of the plan, two arrays of one length: {@code
 * :subjects<i>}, indexes into the batch, and {@code :values<i>}, what these subjects have as that identifier. They return a
 * row for every subject of which there is anything: its index and the number of rows of the table, each counted once.
 */
final class PostgresSql {
    private static final String COLUMNS = """
            WITH RECURSIVE base(type, based_on) AS (
              SELECT oid, oid FROM pg_type WHERE typtype <> 'd'
              UNION ALL
              SELECT d.oid, base.based_on FROM pg_type d JOIN base ON d.typtype = 'd' AND d.typbasetype = base.type)
            SELECT c.oid AS "table",
              CASE WHEN n.nspname = :schema THEN c.relname ELSE format('%I.%I', n.nspname, c.relname) END AS label,
              format('%I.%I', n.nspname, c.relname) AS sql,
              n.nspname = :schema AS local,
              has_table_privilege(c.oid, 'DELETE') AND has_any_column_privilege(c.oid, 'SELECT') AS deletable,
              row_security_active(c.oid) AS filtered,
              a.attname AS name,
              quote_ident(a.attname) AS column_sql,
              format_type(t.oid, -1) AS type,
              t.typname AS type_name,
              format('OPERATOR(%I.=)', tn.nspname) AS equality,
              a.attcollation::text AS collation,
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum
                AND i.indisvalid AND i.indpred IS NULL) AS indexed
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN base ON base.type = a.atttypid
            JOIN pg_type t ON t.oid = base.based_on
            JOIN pg_namespace tn ON tn.oid = t.typnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            ORDER BY n.nspname, c.relname, a.attnum
            """;

    /** Of a partitioned table's keys the one that was declared; its copies for the partitions have a parent. */
    private static final String FOREIGN_KEYS = """
            SELECT k.conrelid AS child, k.confrelid AS parent, k.confdeltype IN ('n', 'd') AS outlived,
              array_agg(child.attname::text ORDER BY pair.n) AS columns,
              array_agg(parent.attname::text ORDER BY pair.n) AS referenced,
              array_agg(format('OPERATOR(%I.%s)', opn.nspname, op.oprname) ORDER BY pair.n) AS operators
            FROM pg_constraint k
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY pair(child, parent, operator, n)
            JOIN pg_attribute child ON child.attrelid = k.conrelid AND child.attnum = pair.child
            JOIN pg_attribute parent ON parent.attrelid = k.confrelid AND parent.attnum = pair.parent
            JOIN pg_operator op ON op.oid = pair.operator
            JOIN pg_namespace opn ON opn.oid = op.oprnamespace
            WHERE k.contype = 'f' AND k.conparentid = 0
            GROUP BY k.oid
            ORDER BY k.conrelid::regclass::text, k.conname
            """;

    private PostgresSql() {}

    /**
     * Run once on every connection. Row-level security must fail a statement, not hide rows from it. A plan that knows the
     * batch reads whole tables as soon as that looks cheaper, and what a batch costs would depend on everybody else's rows.
     */
    static String session(JdbcStoreConfig config) {
        return """
                SET statement_timeout = %1$d;
                SET lock_timeout = %2$d;
                SET idle_in_transaction_session_timeout = %1$d;
                SET default_transaction_isolation = 'read committed';
                SET row_security = off;
                SET plan_cache_mode = force_generic_plan
                """.formatted(
                config.statementTimeout().toMillis(), config.lockTimeout().toMillis());
    }

    static Catalogue catalogue(Handle handle, String schema) {
        Map<Long, Table> tables = handle.createQuery(COLUMNS)
                .bind("schema", schema)
                .reduceRows(new LinkedHashMap<>(), (all, row) -> {
                    Column column = column(row);
                    all.computeIfAbsent(row.getColumn("table", Long.class), any -> table(row))
                            .columns()
                            .put(column.name(), column);
                    return all;
                });
        List<ForeignKey> foreignKeys = handle.createQuery(FOREIGN_KEYS).reduceRows(new ArrayList<>(), (all, row) -> {
            Table child = tables.get(row.getColumn("child", Long.class));
            Table parent = tables.get(row.getColumn("parent", Long.class));
            if (child != null && parent != null) {
                all.add(new ForeignKey(
                        child,
                        columns(child, row.getColumn("columns", String[].class)),
                        parent,
                        columns(parent, row.getColumn("referenced", String[].class)),
                        List.of(row.getColumn("operators", String[].class)),
                        row.getColumn("outlived", Boolean.class)));
            }
            return all;
        });
        return new Catalogue(List.copyOf(tables.values()), foreignKeys);
    }

    private static Table table(RowView row) {
        return new Table(
                row.getColumn("label", String.class),
                row.getColumn("sql", String.class),
                row.getColumn("local", Boolean.class),
                row.getColumn("deletable", Boolean.class),
                row.getColumn("filtered", Boolean.class),
                new LinkedHashMap<>());
    }

    private static Column column(RowView row) {
        Kind kind = switch (row.getColumn("type_name", String.class)) {
            case "text", "varchar", "bpchar", "citext" -> Kind.TEXT;
            case "uuid" -> Kind.UUID;
            case "int2", "int4", "int8", "numeric" -> Kind.NUMBER;
            default -> Kind.OTHER;
        };
        return new Column(
                row.getColumn("name", String.class),
                row.getColumn("column_sql", String.class),
                row.getColumn("type", String.class),
                kind,
                row.getColumn("equality", String.class),
                row.getColumn("collation", String.class),
                row.getColumn("indexed", Boolean.class));
    }

    private static List<Column> columns(Table table, String[] names) {
        return Stream.of(names).map(name -> table.columns().get(name)).toList();
    }

    static String erase(Target target, List<String> identifiers) {
        return target.routes().size() == 1
                ? eraseByOneRoute(target.routes().getFirst(), target, identifiers)
                : eraseBySeveralRoutes(target, identifiers);
    }

    private static String eraseByOneRoute(Route route, Target target, List<String> identifiers) {
        return """
                WITH subject AS (%s), gone AS (%s RETURNING %s AS v)
                SELECT subject.i, count(*) FROM gone JOIN subject ON subject.v %s gone.v GROUP BY subject.i
                """.formatted(
                        subjects(route, identifiers),
                        delete(route, target, identifiers),
                        mapped(route),
                        route.column().equality());
    }

    /**
     * Each route deletes what it leads to; a row that two of them lead to is gone, and returned, once. Whose it was is then
     * asked of all routes again: their parents are all there still, as a statement sees one state of the database.
     */
    private static String eraseBySeveralRoutes(Target target, List<String> identifiers) {
        List<Route> routes = target.routes();
        List<Column> links = routes.stream()
                .flatMap(route -> link(route).stream())
                .distinct()
                .toList();
        String returned = links.stream().map(column -> "t0." + column.sql()).collect(joining(", "));
        String row = nameUnlike(links);
        return """
                WITH %s, %s,
                gone AS (SELECT row_number() OVER () AS %s, g.* FROM (%s) AS g),
                hit AS (%s)
                SELECT i, count(*) FROM hit GROUP BY i
                """.formatted(
                        each(routes, n -> "subject%d AS (%s)".formatted(n, subjects(routes.get(n), identifiers)), ", "),
                        each(
                                routes,
                                n -> "gone%d AS (%s RETURNING %s)"
                                        .formatted(n, delete(routes.get(n), target, identifiers), returned),
                                ", "),
                        row,
                        each(routes, n -> "TABLE gone" + n, " UNION ALL "),
                        each(routes, n -> whose(row, n, routes.get(n)), " UNION "));
    }

    /** Columns of the route's first table that lead on. */
    private static List<Column> link(Route route) {
        return route.hops().isEmpty()
                ? List.of(route.column())
                : route.hops().getFirst().columns();
    }

    private static String nameUnlike(List<Column> columns) {
        return Stream.iterate("n", name -> name + "n")
                .filter(name ->
                        columns.stream().noneMatch(column -> column.name().equals(name)))
                .findFirst()
                .orElseThrow();
    }

    private static String whose(String row, int n, Route route) {
        var from = new StringBuilder("SELECT t0.%s, subject%d.i FROM gone t0".formatted(row, n));
        for (int hop = 0; hop < route.hops().size(); hop++) {
            from.append(" JOIN %s t%d ON %s"
                    .formatted(route.hops().get(hop).parent().sql(), hop + 1, joined(route, hop)));
        }
        return from.append(" JOIN subject%1$d ON subject%1$d.v %2$s %3$s"
                        .formatted(n, route.column().equality(), mapped(route)))
                .toString();
    }

    private static String subjects(Route route, List<String> identifiers) {
        return "SELECT DISTINCT i, CAST(v AS %s) AS v FROM unnest(:subjects%2$d, :values%2$d) AS u(i, v)"
                .formatted(route.column().type(), identifiers.indexOf(route.identifier()));
    }

    private static String delete(Route route, Target target, List<String> identifiers) {
        var conditions = new ArrayList<String>();
        var parents = new ArrayList<String>();
        for (int hop = 0; hop < route.hops().size(); hop++) {
            parents.add(route.hops().get(hop).parent().sql() + " t" + (hop + 1));
            conditions.add(joined(route, hop));
        }
        conditions.add("%s %s ANY (CAST(:values%d AS %s[]))"
                .formatted(
                        mapped(route),
                        route.column().equality(),
                        identifiers.indexOf(route.identifier()),
                        route.column().type()));
        return "DELETE FROM %s t0%s WHERE %s"
                .formatted(
                        target.table().sql(),
                        parents.isEmpty() ? "" : " USING " + String.join(", ", parents),
                        String.join(" AND ", conditions));
    }

    static String count(Target target, List<String> identifiers) {
        return "SELECT i, count(*) FROM (%s) AS held GROUP BY i"
                .formatted(target.routes().stream()
                        .map(route -> held(route, identifiers))
                        .collect(joining(" UNION ")));
    }

    private static String held(Route route, List<String> identifiers) {
        var from = new StringBuilder(
                "SELECT DISTINCT s.i, t0.tableoid, t0.ctid FROM unnest(:subjects%1$d, CAST(:values%1$d AS %2$s[])) AS s(i, v)"
                        .formatted(
                                identifiers.indexOf(route.identifier()),
                                route.column().type()));
        from.append(" JOIN %s t%d ON %s %s s.v"
                .formatted(
                        route.root().sql(),
                        route.hops().size(),
                        mapped(route),
                        route.column().equality()));
        for (int hop = route.hops().size() - 1; hop >= 0; hop--) {
            from.append(
                    " JOIN %s t%d ON %s".formatted(route.hops().get(hop).child().sql(), hop, joined(route, hop)));
        }
        return from.toString();
    }

    /** The condition of a hop between its child, {@code t<hop>}, and its parent, {@code t<hop + 1>}. */
    private static String joined(Route route, int hop) {
        ForeignKey key = route.hops().get(hop);
        return IntStream.range(0, key.columns().size())
                .mapToObj(n -> "t%d.%s %s t%d.%s"
                        .formatted(
                                hop + 1,
                                key.referenced().get(n).sql(),
                                key.operators().get(n),
                                hop,
                                key.columns().get(n).sql()))
                .collect(joining(" AND "));
    }

    private static String mapped(Route route) {
        return "t" + route.hops().size() + "." + route.column().sql();
    }

    private static String each(List<Route> routes, IntFunction<String> part, String separator) {
        return IntStream.range(0, routes.size()).mapToObj(part).collect(joining(separator));
    }
}
