package dev.lethe.worker.brake;

import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.TopicReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads the brakes as they are at the moment, for commands. */
public final class BrakeReader {
    private BrakeReader() {}

    /** The last state of each store's brake; none where the topic is not there. What can't be read is left out. */
    public static Map<String, BrakeState> read(TopicReader reader) throws InterruptedException {
        var states = new HashMap<String, BrakeState>();
        try {
            for (ConsumerRecord<String, byte[]> record : reader.all(TopicDefinition.BRAKES)) {
                try {
                    states.put(record.key(), BrakeState.decoded(record.value()));
                } catch (IOException | RuntimeException e) {
                    // A worker's log tells of it.
                }
            }
        } catch (UnknownTopicOrPartitionException e) {
            return Map.of();
        }
        return states;
    }
}
