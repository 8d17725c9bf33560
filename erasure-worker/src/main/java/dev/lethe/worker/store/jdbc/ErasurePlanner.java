package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Suggestion;
import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Relation;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.DataMap.Rule;
import dev.lethe.worker.store.jdbc.ErasurePlan.Assignment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Component;
import dev.lethe.worker.store.jdbc.ErasurePlan.Kept;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Draws up an {@link ErasurePlan} from the map and the catalogue. */
final class ErasurePlanner {
    private static final Rule REACHED =
            new Rule(List.of(), Action.DELETE, Map.of(), Optional.empty(), Optional.empty(), Set.of());

    private final JdbcStoreConfig config;
    private final Catalogue catalogue;
    private final Dialect dialect;
    private final Map<Table, Rule> rules = new LinkedHashMap<>();
    private final Map<Table, List<ForeignKey>> followed = new LinkedHashMap<>();
    private final Map<Table, List<ForeignKey>> detached = new LinkedHashMap<>();
    private final Set<String> obstacles = new LinkedHashSet<>();

    private ErasurePlanner(JdbcStoreConfig config, Catalogue catalogue, Dialect dialect) {
        this.config = config;
        this.catalogue = catalogue;
        this.dialect = dialect;
    }

    static ErasurePlan plan(JdbcStoreConfig config, Catalogue catalogue, Dialect dialect) {
        return new ErasurePlanner(config, catalogue, dialect).plan();
    }

    private ErasurePlan plan() {
        config.map().tables().forEach(this::map);
        descend();
        Map<Table, Target> targets = new LinkedHashMap<>();
        rules.forEach((table, rule) -> targets.put(table, target(table, rule)));
        var order = new ErasureOrder(targets, followed, dialect, obstacles);
        List<Component> components = order.components();
        var review = new MapReview(config, catalogue, dialect, targets, followed);
        obstacles.addAll(review.obstacles());
        return new ErasurePlan(
                config.map().statements(),
                obstacles.isEmpty() ? components : List.of(),
                List.copyOf(obstacles),
                review.warnings(),
                review.scans());
    }

    private void map(String name, Rule rule) {
        Optional<Table> table = catalogue.table(name);
        if (table.isEmpty()) {
            List<String> known = catalogue.tables().stream().map(Table::label).toList();
            obstacles.add("there is no table \"" + name + "\""
                    + (name.contains(".") ? "" : " in schema \"" + catalogue.schema() + "\"")
                    + Suggestion.nearest(name, known));
        } else if (table.get().relation() != Relation.TABLE) {
            obstacles.add("\"%s\" is a %s: map the table whose rows it shows"
                    .formatted(
                            name,
                            table.get()
                                    .relation()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', ' ')));
        } else {
            rules.put(table.get(), rule);
        }
    }

    /** Follows the foreign keys down from every table whose rows go. */
    private void descend() {
        Deque<Table> open = new ArrayDeque<>(rules.keySet());
        while (!open.isEmpty()) {
            Table parent = open.pop();
            if (rule(parent).action() != Action.DELETE) {
                continue;
            }
            for (ForeignKey key : catalogue.foreignKeys()) {
                if (!key.parent().equals(parent)) {
                    continue;
                }
                if (key.isOutlived() || isDetached(key)) {
                    detached.computeIfAbsent(parent, any -> new ArrayList<>()).add(key);
                } else {
                    followed.computeIfAbsent(parent, any -> new ArrayList<>()).add(key);
                    if (!rules.containsKey(key.child())) {
                        rules.put(key.child(), REACHED);
                        open.add(key.child());
                    }
                }
            }
        }
    }

    private Rule rule(Table table) {
        return rules.getOrDefault(table, REACHED);
    }

    private boolean isDetached(ForeignKey key) {
        return key.columns().stream()
                .anyMatch(column -> rule(key.child()).detached().contains(column.name()));
    }

    private Target target(Table table, Rule rule) {
        var links = new ArrayList<Link>();
        rule.subject()
                .forEach(subject -> column(table, subject.column())
                        .ifPresent(column -> links.add(new Link.Identified(
                                table,
                                column,
                                subject.identifier(),
                                subject.ignoringCase(),
                                !subject.ignoringCase() && (column.exact() || dialect.comparesBytes(column))))));
        followed.values().stream()
                .flatMap(List::stream)
                .filter(key -> key.child().equals(table))
                .forEach(key -> links.add(new Link.Referring(key)));
        var set = new ArrayList<Assignment>();
        rule.set()
                .forEach((name, value) ->
                        column(table, name).ifPresent(column -> set.add(new Assignment(column, value))));
        return new Target(
                table,
                rule.action(),
                set,
                rule.retention()
                        .flatMap(retention -> column(table, retention.from()).map(from -> new Kept(retention, from))),
                rule.where(),
                links,
                detached.getOrDefault(table, List.of()),
                handles(table));
    }

    private Optional<Column> column(Table table, String name) {
        Column column = table.columns().get(name);
        if (column == null) {
            obstacles.add("table \"" + table + "\" has no column \"" + name + "\""
                    + Suggestion.nearest(name, table.columns().keySet()));
        }
        return Optional.ofNullable(column);
    }

    /** What others refer to rows of a table by; what tells a row from all others comes first. */
    private List<List<Column>> handles(Table table) {
        var referenced = new LinkedHashSet<List<Column>>();
        followed.getOrDefault(table, List.of()).forEach(key -> referenced.add(key.referenced()));
        detached.getOrDefault(table, List.of()).forEach(key -> referenced.add(key.referenced()));
        if (referenced.isEmpty()) {
            return List.of();
        }
        Optional<List<Column>> telling = table.primaryKey()
                .map(Catalogue.UniqueKey::columns)
                .or(() -> referenced.stream()
                        .filter(columns ->
                                table.isUniqueBy(columns) && columns.stream().noneMatch(Column::nullable))
                        .findFirst());
        if (telling.isEmpty()) {
            obstacles.add(
                    "rows of %s can't be told apart, and others refer to them: give it a primary key".formatted(table));
            return List.of();
        }
        var handles = new ArrayList<List<Column>>();
        handles.add(telling.get());
        referenced.stream().filter(columns -> !columns.equals(telling.get())).forEach(handles::add);
        return handles;
    }
}
