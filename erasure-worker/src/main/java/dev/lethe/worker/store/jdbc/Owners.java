package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whose rows are whose, as far as that is known: which subjects have which identifiers, which rows of inner tables are
 * theirs, and so, of any row, which subjects it is of.
 */
final class Owners {
    private final Batch batch;
    private final Rows rows;
    private final Map<Handle, Map<List<String>, Set<Integer>>> found = new HashMap<>();
    private final Map<Link, Map<List<String>, Set<Integer>>> looked = new HashMap<>();
    private final Map<Link, Map<List<String>, Set<Integer>>> known = new HashMap<>();

    private record Handle(Table table, List<Column> columns) {}

    Owners(Batch batch, Rows rows) {
        this.batch = batch;
        this.rows = rows;
    }

    /** By which tuples rows are looked up through a link, and whose they are. */
    Map<List<String>, Set<Integer>> of(Link link) {
        return switch (link) {
            case Link.Identified identified -> batch.owners(identified);
            case Link.Referring referring ->
                of(referring.key().parent(), referring.key().referenced());
        };
    }

    /** Which rows of an inner table are known to be whose. */
    Map<List<String>, Set<Integer>> of(Table table, List<Column> handle) {
        return found.getOrDefault(new Handle(table, handle), Map.of());
    }

    /** Tuples of a link that have not been looked up for all their owners; from now on they count as looked up. */
    List<List<String>> fresh(Table table, Link link) {
        Map<List<String>, Set<Integer>> before = looked.getOrDefault(link, Map.of());
        Map<List<String>, Set<Integer>> all = of(link);
        Map<List<String>, Set<Integer>> fresh = all.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
        if (!fresh.isEmpty()) {
            looked.put(link, new HashMap<>(all));
            learn(table, link, fresh);
        }
        return List.copyOf(fresh.keySet());
    }

    private void learn(Table table, Link link, Map<List<String>, Set<Integer>> fresh) {
        Map<List<String>, Set<Integer>> own = known.computeIfAbsent(link, any -> new HashMap<>());
        if (link.isExact()) {
            own.putAll(fresh);
        } else {
            for (List<List<String>> part : rows.parts(List.copyOf(fresh.keySet()))) {
                rows.matches(table, link, part)
                        .forEach(match ->
                                own.merge(match.own(), fresh.getOrDefault(match.looked(), Set.of()), Batch::union));
            }
        }
    }

    /** Whose a row is; nobody's if it came to be between two statements. */
    Set<Integer> of(Target target, Row row) {
        Set<Integer> owners = Set.of();
        for (Link link : target.links()) {
            owners = Batch.union(owners, of(link, row));
        }
        return owners;
    }

    /** Whose a row is by one link. */
    Set<Integer> of(Link link, Row row) {
        return known.getOrDefault(link, Map.of()).getOrDefault(row.tuple(link.columns()), Set.of());
    }

    /** Notes whose a row of an inner table is. */
    void found(Target target, Row row) {
        Set<Integer> owners = of(target, row);
        for (List<Column> handle : target.handles()) {
            found(target, handle, row.tuple(handle), owners);
        }
    }

    private void found(Target target, List<Column> handle, List<String> tuple, Set<Integer> owners) {
        if (tuple.stream().noneMatch(Objects::isNull)) {
            found.computeIfAbsent(new Handle(target.table(), handle), any -> new LinkedHashMap<>())
                    .merge(tuple, owners, Batch::union);
        }
    }

    /** Takes the identifiers for the handles of the rows, without looking whether there are such rows. */
    void foundGiven(Target target) {
        Link link = target.links().getFirst();
        fresh(target.table(), link);
        of(link).forEach((tuple, owners) -> found(target, target.handles().getFirst(), tuple, owners));
    }
}
