package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.opensearch.ErasurePlan.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks into every target at once. An answer that is not from all of a target's shards is none. */
final class Search {
    private final Cluster cluster;

    Search(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Makes everything that was written so far visible to searches. */
    void refresh(List<Target> targets) throws StoreUnavailableException {
        String names = targets.stream().map(Target::name).collect(Collectors.joining(","));
        Cluster.Reply reply = cluster.call("POST", "/" + names + "/_refresh", ErasurePlanner.NOTHING_IS_AN_ERROR, null);
        if (reply.isNotFound()) {
            throw missing();
        }
        demandWhole(reply.body());
    }

    /** The answers to a search of each target, in order. */
    List<JsonNode> ask(List<Target> targets, Function<Target, String> question) throws StoreUnavailableException {
        String lines = targets.stream().map(question).collect(Collectors.joining());
        JsonNode body = cluster.call("POST", "/_msearch", Map.of(), lines).body();
        var answers = new ArrayList<JsonNode>();
        for (int t = 0; t < targets.size(); t++) {
            JsonNode answer = body.path("responses").path(t);
            int status = answer.path("status").asInt(500);
            if (status == 404) {
                throw missing();
            }
            Cluster.check(status, answer);
            demandWhole(answer);
            answers.add(answer);
        }
        return answers;
    }

    /** How many documents each subject has, by target and subject. */
    List<long[]> counts(List<Target> targets, List<Subject> subjects) throws StoreUnavailableException {
        return ask(targets, target -> Queries.count(target, subjects)).stream()
                .map(answer -> counts(answer, subjects.size()))
                .toList();
    }

    private static long[] counts(JsonNode answer, int subjects) {
        JsonNode buckets = answer.path("aggregations").path("subjects").path("buckets");
        if (buckets.size() != subjects) {
            throw new IllegalStateException("a count has a bucket per subject");
        }
        var counts = new long[subjects];
        for (int i = 0; i < subjects; i++) {
            counts[i] = buckets.path(i).path("doc_count").asLong();
        }
        return counts;
    }

    private static void demandWhole(JsonNode answer) throws StoreUnavailableException {
        if (answer.path("timed_out").asBoolean()
                || answer.path("_shards").path("failed").asInt(1) > 0) {
            throw new StoreUnavailableException("OVERLOADED", "some shards do not answer: see the cluster's health");
        }
    }

    private static StoreUnavailableException missing() {
        return new StoreUnavailableException(
                "MISCONFIGURED", "one of the indices does not exist any more: run the plan again");
    }
}
