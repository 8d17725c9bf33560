package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.DataMap.Custom;
import dev.lethe.worker.store.jdbc.DataMap.Retention;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which rows go, and in which order.
 *
 * @param statements what the operator's own statements do, before anything else
 * @param components the tables, children before their parents; empty where something stands in the way
 * @param obstacles what makes an erasure impossible or incomplete, each with what to do about it
 * @param warnings what is suspicious
 * @param scans what would make it slow
 */
record ErasurePlan(
        Map<String, Custom> statements,
        List<Component> components,
        List<String> obstacles,
        List<String> warnings,
        List<Scan> scans) {
    ErasurePlan {
        components = List.copyOf(components);
        obstacles = List.copyOf(obstacles);
        warnings = List.copyOf(warnings);
        scans = List.copyOf(scans);
    }

    /**
     * A lookup that no index serves.
     *
     * @param table the table that is read as a whole
     * @param link how its rows are looked up
     * @param remedy the statement that makes an index
     */
    record Scan(Table table, Link link, String remedy) {}

    /**
     * Tables whose rows refer to each other in a cycle, or one table by itself.
     *
     * @param targets in the order in which they are erased
     * @param nulled the keys that are taken away first, to break a cycle
     * @param deferred the keys that the database checks at the end of the transaction
     */
    record Component(List<Target> targets, List<ForeignKey> nulled, List<ForeignKey> deferred) {
        Component {
            targets = List.copyOf(targets);
            nulled = List.copyOf(nulled);
            deferred = List.copyOf(deferred);
        }
    }

    /**
     * A table and what is done to its rows.
     *
     * @param table the table
     * @param action delete or anonymize
     * @param set what columns of anonymized rows become
     * @param retention for how long rows are kept before that
     * @param where narrows it to some of the subject's rows
     * @param links how a row is found to be the subject's; any of them is enough
     * @param detached keys of tables that refer to this one and stay: they are taken away before a row goes
     * @param handles the columns by which others refer to a row; the first of them tell it from all others. Empty where
     *     nothing depends on the rows
     */
    record Target(
            Table table,
            Action action,
            List<Assignment> set,
            Optional<Kept> retention,
            Optional<String> where,
            List<Link> links,
            List<ForeignKey> detached,
            List<List<Column>> handles) {
        Target {
            set = List.copyOf(set);
            links = List.copyOf(links);
            detached = List.copyOf(detached);
            handles = List.copyOf(handles);
        }

        String name() {
            return table.label();
        }

        /** Whether rows of other tables depend on this one's. */
        boolean isInner() {
            return !handles.isEmpty();
        }

        /** Whether every row that is a subject's goes, and at once. */
        boolean isPlain() {
            return action == Action.DELETE && retention.isEmpty() && where.isEmpty();
        }

        /** Whether a row's identifier is all that others refer to it by, so that nobody need look it up. */
        boolean isGiven() {
            return where.isEmpty()
                    && retention.isEmpty()
                    && links.size() == 1
                    && links.getFirst() instanceof Link.Identified identified
                    && identified.isExact()
                    && handles.equals(List.of(List.of(identified.column())));
        }

        /** Every column of every link, each once. */
        List<Column> linkColumns() {
            return links.stream()
                    .flatMap(link -> link.columns().stream())
                    .distinct()
                    .toList();
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** What one column becomes. */
    record Assignment(Column column, Replacement value) {}

    /** A retention, with its column found. */
    record Kept(Retention retention, Column from) {}

    /** How a row is found to be a subject's. */
    sealed interface Link {
        /** The row's own columns that say so. */
        List<Column> columns();

        /** Whether a value of these columns reads like the one it is looked up by. */
        boolean isExact();

        /**
         * It holds an identifier.
         *
         * @param isExact whether the column's value reads like the identifier where the two are equal
         */
        record Identified(Table table, Column column, String identifier, boolean ignoringCase, boolean isExact)
                implements Link {
            @Override
            public List<Column> columns() {
                return List.of(column);
            }

            @Override
            public String toString() {
                return table + "." + column.name() + " = " + identifier + (ignoringCase ? " (ignoring case)" : "");
            }
        }

        /** It refers to a row that is the subject's. */
        record Referring(ForeignKey key) implements Link {
            @Override
            public List<Column> columns() {
                return key.columns();
            }

            @Override
            public boolean isExact() {
                for (int n = 0; n < key.columns().size(); n++) {
                    if (!key.columns().get(n).comparesLike(key.referenced().get(n))
                            || !key.columns().get(n).exact()) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public String toString() {
                return key.toString();
            }
        }
    }

    /** All targets, in the order in which they are erased. */
    List<Target> targets() {
        return components.stream()
                .flatMap(component -> component.targets().stream())
                .toList();
    }

    /** The target of a table. */
    Optional<Target> target(Table table) {
        return targets().stream().filter(target -> target.table().equals(table)).findFirst();
    }

    /**
     * For each target and each statement, the identifiers that ways to it begin at. A subject can be looked up there as soon
     * as it has one of them.
     */
    List<Set<String>> beginnings() {
        return Stream.concat(
                        targets().stream().map(target -> beginnings(target, new HashSet<>())),
                        statements.values().stream().map(custom -> Set.of(custom.identifier())))
                .toList();
    }

    private Set<String> beginnings(Target target, Set<Table> trail) {
        var beginnings = new HashSet<String>();
        if (trail.add(target.table())) {
            for (Link link : target.links()) {
                switch (link) {
                    case Link.Identified identified -> beginnings.add(identified.identifier());
                    case Link.Referring referring ->
                        target(referring.key().parent())
                                .ifPresent(parent -> beginnings.addAll(beginnings(parent, trail)));
                }
            }
        }
        return beginnings;
    }

    /** The links that hold an identifier. */
    List<Link.Identified> identified() {
        return targets().stream()
                .flatMap(target -> target.links().stream())
                .filter(Link.Identified.class::isInstance)
                .map(Link.Identified.class::cast)
                .toList();
    }

    /** For how long the rows of a target are kept. */
    Retention retention(String name) {
        return targets().stream()
                .filter(target -> target.name().equals(name))
                .flatMap(target -> target.retention().stream())
                .findFirst()
                .orElseThrow()
                .retention();
    }

    /** The keys by which rows of other tables go along with this one's. */
    List<ForeignKey> followed(Target parent) {
        return targets().stream()
                .flatMap(target -> target.links().stream())
                .filter(Link.Referring.class::isInstance)
                .map(link -> ((Link.Referring) link).key())
                .filter(key -> key.parent().equals(parent.table()))
                .toList();
    }

    /** What is done, in the order in which it is done, as outcomes report it. */
    Map<String, Action> reported() {
        var reported = new LinkedHashMap<String, Action>();
        statements.keySet().forEach(name -> reported.put(name, Action.DELETE));
        for (Target target : targets()) {
            target.detached().forEach(key -> reported.put(key.toString(), Action.ANONYMIZE));
            reported.put(target.name(), target.action());
        }
        return reported;
    }
}
