package dev.lethe.events;

import java.util.Map;

/** What an acknowledged record survives (guarantee G1). */
public enum Durability {
    /** The loss of a broker: three replicas, two of which have the record before it is acknowledged. */
    REPLICATED(3, 2),
    /** The loss of power on the only broker: it writes each record through to the disk before it acknowledges. */
    SINGLE_NODE(1, 1);

    private final int replicationFactor;
    private final int minInSyncReplicas;

    Durability(int replicationFactor, int minInSyncReplicas) {
        this.replicationFactor = replicationFactor;
        this.minInSyncReplicas = minInSyncReplicas;
    }

    /** The least number of replicas. A topic with one replica accepts {@code acks=all} whatever its min ISR says. */
    public int replicationFactor() {
        return replicationFactor;
    }

    /** The least number of replicas that have a record before it is acknowledged. */
    public int minInSyncReplicas() {
        return minInSyncReplicas;
    }

    /** The topic settings that the promise needs. */
    public Map<String, String> settings() {
        String minIsr = Integer.toString(minInSyncReplicas);
        return replicationFactor > 1
                ? Map.of("min.insync.replicas", minIsr)
                : Map.of("min.insync.replicas", minIsr, "flush.messages", "1");
    }
}
