package dev.lethe.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DurabilityTest {
    @Test
    void replicatedTopicsSurviveTheLossOfABrokerAndStayWritable() {
        assertThat(Durability.REPLICATED.replicationFactor()).isEqualTo(3);
        assertThat(Durability.REPLICATED.minInSyncReplicas()).isEqualTo(2);
        assertThat(Durability.REPLICATED.settings()).isEqualTo(Map.of("min.insync.replicas", "2"));
    }

    @Test
    void aSingleNodeWritesEveryRecordThroughToTheDisk() {
        assertThat(Durability.SINGLE_NODE.replicationFactor()).isEqualTo(1);
        assertThat(Durability.SINGLE_NODE.settings())
                .isEqualTo(Map.of("min.insync.replicas", "1", "flush.messages", "1"));
    }
}
