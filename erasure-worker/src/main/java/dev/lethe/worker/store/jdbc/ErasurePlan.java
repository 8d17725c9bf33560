package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which rows go, and in which order.
 *
 * @param targets children before their parents; empty where there is a cycle
 * @param obstacles what makes an erasure impossible or incomplete, each with what to do about it
 * @param warnings what would make it slow, or is suspicious
 */
record ErasurePlan(List<Target> targets, List<String> obstacles, List<String> warnings) {
    ErasurePlan {
        targets = List.copyOf(targets);
        obstacles = List.copyOf(obstacles);
        warnings = List.copyOf(warnings);
    }

    /** A table to delete from. A row is the subject's if any route leads from it to the subject. */
    record Target(Table table, List<Route> routes) {
        Target(Table table, Collection<Route> routes) {
            this(table, List.copyOf(routes));
        }

        String name() {
            return table.label();
        }

        private String path() {
            return routes.stream().map(Route::toString).collect(Collectors.joining(" or "));
        }
    }

    /**
     * A way from a row to the subject.
     *
     * @param hops foreign keys from the row's own table up; none where it holds the identifier itself
     * @param root the table where the way ends
     * @param column the mapped column there
     * @param identifier the name of the identifier that the column holds
     */
    record Route(List<ForeignKey> hops, Table root, Column column, String identifier) {
        Route(Table root, Column column, String identifier) {
            this(List.of(), root, column, identifier);
        }

        /**
         * The way from a child of this route's first table. The key that refers to the mapped column itself holds the
         * identifier already, which saves the join; a composite one may be partly null and then refers to nothing.
         */
        Route from(ForeignKey key) {
            if (hops.isEmpty()
                    && key.referenced().equals(List.of(column))
                    && key.columns().getFirst().comparesLike(column)) {
                return new Route(key.child(), key.columns().getFirst(), identifier);
            }
            var longer = new ArrayList<ForeignKey>();
            longer.add(key);
            longer.addAll(hops);
            return new Route(List.copyOf(longer), root, column, identifier);
        }

        @Override
        public String toString() {
            String way = hops.stream().map(hop -> hop + " → ").collect(Collectors.joining());
            return way + root + "." + column.name() + " = " + identifier;
        }
    }

    /** The names of the identifiers that routes end in. */
    List<String> identifiers() {
        return routes().map(Route::identifier).distinct().toList();
    }

    /**
     * Why this subject can't be looked up everywhere: a code; empty if it can. A target is looked up as soon as one of its
     * routes ends in an identifier that the subject has.
     */
    Optional<String> unfit(Subject subject) {
        if (targets.stream()
                .anyMatch(target -> target.routes().stream()
                        .allMatch(route -> subject.values(route.identifier()).isEmpty()))) {
            return Optional.of("UNRESOLVED");
        }
        if (routes().anyMatch(route -> !subject.values(route.identifier()).stream()
                .allMatch(route.column().kind()::holds))) {
            return Optional.of("INVALID_IDENTIFIER");
        }
        return Optional.empty();
    }

    StorePlan published() {
        var steps = targets.stream()
                .map(target -> new StorePlan.Step(target.name(), Action.DELETE, target.path()))
                .toList();
        return new StorePlan(steps, obstacles, warnings);
    }

    private Stream<Route> routes() {
        return targets.stream().flatMap(target -> target.routes().stream());
    }
}
