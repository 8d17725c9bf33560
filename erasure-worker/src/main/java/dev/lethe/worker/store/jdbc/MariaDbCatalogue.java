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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.RowView;

/**
 * Reads the catalogue of MariaDB and MySQL (information_schema). It shows only tables on which the role has a privilege, and
 * not which: that a statement is allowed shows when the plan has the database explain it.
 */
final class MariaDbCatalogue {
    private static final String SYSTEM = "('mysql', 'sys', 'information_schema', 'performance_schema')";

    private static final String COLUMNS = """
            SELECT t.TABLE_SCHEMA AS own_schema, t.TABLE_NAME AS own_name, t.TABLE_TYPE AS relation,
              t.TABLE_ROWS AS own_rows, c.COLUMN_NAME AS name, c.DATA_TYPE AS type, c.COLUMN_TYPE AS full_type,
              c.COLLATION_NAME AS collation, c.IS_NULLABLE = 'YES' AS nullable,
              coalesce(c.GENERATION_EXPRESSION, '') <> '' AS generated, c.CHARACTER_MAXIMUM_LENGTH AS length,
              EXISTS (SELECT 1 FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = c.TABLE_SCHEMA
                AND s.TABLE_NAME = c.TABLE_NAME AND s.COLUMN_NAME = c.COLUMN_NAME AND s.SEQ_IN_INDEX = 1) AS indexed
            FROM information_schema.TABLES t
            JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
            WHERE t.TABLE_SCHEMA NOT IN %s
            ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME, c.ORDINAL_POSITION
            """.formatted(SYSTEM);

    private static final String UNIQUE_KEYS = """
            SELECT TABLE_SCHEMA AS own_schema, TABLE_NAME AS own_name, INDEX_NAME AS key_name, COLUMN_NAME AS name
            FROM information_schema.STATISTICS
            WHERE NON_UNIQUE = 0 AND TABLE_SCHEMA NOT IN %s
            ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX
            """.formatted(SYSTEM);

    private static final String FOREIGN_KEYS = """
            SELECT k.CONSTRAINT_SCHEMA AS key_schema, k.CONSTRAINT_NAME AS key_name, k.TABLE_SCHEMA AS own_schema,
              k.TABLE_NAME AS own_name, k.COLUMN_NAME AS name, k.REFERENCED_TABLE_SCHEMA AS other_schema,
              k.REFERENCED_TABLE_NAME AS other_name, k.REFERENCED_COLUMN_NAME AS other_column, r.DELETE_RULE AS on_delete
            FROM information_schema.KEY_COLUMN_USAGE k
            JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
              AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
            WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND k.TABLE_SCHEMA NOT IN %s
            ORDER BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
            """.formatted(SYSTEM);

    private MariaDbCatalogue() {}

    private record Name(String schema, String name) {
        static Name of(RowView row, String schema, String name) {
            return new Name(row.getColumn(schema, String.class), row.getColumn(name, String.class));
        }

        String sql() {
            return quoted(schema) + "." + quoted(name);
        }
    }

    private record Key(Name table, String name) {
        static Key of(RowView row) {
            return new Key(Name.of(row, "own_schema", "own_name"), row.getColumn("key_name", String.class));
        }
    }

    static Catalogue read(Handle handle, Optional<String> schema) {
        String own = schema.orElseGet(() -> handle.createQuery("SELECT coalesce(DATABASE(), '')")
                .mapTo(String.class)
                .one());
        Map<Name, Table> tables = handle.createQuery(COLUMNS).reduceRows(new LinkedHashMap<>(), (all, row) -> {
            Column column = column(row);
            Name name = Name.of(row, "own_schema", "own_name");
            all.computeIfAbsent(name, any -> table(row, name, own)).columns().put(column.name(), column);
            return all;
        });
        readUniqueKeys(handle, tables);
        return new Catalogue(own, List.copyOf(tables.values()), readForeignKeys(handle, tables));
    }

    private static void readUniqueKeys(Handle handle, Map<Name, Table> tables) {
        Map<Key, List<Column>> keys = handle.createQuery(UNIQUE_KEYS).reduceRows(new LinkedHashMap<>(), (all, row) -> {
            Table table = tables.get(Name.of(row, "own_schema", "own_name"));
            Column column = table == null ? null : table.columns().get(row.getColumn("name", String.class));
            if (column != null) {
                all.computeIfAbsent(Key.of(row), any -> new ArrayList<>()).add(column);
            }
            return all;
        });
        keys.forEach((key, columns) -> Optional.ofNullable(tables.get(key.table()))
                .ifPresent(table -> table.uniqueKeys()
                        .add(new UniqueKey(List.copyOf(columns), key.name().equals("PRIMARY"), true))));
    }

    private static List<ForeignKey> readForeignKeys(Handle handle, Map<Name, Table> tables) {
        Map<Key, ForeignKey> keys = handle.createQuery(FOREIGN_KEYS).reduceRows(new LinkedHashMap<>(), (all, row) -> {
            Table child = tables.get(Name.of(row, "own_schema", "own_name"));
            Table parent = tables.get(Name.of(row, "other_schema", "other_name"));
            if (child != null && parent != null) {
                ForeignKey key = all.computeIfAbsent(
                        Key.of(row),
                        name -> new ForeignKey(
                                quoted(row.getColumn("key_schema", String.class)) + "." + quoted(name.name()),
                                child,
                                new ArrayList<>(),
                                parent,
                                new ArrayList<>(),
                                onDelete(row.getColumn("on_delete", String.class)),
                                false));
                key.columns().add(child.columns().get(row.getColumn("name", String.class)));
                key.referenced().add(parent.columns().get(row.getColumn("other_column", String.class)));
            }
            return all;
        });
        return List.copyOf(keys.values());
    }

    private static Table table(RowView row, Name name, String own) {
        Long rows = row.getColumn("own_rows", Long.class);
        return new Table(
                name.schema().equals(own) ? name.name() : name.schema() + "." + name.name(),
                name.sql(),
                row.getColumn("relation", String.class).endsWith("VIEW") ? Relation.VIEW : Relation.TABLE,
                rows == null ? -1 : rows,
                Set.of(Privilege.values()),
                false);
    }

    private static Column column(RowView row) {
        String type = row.getColumn("type", String.class);
        String fullType = row.getColumn("full_type", String.class);
        String collation =
                Optional.ofNullable(row.getColumn("collation", String.class)).orElse("");
        Kind kind = switch (type) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> Kind.TEXT;
            case "uuid" -> Kind.UUID;
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal" -> Kind.NUMBER;
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                fullType.equals("binary(16)") ? Kind.UUID_BYTES : Kind.BYTES;
            case "date" -> Kind.DATE;
            case "datetime", "timestamp" -> Kind.TIMESTAMP;
            default -> Kind.OTHER;
        };
        // Which values a collation takes for equal is known of binary ones alone, and these may still ignore blanks.
        boolean exact = switch (kind) {
            case TEXT -> collation.endsWith("nopad_bin") || collation.endsWith("0900_bin");
            case NUMBER -> !type.equals("decimal");
            default -> !type.equals("float") && !type.equals("double");
        };
        Long length = row.getColumn("length", Long.class);
        return new Column(
                row.getColumn("name", String.class),
                quoted(row.getColumn("name", String.class)),
                type,
                kind,
                "=",
                collation,
                exact,
                row.getColumn("nullable", Boolean.class),
                row.getColumn("generated", Boolean.class),
                kind == Kind.TEXT && length != null && length <= Integer.MAX_VALUE
                        ? OptionalInt.of(length.intValue())
                        : OptionalInt.empty(),
                row.getColumn("indexed", Boolean.class),
                false);
    }

    private static OnDelete onDelete(String rule) {
        return switch (rule) {
            case "CASCADE" -> OnDelete.CASCADE;
            case "SET NULL" -> OnDelete.SET_NULL;
            case "SET DEFAULT" -> OnDelete.SET_DEFAULT;
            default -> OnDelete.REFUSE;
        };
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
