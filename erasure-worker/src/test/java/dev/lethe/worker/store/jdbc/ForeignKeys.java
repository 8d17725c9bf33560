package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.IntStream;

/** The foreign keys of a database, read by other means than the store's. */
final class ForeignKeys {
    private static final String POSTGRES = """
        SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', m.nspname, p.relname),
               (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY k.ord)
                FROM unnest(f.conkey) WITH ORDINALITY AS k(num, ord)
                JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num),
               (SELECT string_agg(quote_ident(a.attname), ',' ORDER BY k.ord)
                FROM unnest(f.confkey) WITH ORDINALITY AS k(num, ord)
                JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.num)
        FROM pg_constraint f
        JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace m ON m.oid = p.relnamespace
        WHERE f.contype = 'f' AND f.conparentid = 0 AND n.nspname IN (%s)
        """;
    private static final String MARIADB = """
        SELECT concat('"', table_schema, '"."', table_name, '"'),
               concat('"', min(referenced_table_schema), '"."', min(referenced_table_name), '"'),
               group_concat('"', column_name, '"' ORDER BY ordinal_position SEPARATOR ','),
               group_concat('"', referenced_column_name, '"' ORDER BY ordinal_position SEPARATOR ',')
        FROM information_schema.key_column_usage
        WHERE referenced_table_name IS NOT NULL AND table_schema IN (%s)
        GROUP BY table_schema, table_name, constraint_name
        """;

    private ForeignKeys() {}

    record ForeignKey(String child, String parent, List<String> columns, List<String> referenced) {
        /** Counts the rows whose key is whole and leads to no row. */
        String orphans() {
            return "SELECT count(*) FROM %s c WHERE %s AND NOT EXISTS (SELECT 1 FROM %s p WHERE %s)"
                    .formatted(
                            child,
                            columns.stream()
                                    .map(column -> "c." + column + " IS NOT NULL")
                                    .collect(joining(" AND ")),
                            parent,
                            IntStream.range(0, columns.size())
                                    .mapToObj(n -> "c." + columns.get(n) + " = p." + referenced.get(n))
                                    .collect(joining(" AND ")));
        }
    }

    static List<ForeignKey> of(SqlServer server, List<String> schemas) {
        String query = server.dialect().equals("postgresql") ? POSTGRES : MARIADB;
        String names = schemas.stream().map(schema -> "'" + schema + "'").collect(joining(", "));
        return server.admin()
                .withHandle(handle -> handle.createQuery(query.replace("%s", names))
                        .map((row, context) -> new ForeignKey(
                                row.getString(1),
                                row.getString(2),
                                List.of(row.getString(3).split(",")),
                                List.of(row.getString(4).split(","))))
                        .list());
    }
}
