package dev.lethe.worker.status;

import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A lane as a configuration asks for it, whoever runs it: what workers make and what {@code lethe lanes} looks at.
 *
 * @param name for logs, threads and metrics
 * @param store whose it is; {@value Outcome#CONFIRM} for those that ask the identity provider
 * @param run why it looks at the store
 * @param group the consumer group
 * @param topic what it reads
 * @param delay how old a record has to be before it is taken
 */
public record PlannedLane(
        String name, String store, String run, String group, String topic, Duration delay, Kind kind) {
    /** Which look it is. */
    public enum Kind {
        FIRST,
        /** At what the first one, or any other, did not get done. */
        RETRY,
        /** At what is done: no due date is at stake. */
        SWEEP,
        /** At what the store has left open; no due date either. */
        SETTLE
    }

    /**
     * All lanes of a store.
     *
     * @param retryDelay how long a request waits in the retry topic
     * @param sweeps how long after the request the store is looked at again, the shortest first
     */
    public static List<PlannedLane> ofStore(String store, Duration retryDelay, List<Duration> sweeps) {
        var lanes = new ArrayList<PlannedLane>();
        lanes.add(first(store, Outcome.ERASE, TopicDefinition.REQUESTS, Duration.ZERO));
        lanes.add(retry(store, Outcome.ERASE, retryDelay));
        sweeps.forEach(
                after -> lanes.add(again(store, Outcome.sweep(after), TopicDefinition.REQUESTS, after, Kind.SWEEP)));
        if (!sweeps.isEmpty()) {
            lanes.add(again(store, Outcome.SETTLE, TopicDefinition.open(store), sweeps.getLast(), Kind.SETTLE));
        }
        return lanes;
    }

    /**
     * The lanes that ask the identity provider.
     *
     * @param after how long after the announcement
     * @param again how long after each time that the user was still there
     */
    public static List<PlannedLane> ofConfirmation(Duration after, Duration again) {
        return List.of(announced(after), retry(Outcome.CONFIRM, Outcome.CONFIRM, again));
    }

    /** The first of these, which is of interest even where nobody is configured to run it. */
    static PlannedLane announced(Duration after) {
        return first(Outcome.CONFIRM, Outcome.CONFIRM, TopicDefinition.INTENTS, after);
    }

    private static PlannedLane first(String store, String run, String topic, Duration delay) {
        return new PlannedLane(store, store, run, group(store), topic, delay, Kind.FIRST);
    }

    private static PlannedLane retry(String store, String run, Duration delay) {
        return new PlannedLane(
                store + "-retry", store, run, group(store) + ".retry", TopicDefinition.retry(store), delay, Kind.RETRY);
    }

    private static PlannedLane again(String store, String run, String topic, Duration delay, Kind kind) {
        return new PlannedLane(store + "-" + run, store, run, group(store) + "." + run, topic, delay, kind);
    }

    /** The group of a store's first look, to which its failures are traced. */
    public static String group(String store) {
        return "erasure." + store;
    }

    boolean isAgain() {
        return kind == Kind.SWEEP || kind == Kind.SETTLE;
    }
}
