package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Component;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.traverse.TopologicalOrderIterator;

/** Puts tables in order, children before their parents, and finds where a cycle can be broken. */
final class ErasureOrder {
    private final Map<Table, Target> targets;
    private final Graph<Table, ForeignKey> graph = new DirectedPseudograph<>(ForeignKey.class);
    private final Dialect dialect;
    private final Collection<String> obstacles;

    /**
     * @param followed the keys by which rows of other tables go too, by the table whose rows they follow
     * @param obstacles where a cycle that can't be broken is added to
     */
    ErasureOrder(
            Map<Table, Target> targets,
            Map<Table, List<ForeignKey>> followed,
            Dialect dialect,
            Collection<String> obstacles) {
        this.targets = targets;
        this.dialect = dialect;
        this.obstacles = obstacles;
        targets.keySet().forEach(graph::addVertex);
        followed.values().stream().flatMap(List::stream).forEach(key -> graph.addEdge(key.child(), key.parent(), key));
    }

    List<Component> components() {
        var condensed = new KosarajuStrongConnectivityInspector<>(graph).getCondensation();
        Comparator<Graph<Table, ForeignKey>> byName = Comparator.comparing(part ->
                part.vertexSet().stream().map(Table::label).sorted().toList().getFirst());
        var components = new ArrayList<Component>();
        new TopologicalOrderIterator<>(condensed, byName).forEachRemaining(part -> components.add(component(part)));
        return components;
    }

    private Component component(Graph<Table, ForeignKey> part) {
        Graph<Table, ForeignKey> left = new DirectedPseudograph<>(ForeignKey.class);
        Graphs.addGraph(left, part);
        if (dialect.checksKeysAfterStatement()) {
            left.removeAllEdges(
                    left.edgeSet().stream().filter(ErasureOrder::isToItself).toList());
        }
        var nulled = new ArrayList<ForeignKey>();
        var deferred = new ArrayList<ForeignKey>();
        for (List<ForeignKey> cycle = cycle(left); !cycle.isEmpty(); cycle = cycle(left)) {
            Optional<ForeignKey> weakest = weakest(cycle);
            if (weakest.isEmpty()) {
                refuse(cycle);
                return new Component(List.of(), List.of(), List.of());
            }
            (weakest.get().deferrable() ? deferred : nulled).add(weakest.get());
            left.removeEdge(weakest.get());
        }
        var order = new ArrayList<Target>();
        new TopologicalOrderIterator<>(left, Comparator.comparing(Table::label))
                .forEachRemaining(table -> order.add(Objects.requireNonNull(targets.get(table), "in the graph")));
        return new Component(order, nulled, deferred);
    }

    /** Where to break a cycle: to check a key later costs nothing, to take it away a statement. */
    private static Optional<ForeignKey> weakest(List<ForeignKey> cycle) {
        return cycle.stream()
                .filter(ForeignKey::deferrable)
                .findFirst()
                .or(() -> cycle.stream().filter(ForeignKey::isNullable).findFirst());
    }

    private static boolean isToItself(ForeignKey key) {
        return key.child().equals(key.parent());
    }

    /** The keys of one cycle, each leading to the table where the next begins; none if there is no cycle. */
    private static List<ForeignKey> cycle(Graph<Table, ForeignKey> graph) {
        for (ForeignKey key : graph.edgeSet()) {
            if (isToItself(key)) {
                return List.of(key);
            }
            var back = BFSShortestPath.findPathBetween(graph, key.parent(), key.child());
            if (back != null) {
                Set<ForeignKey> cycle = new LinkedHashSet<>(List.of(key));
                cycle.addAll(back.getEdgeList());
                return List.copyOf(cycle);
            }
        }
        return List.of();
    }

    private void refuse(List<ForeignKey> cycle) {
        obstacles.add(
                "rows that refer to each other in a cycle can't be erased in order: %s → %s; make one of these keys"
                                .formatted(
                                        cycle.stream().map(ForeignKey::toString).collect(joining(" → ")),
                                        cycle.getFirst().child())
                        + " nullable, DEFERRABLE or ON DELETE SET NULL");
    }
}
