package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A schema that nobody would draw: up to twelve tables with keys of one to three columns, foreign keys to tables before and
 * behind and to themselves, and a map for it that the coverage gate lets through.
 */
final class RandomSchema {
    /** What a key's rows meet when the row that they refer to goes. */
    enum OnDelete {
        NO_ACTION(""),
        CASCADE(" ON DELETE CASCADE"),
        SET_NULL(" ON DELETE SET NULL"),
        /** As {@link #NO_ACTION}, with the map's word that the key becomes NULL. */
        DETACH("");

        private final String clause;

        OnDelete(String clause) {
            this.clause = clause;
        }

        /** Whether rows go with the row that they refer to. */
        boolean takesRows() {
            return this == NO_ACTION || this == CASCADE;
        }
    }

    /** What the map says of a table. */
    enum Rule {
        NONE,
        DELETE,
        ANONYMIZE,
        RETAIN;

        /** Whether the subject's own rows go. */
        boolean deletes() {
            return this == DELETE;
        }
    }

    /**
     * A foreign key.
     *
     * @param nullable whether all its columns are; else none is, and it leads to a table before or is deferrable
     * @param deferrable whether it is checked at commit
     */
    record Key(Table parent, List<String> columns, boolean nullable, boolean deferrable, OnDelete onDelete) {}

    /**
     * A table; besides its keys' columns it has {@code owner}, the subject's id, {@code note}, any text, and {@code since}, a
     * date.
     */
    record Table(String name, List<String> primaryKey, Rule rule, List<Key> keys) {
        List<String> columns() {
            return Stream.of(
                            primaryKey.stream(),
                            keys.stream().flatMap(key -> key.columns().stream()),
                            Stream.of("owner", "note", "since"))
                    .flatMap(names -> names)
                    .distinct()
                    .toList();
        }

        @Override
        public String toString() {
            return name;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    private final boolean postgres;
    private final Random random;
    private final List<Table> tables = new ArrayList<>();

    RandomSchema(boolean postgres, Random random) {
        this.postgres = postgres;
        this.random = random;
        int count = 2 + random.nextInt(11);
        for (int number = 0; number < count; number++) {
            tables.add(table(number));
        }
        tables.forEach(this::keys);
    }

    List<Table> tables() {
        return tables;
    }

    /** The first is always mapped; some belong to a table before them and have its key within theirs. */
    private Table table(int number) {
        String name = "t" + number;
        List<Table> before = tables.stream()
                .filter(parent -> parent.primaryKey().size() < 3
                        && parent.rule() != Rule.ANONYMIZE
                        && parent.rule() != Rule.RETAIN)
                .toList();
        if (!before.isEmpty() && random.nextInt(4) == 0) {
            Table parent = before.get(random.nextInt(before.size()));
            List<String> inherited = parent.primaryKey().stream()
                    .map(column -> parent.name() + "_" + column)
                    .toList();
            var primaryKey = new ArrayList<>(inherited);
            primaryKey.add("seq");
            var keys = new ArrayList<Key>();
            OnDelete onDelete = random.nextBoolean() ? OnDelete.CASCADE : OnDelete.NO_ACTION;
            keys.add(new Key(parent, inherited, false, false, onDelete));
            return new Table(name, primaryKey, random.nextInt(4) == 0 ? Rule.DELETE : Rule.NONE, keys);
        }
        Rule rule = number == 0
                ? Rule.DELETE
                : switch (random.nextInt(8)) {
                    case 0, 1 -> Rule.DELETE;
                    case 2 -> Rule.ANONYMIZE;
                    case 3 -> Rule.RETAIN;
                    default -> Rule.NONE;
                };
        return new Table(name, random.nextInt(3) == 0 ? List.of("a", "b") : List.of("id"), rule, new ArrayList<>());
    }

    private void keys(Table child) {
        int count = random.nextInt(3) + (child.keys().isEmpty() ? 1 : 0);
        for (int number = 0; number < count; number++) {
            key(child, number);
        }
    }

    private void key(Table child, int number) {
        Table parent = tables.get(random.nextInt(tables.size()));
        boolean before = tables.indexOf(parent) < tables.indexOf(child);
        boolean stays = child.rule() == Rule.ANONYMIZE || child.rule() == Rule.RETAIN;
        List<String> columns = parent.primaryKey().stream()
                .map(column -> "k%d_%s".formatted(number, column))
                .toList();
        if (stays) {
            child.keys().add(new Key(parent, columns, true, false, OnDelete.SET_NULL));
        } else if (before && random.nextInt(3) == 0) {
            child.keys()
                    .add(new Key(
                            parent,
                            columns,
                            false,
                            false,
                            random.nextBoolean() ? OnDelete.CASCADE : OnDelete.NO_ACTION));
        } else if (postgres && random.nextInt(5) == 0) {
            child.keys().add(new Key(parent, columns, false, true, OnDelete.NO_ACTION));
        } else {
            child.keys().add(new Key(parent, columns, true, false, onDelete(child, columns)));
        }
    }

    private OnDelete onDelete(Table child, List<String> columns) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> OnDelete.SET_NULL;
            case 2 -> child.rule().deletes() && columns.size() == 1 ? OnDelete.DETACH : OnDelete.SET_NULL;
            case 3 -> OnDelete.CASCADE;
            default -> OnDelete.NO_ACTION;
        };
    }

    /** Tables whose rows go, for they are mapped so or refer to a row that goes. */
    Set<Table> reached() {
        var reached = new LinkedHashSet<Table>();
        tables.stream().filter(table -> table.rule().deletes()).forEach(reached::add);
        boolean more = true;
        while (more) {
            more = reached.addAll(tables.stream()
                    .filter(table -> table.keys().stream()
                            .anyMatch(key -> key.onDelete().takesRows() && reached.contains(key.parent())))
                    .toList());
        }
        return reached;
    }

    List<String> statements() {
        var statements = new ArrayList<String>();
        tables.forEach(table -> statements.add(create(table)));
        for (Table table : tables) {
            for (Key key : table.keys()) {
                statements.add("ALTER TABLE %s ADD FOREIGN KEY (%s) REFERENCES %s (%s)%s%s"
                        .formatted(
                                table,
                                String.join(", ", key.columns()),
                                key.parent(),
                                String.join(", ", key.parent().primaryKey()),
                                key.onDelete().clause,
                                key.deferrable() ? " DEFERRABLE INITIALLY DEFERRED" : ""));
            }
        }
        return statements;
    }

    private static String create(Table table) {
        return "CREATE TABLE %s (%s, PRIMARY KEY (%s))"
                .formatted(
                        table,
                        table.columns().stream()
                                .map(column -> column + " " + type(table, column))
                                .collect(joining(", ")),
                        String.join(", ", table.primaryKey()));
    }

    private static String type(Table table, String column) {
        return switch (column) {
            case "owner", "note" -> "varchar(40)";
            case "since" -> "date NOT NULL";
            default ->
                table.primaryKey().contains(column)
                                || table.keys().stream()
                                        .anyMatch(key ->
                                                !key.nullable() && key.columns().contains(column))
                        ? "int NOT NULL"
                        : "int";
        };
    }

    /** The configuration of a store, but for the connection. */
    String map(String schema) {
        Set<Table> reached = reached();
        List<Table> mapped =
                tables.stream().filter(table -> table.rule() != Rule.NONE).toList();
        String uncovered = tables.stream()
                .filter(table -> table.rule() == Rule.NONE && !reached.contains(table))
                .filter(table -> table.keys().stream()
                        .anyMatch(key -> reached.contains(key.parent()) || mapped.contains(key.parent())))
                .map(table -> "  %s: \"nobody's\"\n".formatted(table))
                .collect(joining());
        return "schema: %s\ntables:\n%s%s"
                .formatted(
                        schema,
                        mapped.stream().map(RandomSchema::entry).collect(joining()),
                        uncovered.isEmpty() ? "" : "uncovered:\n" + uncovered);
    }

    private static String entry(Table table) {
        String detach = table.keys().stream()
                .filter(key -> key.onDelete() == OnDelete.DETACH)
                .flatMap(key -> key.columns().stream())
                .collect(joining(", "));
        String set = ", action: anonymize, set: { owner: null, note: \"erased\" }";
        return "  %s: { subject: { owner: userId }%s%s }\n"
                .formatted(
                        table,
                        switch (table.rule()) {
                            case ANONYMIZE -> set;
                            case RETAIN -> set + ", retain: { basis: \"a law\", for: P10Y, from: since }";
                            default -> "";
                        },
                        detach.isEmpty() ? "" : ", detach: [" + detach + "]");
    }

    @Override
    public String toString() {
        return IntStream.range(0, tables.size())
                .mapToObj(number -> tables.get(number))
                .map(table -> "%s %s %s"
                        .formatted(
                                table,
                                table.rule(),
                                table.keys().stream()
                                        .map(key -> "%s → %s%s%s %s"
                                                .formatted(
                                                        key.columns(),
                                                        key.parent(),
                                                        key.nullable() ? "" : " NOT NULL",
                                                        key.deferrable() ? " DEFERRABLE" : "",
                                                        key.onDelete()))
                                        .toList()))
                .collect(joining("\n"));
    }
}
