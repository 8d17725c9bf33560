package dev.lethe.quickstart.ops;

import static java.util.Objects.requireNonNullElse;

import dev.lethe.events.TopicDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** What groups have committed in the log, asked for again and again: whether it ever went back. */
final class CommittedOffsets implements AutoCloseable {
    private final Admin admin;
    private final List<String> groups;
    private final Map<String, Map<TopicPartition, Long>> highest = new HashMap<>();
    private final List<String> setbacks = new ArrayList<>();
    private final Thread thread = new Thread(this::watch, "committed-offsets");
    private int samples;
    private volatile boolean closed;

    CommittedOffsets(String bootstrapServers, String... groups) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.groups = List.of(groups);
        thread.start();
    }

    private void watch() {
        try {
            while (!closed) {
                sample();
            }
        } catch (InterruptedException | ExecutionException e) {
            setbacks.add("not watched to the end: " + e);
        }
    }

    private void sample() throws InterruptedException, ExecutionException {
        for (String group : groups) {
            Map<TopicPartition, Long> before = highest.computeIfAbsent(group, name -> new HashMap<>());
            committed(group).forEach((partition, offset) -> {
                long earlier = requireNonNullElse(before.put(partition, offset), 0L);
                if (offset < earlier) {
                    setbacks.add(group + " " + partition + ": " + earlier + " → " + offset);
                }
            });
        }
        samples++;
    }

    private Map<TopicPartition, Long> committed(String group) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        var committed = new HashMap<TopicPartition, Long>();
        offsets.forEach((partition, offset) -> {
            if (offset != null && partition.topic().equals(TopicDefinition.REQUESTS)) {
                committed.put(partition, offset.offset());
            }
        });
        return committed;
    }

    /** Where an offset went back; ends the watch. */
    List<String> setbacks() {
        end();
        return setbacks;
    }

    /** How often it was asked. */
    int samples() {
        return samples;
    }

    @Override
    public void close() {
        end();
        admin.close();
    }

    private void end() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
