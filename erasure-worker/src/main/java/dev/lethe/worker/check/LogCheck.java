package dev.lethe.worker.check;

import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * How the topics are.
 *
 * @param servers where Kafka was looked for
 * @param durability what an acknowledgement has to mean, as configured
 * @param topics one by one; empty if Kafka can't be asked
 * @param problems what is wrong with any of them, each with what to do
 */
public record LogCheck(String servers, Durability durability, List<Topics.State> topics, List<String> problems) {
    public static LogCheck ask(KafkaConfig kafka, Durability durability, Collection<TopicDefinition> needed)
            throws InterruptedException {
        List<Topics.State> states = List.of();
        List<String> unasked = List.of();
        try (Admin admin = kafka.admin("lethe-check")) {
            states = new Topics(admin, durability).states(needed);
        } catch (KafkaException e) {
            unasked = List.of("Kafka can't be asked about its topics ("
                    + e.getClass().getSimpleName() + "); check bootstrap.servers and the brokers");
        }
        return new LogCheck(
                Map.copyOf(kafka.properties()).getOrDefault("bootstrap.servers", ""),
                durability,
                states,
                Stream.concat(unasked.stream(), states.stream().flatMap(state -> state.problems().stream()))
                        .toList());
    }
}
