package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Rows to be put into a database, each with the people whose row it is: what is known before any statement ran. */
final class Seed {
    private static final int BATCH = 1000;

    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final List<Object[]> updates = new ArrayList<>();

    /** A table to be filled after those named before. Names are taken as they are, a schema stands before a dot. */
    Table table(String name, String... columns) {
        var table = new Table(name, List.of(columns), new ArrayList<>());
        tables.put(name, table);
        return table;
    }

    /** A reference that can be made only when both rows are there. */
    void update(String statement, Object... values) {
        updates.add(Stream.concat(Stream.of(statement), Stream.of(values)).toArray());
    }

    void flush(Handle handle) throws SQLException {
        for (Table table : tables.values()) {
            execute(
                    handle.getConnection(),
                    table.insert(),
                    table.rows().stream().map(Row::values).toList());
        }
        for (Object[] update : updates) {
            handle.execute((String) update[0], Stream.of(update).skip(1).toArray());
        }
    }

    private static void execute(Connection connection, String statement, List<List<Object>> rows) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (int row = 0; row < rows.size(); row++) {
                for (int column = 0; column < rows.get(row).size(); column++) {
                    Object value = rows.get(row).get(column);
                    prepared.setString(column + 1, value == null ? null : value.toString());
                }
                prepared.addBatch();
                if (row % BATCH == BATCH - 1 || row == rows.size() - 1) {
                    prepared.executeBatch();
                }
            }
        }
    }

    Set<String> tables() {
        return tables.keySet();
    }

    /** How many rows of a table belong to none of these people. */
    long rowsWithout(String table, Set<Person> people) {
        return tables.get(table).rows().stream()
                .filter(row -> row.owners().stream().noneMatch(people::contains))
                .count();
    }

    private record Row(Set<Person> owners, List<Object> values) {}

    record Table(String name, List<String> columns, List<Row> rows) {
        void row(Collection<Person> owners, Object... values) {
            if (values.length != columns.size()) {
                throw new IllegalArgumentException(name + " has " + columns.size() + " columns");
            }
            rows.add(new Row(new HashSet<>(owners), Stream.of(values).toList()));
        }

        /** A row that is nobody's. */
        void nobodys(Object... values) {
            row(Set.of(), values);
        }

        void of(Person owner, Object... values) {
            row(Set.of(owner), values);
        }

        private String insert() {
            return "INSERT INTO %s (%s) VALUES (%s)"
                    .formatted(
                            Stream.of(name.split("\\.")).map(Table::quoted).collect(joining(".")),
                            columns.stream().map(Table::quoted).collect(joining(", ")),
                            columns.stream().map(column -> "?").collect(joining(", ")));
        }

        private static String quoted(String name) {
            return '"' + name + '"';
        }
    }
}
