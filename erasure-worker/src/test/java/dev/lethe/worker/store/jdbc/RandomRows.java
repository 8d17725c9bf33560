package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.worker.store.jdbc.RandomSchema.Key;
import dev.lethe.worker.store.jdbc.RandomSchema.Rule;
import dev.lethe.worker.store.jdbc.RandomSchema.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Rows of a random schema, in memory, where an erasure is a walk along references: what a database has to come to. */
final class RandomRows {
    private static final String EXPIRED = "2009-09-09";
    private static final String RECENT = "2024-04-04";

    private record Row(Table table, Map<String, Object> values) {
        boolean isOf(Set<String> people) {
            return values.get("owner") instanceof String owner && people.contains(owner);
        }

        /** The values of the key, or nothing if one of them is NULL: then it refers to no row. */
        List<Object> reference(List<String> columns) {
            List<Object> values =
                    columns.stream().map(column -> this.values.get(column)).toList();
            return values.contains(null) ? List.of() : values;
        }

        @Override
        public String toString() {
            return table.columns().stream()
                    .map(column -> column + "=" + values.get(column))
                    .collect(joining(", ", table + ": ", ""));
        }
    }

    private final Random random;
    private final List<Row> rows = new ArrayList<>();

    RandomRows(RandomSchema schema, List<String> people, Random random) {
        this.random = random;
        schema.tables().forEach(this::fill);
        for (Row row : rows) {
            row.values().put("owner", random.nextInt(3) > 0 ? null : people.get(random.nextInt(people.size())));
            row.values().put("note", "note " + random.nextInt(9));
            row.values().put("since", random.nextBoolean() ? EXPIRED : RECENT);
            row.table().keys().stream()
                    .filter(key -> !row.table().primaryKey().containsAll(key.columns()))
                    .forEach(key -> refer(row, key));
        }
    }

    private void fill(Table table) {
        int count = 1 + random.nextInt(15);
        for (int number = 1; number <= count; number++) {
            var values = new LinkedHashMap<String, Object>();
            List<String> primaryKey = table.primaryKey();
            // All but the last may well be the same as another row's.
            primaryKey.forEach(column -> values.put(column, random.nextInt(4)));
            table.keys().stream()
                    .filter(key -> primaryKey.containsAll(key.columns()))
                    .forEach(key -> put(values, key.columns(), any(key.parent())));
            values.put(primaryKey.getLast(), number);
            rows.add(new Row(table, values));
        }
    }

    private void refer(Row row, Key key) {
        put(row.values(), key.columns(), any(key.parent()));
        if (key.nullable() && random.nextInt(3) == 0) {
            key.columns().forEach(column -> row.values().put(column, null));
        } else if (key.nullable() && random.nextInt(9) == 0) {
            row.values().put(key.columns().getFirst(), null);
        }
    }

    private static void put(Map<String, Object> values, List<String> columns, Row parent) {
        for (int n = 0; n < columns.size(); n++) {
            values.put(
                    columns.get(n),
                    parent.values().get(parent.table().primaryKey().get(n)));
        }
    }

    private Row any(Table table) {
        List<Row> some = of(table);
        return some.get(random.nextInt(some.size()));
    }

    private List<Row> of(Table table) {
        return rows.stream().filter(row -> row.table() == table).toList();
    }

    /** Puts everything into the database, whose keys must not be checked meanwhile. */
    void flush(Handle handle) throws SQLException {
        for (Row row : rows) {
            List<String> columns = row.table().columns();
            String statement = "INSERT INTO %s (%s) VALUES (%s)"
                    .formatted(
                            row.table(),
                            String.join(", ", columns),
                            columns.stream().map(column -> "?").collect(joining(", ")));
            try (PreparedStatement prepared = handle.getConnection().prepareStatement(statement)) {
                for (int n = 0; n < columns.size(); n++) {
                    Object value = row.values().get(columns.get(n));
                    prepared.setString(n + 1, value == null ? null : value.toString());
                }
                prepared.execute();
            }
        }
    }

    /** All rows as text, sorted. */
    List<String> text() {
        return rows.stream().map(Row::toString).sorted().toList();
    }

    /** Rows with a reference that leads nowhere. */
    List<String> broken() {
        return rows.stream()
                .filter(row -> row.table().keys().stream()
                        .anyMatch(key -> !row.reference(key.columns()).isEmpty() && !refers(row, key, rows)))
                .map(Row::toString)
                .toList();
    }

    /** Rows with NULL in a key that must not be. */
    List<String> incomplete() {
        return rows.stream()
                .filter(row -> row.table().keys().stream()
                        .anyMatch(key ->
                                !key.nullable() && row.reference(key.columns()).isEmpty()))
                .map(Row::toString)
                .toList();
    }

    /** Rows of which the map says that they are a person's, and that are not kept by law. */
    List<String> ownedBy(Set<String> people) {
        return rows.stream()
                .filter(row -> row.isOf(people))
                .filter(row -> row.table().rule().deletes() || isAnonymized(row))
                .map(Row::toString)
                .toList();
    }

    /**
     * What an erasure counts of one subject.
     *
     * @param exactly items by action and target where there is but one right number
     * @param atLeast anonymized items: those of the rule, and those whose keys became NULL and that are still there
     * @param atMost the same, with an item counted for its rule and for each of its keys, even if it goes with somebody else
     */
    record Count(Map<String, Long> exactly, Map<String, Long> atLeast, Map<String, Long> atMost) {}

    /** Erases these subjects at once. */
    Map<String, Count> erase(Set<String> subjects) {
        Set<Row> gone = gone(subjects);
        var counts = new LinkedHashMap<String, Count>();
        subjects.forEach(subject -> counts.put(subject, count(subject, gone)));
        rows.removeIf(gone::contains);
        for (Row row : rows) {
            row.table().keys().stream()
                    .filter(key -> !key.onDelete().takesRows() && refers(row, key, gone))
                    .forEach(key -> key.columns().forEach(column -> row.values().put(column, null)));
            if (isAnonymized(row) && row.isOf(subjects)) {
                row.values().put("owner", null);
                row.values().put("note", "erased");
            }
        }
        return counts;
    }

    private Count count(String subject, Set<Row> goneByAll) {
        var exactly = new TreeMap<String, Long>();
        var atLeast = new TreeMap<String, Long>();
        var atMost = new TreeMap<String, Long>();
        Set<Row> gone = gone(Set.of(subject));
        gone.forEach(row -> exactly.merge("delete " + row.table(), 1L, Long::sum));
        for (Row row : rows) {
            boolean ruled = isAnonymized(row) && row.isOf(Set.of(subject));
            long keys = row.table().keys().stream()
                    .filter(key -> !key.onDelete().takesRows() && refers(row, key, gone))
                    .count();
            if (ruled || keys > 0) {
                long least = ruled || !goneByAll.contains(row) ? 1 : 0;
                atLeast.merge("anonymize " + row.table(), least, Long::sum);
                atMost.merge("anonymize " + row.table(), keys + (ruled ? 1 : 0), Long::sum);
            }
            if (row.table().rule() == Rule.RETAIN && !isAnonymized(row) && row.isOf(Set.of(subject))) {
                exactly.merge("retain " + row.table(), 1L, Long::sum);
            }
        }
        return new Count(exactly, atLeast, atMost);
    }

    private static boolean isAnonymized(Row row) {
        return row.table().rule() == Rule.ANONYMIZE
                || row.table().rule() == Rule.RETAIN
                        && row.values().get("since").equals(EXPIRED);
    }

    /** The subjects' own rows, and whatever refers to a row that goes by a key that takes it along. */
    private Set<Row> gone(Set<String> subjects) {
        Set<Row> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        rows.stream()
                .filter(row -> row.table().rule().deletes() && row.isOf(subjects))
                .forEach(gone::add);
        boolean more = true;
        while (more) {
            more = gone.addAll(rows.stream()
                    .filter(row -> row.table().keys().stream()
                            .anyMatch(key -> key.onDelete().takesRows() && refers(row, key, gone)))
                    .toList());
        }
        return gone;
    }

    private static boolean refers(Row row, Key key, Collection<Row> some) {
        List<Object> reference = row.reference(key.columns());
        return !reference.isEmpty()
                && some.stream()
                        .anyMatch(parent -> parent.table() == key.parent()
                                && parent.reference(key.parent().primaryKey()).equals(reference));
    }

    /** The rows of a database as {@link #text} shows them. */
    static List<String> text(Handle handle, RandomSchema schema) {
        return schema.tables().stream()
                .flatMap(table -> text(handle, table))
                .sorted()
                .toList();
    }

    private static Stream<String> text(Handle handle, Table table) {
        return handle
                .createQuery("SELECT %s FROM %s".formatted(String.join(", ", table.columns()), table))
                .map((row, context) -> {
                    var values = new ArrayList<String>();
                    for (String column : table.columns()) {
                        values.add(column + "=" + row.getString(column));
                    }
                    return values.stream().collect(joining(", ", table + ": ", ""));
                })
                .list()
                .stream();
    }
}
