package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Relation;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.DataMap.Rule;
import dev.lethe.worker.store.jdbc.DataMap.SubjectColumn;
import dev.lethe.worker.store.jdbc.ErasurePlan.Scan;
import dev.lethe.worker.store.jdbc.MapDraft.FoundTable;
import dev.lethe.worker.store.jdbc.MapDraft.Standing;
import dev.lethe.worker.store.jdbc.MapDraft.Start;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Follows the foreign keys from a table, as a plan would, and notes what people have to decide. */
final class MapDrafter {
    private final Catalogue catalogue;
    private final Dialect dialect;
    private final Table start;
    private final Start request;
    /** The keys by which a table was reached; the first of them first. */
    private final Map<Table, List<ForeignKey>> reached = new LinkedHashMap<>();

    private final Map<Table, Map<String, String>> personal = new LinkedHashMap<>();
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private final Map<String, String> uncovered = new LinkedHashMap<>();

    MapDrafter(Catalogue catalogue, Dialect dialect, Table start, Start request) {
        this.catalogue = catalogue;
        this.dialect = dialect;
        this.start = start;
        this.request = request;
        candidates().forEach(table -> personal.put(table, PersonalColumns.of(table)));
        descend();
    }

    private List<Table> candidates() {
        return catalogue.tables().stream()
                .filter(table -> table.relation() != Relation.VIEW && table.relation() != Relation.PARTITION)
                .toList();
    }

    /** Looks into the tables, too. */
    void sample(ContentSample sample) {
        personal.forEach((table, columns) -> sample.of(table)
                .forEach(
                        (column, found) -> columns.merge(column, found, (byName, content) -> byName + "; " + content)));
    }

    MapDraft draft(JdbcStoreConfig config) {
        var tables = new ArrayList<FoundTable>();
        reached.forEach((table, keys) -> tables.add(found(table, keys)));
        outliving().forEach((table, key) -> tables.add(outliving(table, key)));
        Set<String> known = Set.copyOf(tables.stream().map(FoundTable::table).toList());
        personal.forEach((table, columns) -> {
            if (!columns.isEmpty() && !known.contains(table.label())) {
                tables.add(outside(table));
            }
        });
        var map = new DataMap(rules, Map.of(), uncovered, Optional.empty());
        ErasurePlan plan = ErasurePlanner.plan(config.with(map), catalogue, dialect);
        String yaml = new MapYaml(
                        request,
                        tables,
                        map,
                        plan.obstacles(),
                        plan.scans().stream().map(Scan::remedy).toList())
                .text(silent(tables));
        return new MapDraft(tables, plan.obstacles(), yaml);
    }

    /** Tables that the draft says nothing about. */
    private List<String> silent(List<FoundTable> tables) {
        Set<String> found = tables.stream().map(FoundTable::table).collect(toSet());
        return candidates().stream()
                .map(Table::label)
                .filter(table -> !found.contains(table))
                .sorted()
                .toList();
    }

    private void descend() {
        Deque<Table> open = new ArrayDeque<>(List.of(start));
        reached.put(start, new ArrayList<>());
        while (!open.isEmpty()) {
            Table parent = open.pop();
            for (ForeignKey key : catalogue.foreignKeys()) {
                if (key.parent().equals(parent) && !key.isOutlived()) {
                    if (!reached.containsKey(key.child())) {
                        open.add(key.child());
                    }
                    reached.computeIfAbsent(key.child(), any -> new ArrayList<>())
                            .add(key);
                }
            }
        }
    }

    private FoundTable found(Table table, List<ForeignKey> keys) {
        var decisions = new ArrayList<String>();
        Set<String> detached = detach(table, keys, decisions);
        if (table.equals(start) || !detached.isEmpty()) {
            String column = table.equals(start)
                    ? request.column()
                    : whose(table).orElseThrow().name();
            rules.put(
                    table.label(),
                    new Rule(
                            List.of(new SubjectColumn(column, request.identifier(), false)),
                            Action.DELETE,
                            Map.of(),
                            Optional.empty(),
                            Optional.empty(),
                            detached));
        }
        if (!table.equals(start)) {
            decideOnSeveral(table, keys, decisions);
            Bookkeeping.of(table)
                    .ifPresent(book -> decisions.addAll(
                            book.decisions(whose(table), request.identifier(), keys, personal(table))));
        }
        String why = table.equals(start)
                ? "%s.%s = %s, where the map begins".formatted(table, request.column(), request.identifier())
                : path(table) + others(keys);
        return new FoundTable(
                table.label(),
                table.rows(),
                table.equals(start) ? Standing.START : Standing.REACHED,
                why,
                personal(table),
                decisions);
    }

    /** Rows of other people should stay where they merely refer to one of the person's. */
    private Set<String> detach(Table table, List<ForeignKey> keys, List<String> decisions) {
        for (ForeignKey key : keys) {
            if (!key.child().equals(key.parent())) {
                continue;
            }
            Optional<Column> loose = key.columns().stream()
                    .filter(column -> column.nullable() && !column.generated() && isOnlyIn(key, column))
                    .findFirst();
            boolean named = table.equals(start) || whose(table).isPresent();
            if (loose.isPresent() && named) {
                decisions.add(
                        "rows that refer to an erased one by %s stay, and lose the reference; without detach they go, too"
                                .formatted(key));
                return Set.of(loose.get().name());
            }
            decisions.add("rows that refer to an erased one by %s go, too, whosever they are%s"
                    .formatted(key, loose.isPresent() ? "" : ": it can't be null"));
        }
        return Set.of();
    }

    private boolean isOnlyIn(ForeignKey key, Column column) {
        return catalogue.foreignKeys().stream()
                .filter(other -> other.child().equals(key.child()) && !other.equals(key))
                .noneMatch(other -> other.columns().contains(column));
    }

    /** Whose a row is, where several of its columns name people. */
    private void decideOnSeveral(Table table, List<ForeignKey> keys, List<String> decisions) {
        List<ForeignKey> people =
                keys.stream().filter(key -> key.parent().equals(start)).toList();
        if (people.size() > 1 && !table.equals(start)) {
            decisions.add("a row goes with whoever it refers to by any of %s; detach the keys that don't make it theirs"
                    .formatted(people.stream().map(ForeignKey::toString).collect(joining(", "))));
        }
    }

    /** The column of a table that holds the identifier itself. */
    private Optional<Column> whose(Table table) {
        return reached.getOrDefault(table, List.of()).stream()
                .filter(key -> key.parent().equals(start)
                        && !key.child().equals(start)
                        && key.columns().size() == 1
                        && key.referenced().getFirst().name().equals(request.column()))
                .map(key -> key.columns().getFirst())
                .findFirst();
    }

    private String path(Table table) {
        if (table.equals(start)) {
            return "%s.%s = %s".formatted(table, request.column(), request.identifier());
        }
        ForeignKey key =
                Objects.requireNonNull(reached.get(table), "reached before").getFirst();
        return key + " → " + path(key.parent());
    }

    private static String others(List<ForeignKey> keys) {
        return keys.size() == 1
                ? ""
                : "; also by " + keys.stream().skip(1).map(ForeignKey::toString).collect(joining(", "));
    }

    private Map<Table, ForeignKey> outliving() {
        var outliving = new LinkedHashMap<Table, ForeignKey>();
        catalogue.foreignKeys().stream()
                .filter(key -> reached.containsKey(key.parent()) && !reached.containsKey(key.child()))
                .forEach(key -> outliving.putIfAbsent(key.child(), key));
        return outliving;
    }

    private FoundTable outliving(Table table, ForeignKey key) {
        String why = "%s refers to %s, and is set to %s when that row goes"
                .formatted(key, key.parent(), key.onDelete() == Catalogue.OnDelete.SET_NULL ? "null" : "its default");
        Map<String, String> columns = new LinkedHashMap<>(personal(table));
        key.columns().forEach(column -> columns.remove(column.name()));
        if (columns.isEmpty()) {
            uncovered.put(table.label(), "outlives %s: %s is taken away".formatted(key.parent(), key));
            return new FoundTable(table.label(), table.rows(), Standing.OUTLIVES, why, columns, List.of());
        }
        return new FoundTable(
                table.label(),
                table.rows(),
                Standing.OUTLIVES,
                why,
                columns,
                List.of(
                        "is a row the person's? Then map it; otherwise say under uncovered why it may stay:",
                        MapYaml.rule(table.label(), subject(table, columns).orElse("COLUMN: IDENTIFIER"), "")));
    }

    private FoundTable outside(Table table) {
        Map<String, String> columns = personal(table);
        var decisions = new ArrayList<String>();
        if (table.relation() != Relation.TABLE) {
            decisions.add("it is a copy of other tables' rows, and can't be mapped; see how and when it is refreshed");
        } else {
            Optional<String> subject = subject(table, columns);
            decisions.add(
                    subject.isPresent()
                            ? "map it, or say under uncovered why it may stay:"
                            : "no column seems to say whose a row is; map it by one, write a statement, or say under"
                                    + " uncovered why it may stay:");
            decisions.add(MapYaml.rule(
                    table.label(),
                    subject.orElse("COLUMN: IDENTIFIER"),
                    Bookkeeping.of(table).map(Bookkeeping::retention).orElse("")));
        }
        String referring = catalogue.foreignKeys().stream()
                .filter(key -> key.parent().equals(table) && reached.containsKey(key.child()))
                .map(ForeignKey::toString)
                .collect(joining(", "));
        return new FoundTable(
                table.label(),
                table.rows(),
                Standing.OUTSIDE,
                referring.isEmpty() ? "no foreign key leads there" : "it is referred to by " + referring,
                columns,
                decisions);
    }

    /** What seems to say whose a row is, as a rule says it. */
    private Optional<String> subject(Table table, Map<String, String> columns) {
        Column identity = Objects.requireNonNull(start.columns().get(request.column()), "looked up before");
        return columns.entrySet().stream()
                .flatMap(entry -> Optional.ofNullable(table.columns().get(entry.getKey()))
                        .flatMap(column -> identifier(column, entry.getValue(), identity))
                        .stream())
                .findFirst();
    }

    private Optional<String> identifier(Column column, String found, Column identity) {
        String name = MapYaml.quoted(column.name());
        if (found.startsWith(PersonalColumns.USER_ID) && column.type().equals(identity.type())) {
            return Optional.of(name + ": " + MapYaml.quoted(request.identifier()));
        }
        if (found.startsWith(PersonalColumns.E_MAIL) && column.kind() == Catalogue.Kind.TEXT) {
            return Optional.of(name + ": { identifier: email, compare: ignoring-case }");
        }
        return found.startsWith(PersonalColumns.LOGIN) ? Optional.of(name + ": username") : Optional.empty();
    }

    private Map<String, String> personal(Table table) {
        return personal.getOrDefault(table, Map.of());
    }
}
