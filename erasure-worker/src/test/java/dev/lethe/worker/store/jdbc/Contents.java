package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Everything in some schemas: the rows of every table as text, sorted. What an erasure makes up, hashes and uuids, and
 * the time at which a trigger noticed, are shown by their form; nothing that is seeded has such a form in such a column.
 */
record Contents(Map<String, List<String>> rows) {
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern RECENT = Pattern.compile("20(2[5-9]|[3-9].)-.*");

    static Contents of(Handle handle, List<String> schemas) throws SQLException {
        var rows = new TreeMap<String, List<String>>();
        for (String schema : schemas) {
            for (String table : tables(handle, schema)) {
                rows.put(schema + "." + table, rows(handle, '"' + schema + "\".\"" + table + '"'));
            }
        }
        return new Contents(rows);
    }

    private static List<String> tables(Handle handle, String schema) {
        return handle.createQuery("SELECT table_name FROM information_schema.tables"
                        + " WHERE table_schema = :schema AND table_type = 'BASE TABLE'")
                .bind("schema", schema)
                .mapTo(String.class)
                .list();
    }

    private static List<String> rows(Handle handle, String table) throws SQLException {
        try (var statement = handle.getConnection().createStatement();
                ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
            var rows = new ArrayList<String>();
            while (found.next()) {
                rows.add(text(found));
            }
            rows.sort(null);
            return rows;
        }
    }

    private static String text(ResultSet row) throws SQLException {
        ResultSetMetaData columns = row.getMetaData();
        var values = new ArrayList<String>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            String name = columns.getColumnLabel(column);
            values.add(name + "=" + shown(name, row.getString(column)));
        }
        return String.join(", ", values);
    }

    private static String shown(String column, String value) {
        if (value == null) {
            return "NULL";
        }
        return switch (column) {
            case "ip" -> HASH.matcher(value).matches() ? "{hash}" : value;
            case "token" -> UUID.matcher(value).matches() ? "{uuid}" : value;
            case "at", "updated_at" -> RECENT.matcher(value).matches() ? "{now}" : value;
            default -> value;
        };
    }

    List<String> of(String table) {
        return rows.get(table);
    }

    Stream<String> all() {
        return rows.entrySet().stream()
                .flatMap(table -> table.getValue().stream().map(row -> table.getKey() + ": " + row));
    }

    @Override
    public String toString() {
        return all().collect(joining("\n"));
    }
}
