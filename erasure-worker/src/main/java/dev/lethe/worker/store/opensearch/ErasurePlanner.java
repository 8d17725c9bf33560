package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.opensearch.ErasurePlan.Target;
import dev.lethe.worker.store.opensearch.OpenSearchStoreConfig.Index;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what the cluster has behind the configured names, and finds what stands in the way of an erasure. */
final class ErasurePlanner {
    /** A name behind which there is nothing is an error. */
    static final Map<String, String> NOTHING_IS_AN_ERROR =
            Map.of("ignore_unavailable", "false", "allow_no_indices", "false");

    private final Cluster cluster;
    private final List<String> obstacles = new ArrayList<>();
    private final Map<String, String> nameOfConcrete = new HashMap<>();

    ErasurePlanner(Cluster cluster) {
        this.cluster = cluster;
    }

    ErasurePlan plan(Map<String, Index> indices) throws StoreUnavailableException {
        long now = System.nanoTime();
        var targets = new ArrayList<Target>();
        for (Map.Entry<String, Index> index : indices.entrySet()) {
            targets.add(target(index.getKey(), index.getValue()));
        }
        return new ErasurePlan(targets, obstacles, now);
    }

    private Target target(String name, Index index) throws StoreUnavailableException {
        var mapping = new Mapping(name);
        Cluster.Reply mappings = cluster.call("GET", "/" + name + "/_mapping", NOTHING_IS_AN_ERROR, null);
        if (mappings.isNotFound() || mappings.body().isEmpty()) {
            obstacles.add("there is no index, alias or data stream \"" + name + "\": create it, or correct the name");
            return new Target(name, index, Map.of());
        }
        mappings.body().properties().forEach(concrete -> {
            mapping.see(concrete.getKey(), concrete.getValue().path("mappings"), index);
            String other = nameOfConcrete.putIfAbsent(concrete.getKey(), name);
            if (other != null) {
                obstacles.add("index \"" + concrete.getKey() + "\" is behind both \"" + other + "\" and \"" + name
                        + "\": map it once");
            }
        });
        reportClosed(name);
        obstacles.addAll(mapping.obstacles());
        return new Target(name, index, mapping.longest());
    }

    private void reportClosed(String name) throws StoreUnavailableException {
        JsonNode resolved = cluster.call("GET", "/_resolve/index/" + name, Map.of("expand_wildcards", "all"), null)
                .body();
        resolved.path("indices")
                .forEach(index -> index.path("attributes").forEach(attribute -> {
                    if (attribute.asText().equals("closed")) {
                        obstacles.add("index \"" + index.path("name").asText() + "\" of \"" + name
                                + "\" is closed, so that nothing can be found in it: open it, or delete it");
                    }
                }));
    }
}
