package dev.lethe.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A topic as Lethe needs it, whatever the size of the cluster.
 *
 * @param name the topic's name
 * @param partitions how many partitions it is created with
 * @param settings the topic's own settings, by Kafka's names
 */
public record TopicDefinition(String name, int partitions, Map<String, String> settings) {
    public static final String INTENTS = "erasure.intents";
    public static final String COMPLETIONS = "erasure.completions";
    public static final String REQUESTS = "erasure.requests";
    public static final String OUTCOMES = "erasure.outcomes";
    public static final String DEAD_LETTERS = "erasure.dead-letters";
    /** The last state of each store's brake, by the store's name. */
    public static final String BRAKES = "erasure.brakes";
    /** What the ledger has noted, in one order, for good: the leaves of its Merkle tree, and the checkpoints over them. */
    public static final String JOURNAL = "erasure.journal";
    /** Requests by OpenDSR, for as long as whoever made them can withdraw them. */
    public static final String HELD = "erasure.held";

    private static final int PARTITIONS = 12;
    /** Longer than the oldest backup, because a restored store is mended by replaying the log. */
    private static final Duration LOG_RETENTION = Duration.ofDays(90);
    /** Nobody waits for anything that long. */
    private static final Duration COMPLETION_RETENTION = Duration.ofDays(1);
    /** Longer than a request can be retried. */
    private static final Duration RETRY_RETENTION = Duration.ofDays(14);

    public TopicDefinition {
        settings = Map.copyOf(settings);
    }

    /** The retry topic of a store. */
    public static String retry(String store) {
        return "erasure.retry." + store;
    }

    /** What a store still has open: requests of which something is kept for a while, or is deleted later by the store itself. */
    public static String open(String store) {
        return "erasure.open." + store;
    }

    /** The erasure log: what the ingress writes and every store reads. */
    public static TopicDefinition requests() {
        return log(REQUESTS, LOG_RETENTION);
    }

    /** What the ingress writes instead, where the identity provider is asked before anybody is erased. */
    public static TopicDefinition intents() {
        return log(INTENTS, LOG_RETENTION);
    }

    /**
     * The subject keys of those whose deletion is said to be complete, which shortens the wait of their intents; without values.
     * It has as many partitions as {@link #intents}, so that both are in the same one.
     */
    public static TopicDefinition completions() {
        return log(COMPLETIONS, COMPLETION_RETENTION);
    }

    /** What the ledger writes before a request by OpenDSR goes into the log; kept as long as that, because a ledger can be down. */
    public static TopicDefinition held() {
        return log(HELD, LOG_RETENTION);
    }

    /** What the ledger writes. One partition, because a tree has one order; never deleted, because everything else follows from it. */
    public static TopicDefinition journal() {
        return new TopicDefinition(
                JOURNAL,
                1,
                Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "-1",
                        "retention.bytes", "-1",
                        "message.timestamp.type", "LogAppendTime"));
    }

    /** Every topic that an installation with these stores needs, whatever is configured. */
    public static List<TopicDefinition> all(List<String> stores) {
        var topics = new ArrayList<>(of(stores, true, true));
        topics.add(journal());
        topics.add(held());
        return List.copyOf(topics);
    }

    /**
     * The topics that a ledger needs: those that it reads, and its own.
     *
     * @param openDsr whether it takes requests by OpenDSR
     */
    public static List<TopicDefinition> ofLedger(boolean openDsr) {
        var topics = new ArrayList<TopicDefinition>();
        topics.add(intents());
        topics.add(requests());
        topics.add(compacted(OUTCOMES));
        topics.add(compacted(DEAD_LETTERS));
        topics.add(journal());
        if (openDsr) {
            topics.add(held());
        }
        return List.copyOf(topics);
    }

    /**
     * The topics that workers with these stores need.
     *
     * @param confirmation whether they ask the identity provider before they erase
     * @param sweeps whether they look again
     */
    public static List<TopicDefinition> of(List<String> stores, boolean confirmation, boolean sweeps) {
        var topics = new ArrayList<TopicDefinition>();
        topics.add(intents());
        topics.add(requests());
        topics.add(compacted(OUTCOMES));
        topics.add(compacted(DEAD_LETTERS));
        topics.add(compacted(BRAKES));
        stores.forEach(store -> topics.add(log(retry(store), RETRY_RETENTION)));
        if (sweeps) {
            stores.forEach(store -> topics.add(log(open(store), LOG_RETENTION)));
        }
        if (confirmation) {
            topics.add(completions());
            // As long as the log: a provider that is down for weeks must not cost a request.
            topics.add(log(retry(Outcome.CONFIRM), LOG_RETENTION));
        }
        return List.copyOf(topics);
    }

    /** All settings of this topic in a cluster of that durability. */
    public Map<String, String> settings(Durability durability) {
        var all = new LinkedHashMap<>(settings);
        all.putAll(durability.settings());
        return all;
    }

    // The broker's clock, not the sender's, orders replays and delays.
    private static TopicDefinition log(String name, Duration retention) {
        return new TopicDefinition(
                name,
                PARTITIONS,
                Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", Long.toString(retention.toMillis()),
                        "message.timestamp.type", "LogAppendTime"));
    }

    private static TopicDefinition compacted(String name) {
        return new TopicDefinition(name, PARTITIONS, Map.of("cleanup.policy", "compact"));
    }
}
