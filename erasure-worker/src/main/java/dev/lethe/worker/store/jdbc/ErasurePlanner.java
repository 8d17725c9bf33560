package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Suggestion;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Route;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Draws up an {@link ErasurePlan} from the mapped tables and the catalogue. */
final class ErasurePlanner {
    private final JdbcStoreConfig config;
    private final Catalogue catalogue;
    private final Map<Table, Set<Route>> routes = new LinkedHashMap<>();
    private final Set<Table> childrenFirst = new LinkedHashSet<>();
    private final Set<String> obstacles = new LinkedHashSet<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private boolean cyclic;

    private ErasurePlanner(JdbcStoreConfig config, Catalogue catalogue) {
        this.config = config;
        this.catalogue = catalogue;
    }

    static ErasurePlan plan(JdbcStoreConfig config, Catalogue catalogue) {
        return new ErasurePlanner(config, catalogue).plan();
    }

    private ErasurePlan plan() {
        config.tables().forEach(this::map);
        List.copyOf(routes.keySet()).forEach(table -> descend(table, List.of()));
        List<Target> targets = cyclic ? List.of() : targets();
        targets.forEach(this::inspect);
        return new ErasurePlan(targets, List.copyOf(obstacles), List.copyOf(warnings));
    }

    private void map(String name, Map<String, String> subject) {
        Optional<Table> table = catalogue.table(name);
        if (table.isEmpty()) {
            List<String> known = catalogue.tables().stream()
                    .filter(Table::local)
                    .map(Table::label)
                    .toList();
            obstacles.add("there is no table \"" + name + "\" in schema \"" + config.schema() + "\""
                    + Suggestion.nearest(name, known));
            return;
        }
        Set<Route> own = routes.computeIfAbsent(table.get(), any -> new LinkedHashSet<>());
        subject.forEach((columnName, identifier) -> {
            Column column = table.get().columns().get(columnName);
            if (column == null) {
                obstacles.add("table \"" + name + "\" has no column \"" + columnName + "\""
                        + Suggestion.nearest(columnName, table.get().columns().keySet()));
            } else if (column.kind() == Kind.OTHER) {
                obstacles.add(
                        "%s.%s is of type %s, which does not tell every two identifiers apart; map text, uuid or numbers"
                                .formatted(name, columnName, column.type()));
            } else {
                own.add(new Route(table.get(), column, identifier));
            }
        });
    }

    /** Puts the table behind all tables that refer to it. The trail leads to it from a mapped table, downwards. */
    private void descend(Table table, List<ForeignKey> trail) {
        if (childrenFirst.contains(table)) {
            return;
        }
        for (ForeignKey key : keysTo(table)) {
            List<ForeignKey> longer =
                    Stream.concat(trail.stream(), Stream.of(key)).toList();
            if (trail.stream().anyMatch(earlier -> earlier.parent().equals(key.child()))
                    || key.child().equals(table)) {
                refuseCycle(longer);
            } else {
                descend(key.child(), longer);
            }
        }
        childrenFirst.add(table);
    }

    private void refuseCycle(List<ForeignKey> trail) {
        cyclic = true;
        Table closing = trail.getLast().child();
        String cycle = trail.stream()
                .dropWhile(key -> !key.parent().equals(closing))
                .map(ForeignKey::toString)
                .collect(Collectors.collectingAndThen(Collectors.toList(), List::reversed))
                .stream()
                .collect(Collectors.joining(" → "));
        obstacles.add("rows that refer to each other in a cycle can't be erased in order: " + cycle + " → " + closing
                + "; make one of these keys ON DELETE SET NULL");
    }

    private List<Target> targets() {
        List.copyOf(childrenFirst)
                .reversed()
                .forEach(parent -> keysTo(parent)
                        .forEach(key -> routes.computeIfAbsent(key.child(), any -> new LinkedHashSet<>())
                                .addAll(routes.getOrDefault(parent, Set.of()).stream()
                                        .map(route -> route.from(key))
                                        .toList())));
        return childrenFirst.stream()
                .map(table -> new Target(table, new ArrayList<>(routes.getOrDefault(table, Set.of()))))
                .toList();
    }

    private List<ForeignKey> keysTo(Table parent) {
        return catalogue.foreignKeys().stream()
                .filter(key -> key.parent().equals(parent) && !key.outlived())
                .toList();
    }

    private void inspect(Target target) {
        Table table = target.table();
        if (!table.deletable()) {
            obstacles.add("role \"%s\" may not erase from %s: GRANT SELECT, DELETE ON %s TO \"%s\""
                    .formatted(config.username(), table, table.sql(), config.username()));
        }
        if (table.filtered()) {
            obstacles.add("row-level security hides rows of %s from role \"%s\": give the role BYPASSRLS"
                    .formatted(table, config.username()));
        }
        for (Route route : target.routes()) {
            route.hops().forEach(hop -> warnOfScan(hop.child(), hop.columns()));
            warnOfScan(route.root(), List.of(route.column()));
        }
        catalogue.foreignKeys().stream()
                .filter(key -> key.parent().equals(table) && key.outlived() && !childrenFirst.contains(key.child()))
                .forEach(key -> warnings.add(
                        "rows of %s stay, for %s outlives %s (ON DELETE SET NULL or DEFAULT); map the table if they hold personal data"
                                .formatted(key.child(), key, table)));
    }

    private void warnOfScan(Table table, List<Column> columns) {
        if (columns.stream().noneMatch(Column::indexed)) {
            String names = columns.stream().map(Column::sql).collect(Collectors.joining(", "));
            warnings.add("every batch reads all of %s for want of an index: CREATE INDEX CONCURRENTLY ON %s (%s)"
                    .formatted(table, table.sql(), names));
        }
    }
}
