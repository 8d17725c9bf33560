package dev.lethe.worker.store.kafka;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A compacted topic, and room for the erasure log beside it. */
public final class KafkaSide implements Side {
    private static final String TOPIC = "profiles";

    private final CompactedTopics topics;

    public KafkaSide(Path directory) {
        topics = new CompactedTopics(directory);
        topics.create(TOPIC, Map.of("cleanup.policy", "compact", "max.compaction.lag.ms", "86400000"));
    }

    /** Of the broker, without a login. */
    public String bootstrapServers() {
        return topics.server().bootstrapServers();
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String configuration() {
        return "{ type: kafka, kafka: { bootstrap.servers: \"%s\" }, topics: { %s: \"{userId}\" } }"
                .formatted(bootstrapServers(), TOPIC);
    }

    @Override
    public void plant(List<Subject> subjects) {
        subjects.forEach(subject -> topics.send(TOPIC, subject.userId(), "x"));
    }

    @Override
    public List<String> contents() {
        return topics.contents(TOPIC);
    }

    @Override
    public void settle() {
        topics.compact(TOPIC);
    }

    @Override
    public void cutOff() {
        topics.server().kill();
    }

    @Override
    public void bringBack() {
        topics.server().restart();
    }

    @Override
    public void close() {
        topics.close();
    }
}
