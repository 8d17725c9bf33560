package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.OnDelete;
import dev.lethe.worker.store.jdbc.Catalogue.Privilege;
import dev.lethe.worker.store.jdbc.Catalogue.Relation;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.Catalogue.UniqueKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/** Reads PostgreSQL's catalogue (pg_catalog, as of version 12). */
final class PostgresCatalogue {
    private static final String COLUMNS = """
            WITH RECURSIVE base(type, based_on, modifier) AS (
              SELECT oid, oid, -1 FROM pg_type WHERE typtype <> 'd'
              UNION ALL
              SELECT d.oid, base.based_on, greatest(d.typtypmod, base.modifier)
              FROM pg_type d JOIN base ON d.typtype = 'd' AND d.typbasetype = base.type)
            SELECT c.oid AS "table",
              CASE WHEN n.nspname = :schema THEN c.relname ELSE format('%I.%I', n.nspname, c.relname) END AS label,
              format('%I.%I', n.nspname, c.relname) AS sql,
              CASE WHEN c.relispartition THEN 'PARTITION' ELSE CASE c.relkind WHEN 'v' THEN 'VIEW'
                WHEN 'm' THEN 'MATERIALIZED_VIEW' WHEN 'f' THEN 'FOREIGN_TABLE' ELSE 'TABLE' END END AS relation,
              CASE WHEN c.relkind = 'p' THEN -1 ELSE c.reltuples END AS rows,
              has_any_column_privilege(c.oid, 'SELECT') AS selectable,
              has_any_column_privilege(c.oid, 'UPDATE') AS updatable,
              has_table_privilege(c.oid, 'DELETE') AS deletable,
              c.relkind IN ('r', 'p') AND row_security_active(c.oid) AS filtered,
              a.attname AS name,
              quote_ident(a.attname) AS column_sql,
              format_type(t.oid, -1) AS type,
              t.typname AS type_name,
              format('OPERATOR(%I.=)', tn.nspname) AS equality,
              a.attcollation::text AS collation,
              coalesce(l.collisdeterministic, true) AS deterministic,
              NOT a.attnotnull AS nullable,
              a.attgenerated <> '' OR a.attidentity = 'a' AS generated,
              CASE WHEN t.typname IN ('varchar', 'bpchar') THEN greatest(a.atttypmod, base.modifier) - 4 END AS length,
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum
                AND i.indisvalid AND i.indpred IS NULL) AS indexed,
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = 0 AND i.indisvalid
                AND i.indpred IS NULL AND pg_get_indexdef(i.indexrelid, 1, true)
                  IN (format('lower(%I)', a.attname), format('lower(%I::text)', a.attname),
                      format('lower((%I)::text)', a.attname))) AS indexed_ignoring_case
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN base ON base.type = a.atttypid
            JOIN pg_type t ON t.oid = base.based_on
            JOIN pg_namespace tn ON tn.oid = t.typnamespace
            LEFT JOIN pg_collation l ON l.oid = a.attcollation
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            ORDER BY n.nspname, c.relname, a.attnum
            """;

    /** NULLS NOT DISTINCT came with version 15. */
    private static final String UNIQUE_KEYS = """
            SELECT i.indrelid AS "table", i.indisprimary AS primary,
              coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false) AS nulls_equal,
              array_agg(a.attname::text ORDER BY k.n) AS columns
            FROM pg_index i
            CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.n <= i.indnkeyatts
            GROUP BY i.indexrelid, i.indrelid, i.indisprimary, nulls_equal
            ORDER BY i.indisprimary DESC, i.indexrelid
            """;

    /** Of a partitioned table's keys the one that was declared; its copies for the partitions have a parent. */
    private static final String FOREIGN_KEYS = """
            SELECT format('%I.%I', kn.nspname, k.conname) AS name, k.conrelid AS child, k.confrelid AS parent,
              k.confdeltype AS on_delete, k.condeferrable AND k.confdeltype = 'a' AS deferrable,
              array_agg(child.attname::text ORDER BY pair.n) AS columns,
              array_agg(parent.attname::text ORDER BY pair.n) AS referenced
            FROM pg_constraint k
            JOIN pg_namespace kn ON kn.oid = k.connamespace
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY pair(child, parent, n)
            JOIN pg_attribute child ON child.attrelid = k.conrelid AND child.attnum = pair.child
            JOIN pg_attribute parent ON parent.attrelid = k.confrelid AND parent.attnum = pair.parent
            WHERE k.contype = 'f' AND k.conparentid = 0
            GROUP BY k.oid, kn.nspname
            ORDER BY k.conrelid::regclass::text, k.conname
            """;

    private PostgresCatalogue() {}

    static Catalogue read(Handle handle, String schema) {
        Map<Long, Table> tables = handle.createQuery(COLUMNS)
                .bind("schema", schema)
                .reduceRows(new LinkedHashMap<>(), (all, row) -> {
                    Column column = column(row);
                    all.computeIfAbsent(row.getColumn("table", Long.class), any -> table(row))
                            .columns()
                            .put(column.name(), column);
                    return all;
                });
        handle.createQuery(UNIQUE_KEYS).reduceRows(tables, (all, row) -> {
            Table table = all.get(row.getColumn("table", Long.class));
            if (table != null) {
                table.uniqueKeys()
                        .add(new UniqueKey(
                                columns(table, row.getColumn("columns", String[].class)),
                                row.getColumn("primary", Boolean.class),
                                !row.getColumn("nulls_equal", Boolean.class)));
            }
            return all;
        });
        List<ForeignKey> foreignKeys = handle.createQuery(FOREIGN_KEYS).reduceRows(new ArrayList<>(), (all, row) -> {
            Table child = tables.get(row.getColumn("child", Long.class));
            Table parent = tables.get(row.getColumn("parent", Long.class));
            if (child != null && parent != null) {
                all.add(new ForeignKey(
                        row.getColumn("name", String.class),
                        child,
                        columns(child, row.getColumn("columns", String[].class)),
                        parent,
                        columns(parent, row.getColumn("referenced", String[].class)),
                        onDelete(row.getColumn("on_delete", String.class)),
                        row.getColumn("deferrable", Boolean.class)));
            }
            return all;
        });
        return new Catalogue(schema, List.copyOf(tables.values()), foreignKeys);
    }

    private static Table table(RowView row) {
        Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
        if (row.getColumn("selectable", Boolean.class)) {
            privileges.add(Privilege.SELECT);
        }
        if (row.getColumn("updatable", Boolean.class)) {
            privileges.add(Privilege.UPDATE);
        }
        if (row.getColumn("deletable", Boolean.class)) {
            privileges.add(Privilege.DELETE);
        }
        return new Table(
                row.getColumn("label", String.class),
                row.getColumn("sql", String.class),
                Relation.valueOf(row.getColumn("relation", String.class)),
                row.getColumn("rows", Long.class),
                privileges,
                row.getColumn("filtered", Boolean.class));
    }

    private static Column column(RowView row) {
        String type = row.getColumn("type_name", String.class);
        Kind kind = switch (type) {
            case "text", "varchar", "bpchar", "citext" -> Kind.TEXT;
            case "uuid" -> Kind.UUID;
            case "int2", "int4", "int8", "numeric" -> Kind.NUMBER;
            case "bytea" -> Kind.BYTES;
            case "date" -> Kind.DATE;
            case "timestamp", "timestamptz" -> Kind.TIMESTAMP;
            default -> Kind.OTHER;
        };
        // Blanks at the end, case, digits behind the point: equal values of these need not read the same.
        boolean exact = row.getColumn("deterministic", Boolean.class)
                && switch (type) {
                    case "bpchar", "citext", "numeric", "float4", "float8", "interval" -> false;
                    default -> true;
                };
        Integer length = row.getColumn("length", Integer.class);
        return new Column(
                row.getColumn("name", String.class),
                row.getColumn("column_sql", String.class),
                row.getColumn("type", String.class),
                kind,
                row.getColumn("equality", String.class),
                row.getColumn("collation", String.class),
                exact,
                row.getColumn("nullable", Boolean.class),
                row.getColumn("generated", Boolean.class),
                length == null || length < 0 ? OptionalInt.empty() : OptionalInt.of(length),
                row.getColumn("indexed", Boolean.class),
                row.getColumn("indexed_ignoring_case", Boolean.class));
    }

    private static OnDelete onDelete(String code) {
        return switch (code) {
            case "c" -> OnDelete.CASCADE;
            case "n" -> OnDelete.SET_NULL;
            case "d" -> OnDelete.SET_DEFAULT;
            default -> OnDelete.REFUSE;
        };
    }

    private static List<Column> columns(Table table, String[] names) {
        return Stream.of(names).map(name -> table.columns().get(name)).toList();
    }
}
