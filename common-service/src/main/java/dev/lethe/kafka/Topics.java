package dev.lethe.kafka;

import static java.util.Objects.requireNonNull;

import dev.lethe.events.Durability;
import dev.lethe.events.TopicDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes topics, and checks whether those of a cluster keep the promises that an acknowledgement gives (G1). */
public final class Topics {
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);
    private static final Duration ASK_EVERY = Duration.ofMillis(20);

    private final Admin admin;
    private final Durability durability;

    public Topics(Admin admin, Durability durability) {
        this.admin = admin;
        this.durability = durability;
    }

    /**
     * Makes those that are missing; the others are left as they are. Returns when a {@link #check} would find them.
     *
     * @return the names of the new ones
     * @throws KafkaException if the cluster can't be reached or refuses
     */
    public List<String> create(Collection<TopicDefinition> definitions) throws InterruptedException {
        var made = new ArrayList<String>();
        for (TopicDefinition definition : definitions) {
            var topic = new NewTopic(definition.name(), definition.partitions(), (short) durability.replicationFactor())
                    .configs(definition.settings(durability));
            try {
                admin.createTopics(List.of(topic)).all().get();
                made.add(definition.name());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failure(e);
                }
            }
        }
        awaitKnown(definitions.stream().map(TopicDefinition::name).toList());
        return made;
    }

    /** The controller says that a topic is made a moment before the brokers know of it. */
    private void awaitKnown(List<String> names) throws InterruptedException {
        long start = System.nanoTime();
        while (!areKnown(names) && System.nanoTime() - start < KNOWN_WITHIN.toNanos()) {
            Thread.sleep(ASK_EVERY);
        }
    }

    private boolean areKnown(List<String> names) throws InterruptedException {
        try {
            admin.describeTopics(names).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw failure(e);
        }
    }

    /**
     * A topic as it is.
     *
     * @param partitions how many it has; 0 where there is no such topic
     * @param replicas how many each partition has at least
     * @param settings its settings by Kafka's names, as far as a promise depends on them
     * @param problems what is wrong with it, each with what to do
     */
    public record State(
            String topic, int partitions, int replicas, Map<String, String> settings, List<String> problems) {
        public State {
            settings = Collections.unmodifiableMap(new TreeMap<>(settings));
            problems = List.copyOf(problems);
        }
    }

    /**
     * What is wrong with these topics, each with what to do; empty if all is well.
     *
     * @throws KafkaException if the cluster can't be asked
     */
    public List<String> check(Collection<TopicDefinition> definitions) throws InterruptedException {
        return states(definitions).stream()
                .flatMap(state -> state.problems().stream())
                .toList();
    }

    /**
     * How these topics are, in the same order.
     *
     * @throws KafkaException if the cluster can't be asked
     */
    public List<State> states(Collection<TopicDefinition> definitions) throws InterruptedException {
        var states = new ArrayList<State>();
        for (TopicDefinition definition : definitions) {
            try {
                var description = requireNonNull(admin.describeTopics(List.of(definition.name()))
                        .allTopicNames()
                        .get()
                        .get(definition.name()));
                states.add(state(definition, description, configOf(definition.name())));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failure(e);
                }
                String missing = "topic " + definition.name() + " is missing; 'lethe topics create' makes it";
                states.add(new State(definition.name(), 0, 0, Map.of(), List.of(missing)));
            }
        }
        return states;
    }

    private State state(TopicDefinition definition, TopicDescription topic, Config actual) {
        var settings = new TreeMap<String, String>();
        definition.settings(durability).keySet().forEach(name -> settings.put(name, valueOf(actual, name)));
        var problems = new ArrayList<String>();
        problems.addAll(replication(topic));
        problems.addAll(problems(definition, settings));
        return new State(definition.name(), topic.partitions().size(), replicas(topic), settings, problems);
    }

    /** As {@link #check}; a cluster that can't be asked is a problem like any other. */
    public List<String> problems(Collection<TopicDefinition> definitions) throws InterruptedException {
        try {
            return check(definitions);
        } catch (KafkaException e) {
            return List.of("Kafka can't be asked about its topics ("
                    + e.getClass().getSimpleName() + "); check bootstrap.servers and the brokers");
        }
    }

    private static int replicas(TopicDescription topic) {
        return topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
    }

    private static String valueOf(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private List<String> replication(TopicDescription topic) {
        int least = replicas(topic);
        if (least >= durability.replicationFactor()) {
            return List.of();
        }
        return List.of("topic " + topic.name() + " has " + least + " replica(s) instead of "
                + durability.replicationFactor() + ", so an acknowledged record can be lost with a broker;"
                + " add replicas with kafka-reassign-partitions, or accept it with 'durability: single-node'");
    }

    private List<String> problems(TopicDefinition definition, Map<String, String> actual) {
        var problems = new ArrayList<String>();
        definition.settings(durability).forEach((name, wanted) -> {
            String value = actual.getOrDefault(name, "");
            if (!holds(name, wanted, value)) {
                problems.add("topic " + definition.name() + " has " + name + "=" + value + " instead of " + wanted
                        + "; set it with kafka-configs --alter --topic " + definition.name() + " --add-config " + name
                        + "=" + wanted);
            }
        });
        return problems;
    }

    // How long the log is kept is the owner's choice; what an acknowledgement means is not.
    private static boolean holds(String name, String wanted, String actual) {
        return switch (name) {
            case "retention.ms" -> true;
            case "min.insync.replicas" -> Integer.parseInt(actual) >= Integer.parseInt(wanted);
            default -> actual.equals(wanted);
        };
    }

    private Config configOf(String topic) throws InterruptedException, ExecutionException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return requireNonNull(
                admin.describeConfigs(List.of(resource)).all().get().get(resource));
    }

    private static KafkaException failure(ExecutionException e) {
        return e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
    }
}
