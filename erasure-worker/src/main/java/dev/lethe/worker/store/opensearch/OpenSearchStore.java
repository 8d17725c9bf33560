package dev.lethe.worker.store.opensearch;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Erases documents: a refresh, a search and a bulk request for up to {@value #CHUNK} subjects, whatever the number of
 * indices. Mappings are read when they are first needed, and again from time to time.
 */
final class OpenSearchStore implements ErasureStore {
    private static final int CHUNK = 500;

    private final OpenSearchStoreConfig config;
    private final Cluster cluster;
    private volatile @Nullable ErasurePlan plan;

    OpenSearchStore(OpenSearchStoreConfig config) {
        this.config = config;
        this.cluster = new Cluster(config);
    }

    /** How many calls of the cluster there have been. */
    long calls() {
        return cluster.calls();
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        ErasurePlan feasible = feasiblePlan();
        List<Optional<String>> unfit = subjects.stream().map(feasible::unfit).toList();
        var fit = new ArrayList<Subject>();
        for (int i = 0; i < subjects.size(); i++) {
            if (unfit.get(i).isEmpty()) {
                fit.add(subjects.get(i));
            }
        }
        var done = new ArrayList<StoreResult>();
        for (List<Subject> chunk : chunks(fit)) {
            done.addAll(new Erasure(cluster, config.taskTimeout(), feasible.targets(), chunk).results());
        }
        Iterator<StoreResult> results = done.iterator();
        return unfit.stream()
                .map(code -> code.<StoreResult>map(StoreResult.Unresolved::new).orElseGet(results::next))
                .toList();
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        ErasurePlan feasible = feasiblePlan();
        subjects.stream()
                .flatMap(subject -> feasible.unfit(subject).stream())
                .findFirst()
                .ifPresent(code -> {
                    throw new StoreFailureException(code);
                });
        var search = new Search(cluster);
        var remaining = new ArrayList<Remaining>();
        for (List<Subject> chunk : chunks(subjects)) {
            search.refresh(feasible.targets());
            List<long[]> counts = search.counts(feasible.targets(), chunk);
            for (int i = 0; i < chunk.size(); i++) {
                var items = new LinkedHashMap<String, Long>();
                for (int t = 0; t < counts.size(); t++) {
                    items.put(feasible.targets().get(t).name(), counts.get(t)[i]);
                }
                remaining.add(new Remaining(items));
            }
        }
        return remaining;
    }

    private static List<List<Subject>> chunks(List<Subject> subjects) {
        var chunks = new ArrayList<List<Subject>>();
        for (int from = 0; from < subjects.size(); from += CHUNK) {
            chunks.add(subjects.subList(from, Math.min(subjects.size(), from + CHUNK)));
        }
        return chunks;
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        List<String> warnings = "http".equals(config.url().getScheme())
                        && !List.of("localhost", "127.0.0.1")
                                .contains(config.url().getHost())
                ? List.of("url is without TLS: identifiers and credentials can be read on the way")
                : List.of();
        return readPlan().published(warnings);
    }

    private ErasurePlan feasiblePlan() throws StoreUnavailableException {
        ErasurePlan known = plan;
        if (known != null && !known.isStale()) {
            return known;
        }
        ErasurePlan read = readPlan();
        if (!read.obstacles().isEmpty()) {
            plan = null;
            throw new StoreUnavailableException("MISCONFIGURED", String.join("; ", read.obstacles()));
        }
        plan = read;
        return read;
    }

    private ErasurePlan readPlan() throws StoreUnavailableException {
        return new ErasurePlanner(cluster).plan(config.indices());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
