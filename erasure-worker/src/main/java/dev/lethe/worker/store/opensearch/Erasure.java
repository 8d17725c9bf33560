package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.opensearch.ErasurePlan.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One erasure of some subjects. Documents are found first and then changed one by one, each only if it is still what was
 * found: so everyone is counted what was theirs, once, even where others erase the same. Where there are too many for that,
 * the cluster changes them by query, in a task of its own.
 */
final class Erasure {
    /** How many documents a search may find ({@code index.max_result_window} by default). */
    private static final int PAGE = 10_000;
    /** How long a bulk request may get, in characters; the cluster's default is 100 MB. */
    private static final int BULK = 8_000_000;

    private static final int MOST_ROUNDS = 100;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Cluster cluster;
    private final Search search;
    private final Duration taskTimeout;
    private final List<Target> targets;
    private final List<Subject> subjects;
    private final long[][] items;
    private final boolean[] isByQuery;
    private final @Nullable String[] failures;
    /** By identifier and value: the indexes of the subjects that have it. */
    private final Map<String, Map<String, List<Integer>>> owners = new HashMap<>();

    Erasure(Cluster cluster, Duration taskTimeout, List<Target> targets, List<Subject> subjects) {
        this.cluster = cluster;
        this.search = new Search(cluster);
        this.taskTimeout = taskTimeout;
        this.targets = targets;
        this.subjects = subjects;
        this.items = new long[targets.size()][subjects.size()];
        this.isByQuery = new boolean[targets.size()];
        this.failures = new String[subjects.size()];
        targets.stream()
                .flatMap(target -> target.index().subject().values().stream())
                .distinct()
                .forEach(this::own);
    }

    private void own(String identifier) {
        Map<String, List<Integer>> byValue = owners.computeIfAbsent(identifier, name -> new HashMap<>());
        for (int i = 0; i < subjects.size(); i++) {
            for (String value : subjects.get(i).values(identifier)) {
                byValue.computeIfAbsent(value, any -> new ArrayList<>()).add(i);
            }
        }
    }

    /** A document that was found, and whose it is. */
    private record Found(int target, JsonNode hit, Set<Integer> owners) {}

    List<StoreResult> results() throws StoreUnavailableException {
        search.refresh(targets);
        for (int round = 0; !isDone(); round++) {
            if (round == MOST_ROUNDS) {
                throw new StoreUnavailableException(
                        "CONFLICT", "documents change faster than they can be erased: stop what writes them");
            }
        }
        return IntStream.range(0, subjects.size()).mapToObj(this::result).toList();
    }

    private StoreResult result(int subject) {
        if (failures[subject] != null) {
            return new StoreResult.Failed(failures[subject]);
        }
        return new StoreResult.Settled(IntStream.range(0, targets.size())
                .mapToObj(t -> targets.get(t).index().anonymize()
                        ? TargetOutcome.anonymized(targets.get(t).name(), items[t][subject])
                        : TargetOutcome.deleted(targets.get(t).name(), items[t][subject]))
                .toList());
    }

    /** One round. False if there may be something left. */
    private boolean isDone() throws StoreUnavailableException {
        List<JsonNode> answers = search.ask(targets, target -> Queries.find(target, subjects, PAGE));
        var found = new ArrayList<Found>();
        boolean done = true;
        for (int t = 0; t < targets.size(); t++) {
            JsonNode hits = answers.get(t).path("hits");
            if (hits.path("total").path("value").asLong() > hits.path("hits").size()) {
                byQuery(t);
                done = false;
            } else {
                found.addAll(found(t, hits.path("hits")));
            }
        }
        for (List<Found> some : inRequests(found)) {
            done &= isChanged(some);
        }
        return done;
    }

    private List<Found> found(int t, JsonNode hits) {
        var found = new ArrayList<Found>();
        hits.forEach(hit -> {
            var whose = new LinkedHashSet<Integer>();
            targets.get(t)
                    .index()
                    .subject()
                    .forEach((field, identifier) -> hit.path("fields")
                            .path(field)
                            .forEach(value -> whose.addAll(owners.getOrDefault(identifier, Map.of())
                                    .getOrDefault(value.asText(), List.of()))));
            // What is nobody's, for all that can be seen, is left alone.
            if (whose.stream().anyMatch(subject -> failures[subject] == null)) {
                found.add(new Found(t, hit, whose));
            }
        });
        return found;
    }

    private List<List<Found>> inRequests(List<Found> found) {
        var requests = new ArrayList<List<Found>>();
        int length = BULK;
        for (Found one : found) {
            int more = Queries.change(targets.get(one.target()), one.hit()).length();
            if (length + more > BULK) {
                requests.add(new ArrayList<>());
                length = 0;
            }
            requests.getLast().add(one);
            length += more;
        }
        return requests;
    }

    /** Changes these documents. False if some of them were changed by others meanwhile. */
    private boolean isChanged(List<Found> found) throws StoreUnavailableException {
        var lines = new StringBuilder();
        found.forEach(one -> lines.append(Queries.change(targets.get(one.target()), one.hit())));
        JsonNode answer = cluster.call("POST", "/_bulk", Map.of("refresh", "true"), lines.toString())
                .body()
                .path("items");
        boolean unchanged = true;
        for (int i = 0; i < found.size(); i++) {
            unchanged &= !isConflict(found.get(i), only(answer.path(i)));
        }
        return unchanged;
    }

    /** What became of a document; the cluster puts it below the name of the action. */
    private static JsonNode only(JsonNode item) {
        return item.elements().hasNext() ? item.elements().next() : item;
    }

    private boolean isConflict(Found found, JsonNode item) throws StoreUnavailableException {
        int status = item.path("status").asInt(500);
        try {
            Cluster.check(status, item);
        } catch (StoreFailureException e) {
            found.owners().forEach(subject -> failures[subject] = e.code());
            return false;
        }
        // Gone already, by somebody else who counts it: 404.
        if (status < 300 && !isByQuery[found.target()]) {
            found.owners().forEach(subject -> items[found.target()][subject]++);
        }
        return status == 409;
    }

    private void byQuery(int t) throws StoreUnavailableException {
        Target target = targets.get(t);
        if (!isByQuery[t]) {
            items[t] = search.counts(List.of(target), subjects).getFirst();
            isByQuery[t] = true;
        }
        var parameters = new HashMap<>(ErasurePlanner.NOTHING_IS_AN_ERROR);
        parameters.putAll(
                Map.of("conflicts", "proceed", "wait_for_completion", "false", "refresh", "true", "slices", "auto"));
        JsonNode started = cluster.call(
                        "POST",
                        "/" + target.name() + (target.index().anonymize() ? "/_update_by_query" : "/_delete_by_query"),
                        parameters,
                        Queries.changeAll(target, subjects))
                .body();
        JsonNode ended = await(started.path("task").asText());
        if (ended.has("error") || !ended.path("response").path("failures").isEmpty()) {
            JsonNode failure = ended.path("response").path("failures").path(0);
            Cluster.check(failure.path("status").asInt(500), failure);
        }
    }

    private JsonNode await(String task) throws StoreUnavailableException {
        long end = System.nanoTime() + taskTimeout.toNanos();
        do {
            Cluster.pause(BETWEEN_LOOKS);
            JsonNode state =
                    cluster.call("GET", "/_tasks/" + task, Map.of(), null).body();
            if (state.path("completed").asBoolean()) {
                return state;
            }
        } while (System.nanoTime() < end);
        throw new StoreUnavailableException("OVERLOADED", "a task of the cluster takes longer than taskTimeout");
    }
}
