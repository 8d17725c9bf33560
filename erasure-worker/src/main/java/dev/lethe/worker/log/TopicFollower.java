package dev.lethe.worker.log;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears all of a small topic, in no group, as every other worker does: on a thread of its own, from one end or from the other. If it
 * breaks off, it begins again, as long as it takes.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final String topic;
    private final From from;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final java.util.function.Consumer<ConsumerRecord<String, byte[]>> action;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean following;

    /** Where it begins. */
    public enum From {
        BEGINNING,
        END
    }

    /**
     * @param consumers makes a consumer of no group; asked again if one breaks
     * @param action takes each record, some perhaps again; does not throw
     */
    public TopicFollower(
            String topic,
            From from,
            Supplier<Consumer<String, byte[]>> consumers,
            java.util.function.Consumer<ConsumerRecord<String, byte[]>> action) {
        this.topic = topic;
        this.from = from;
        this.consumers = consumers;
        this.action = action;
        this.thread = Thread.ofPlatform().daemon().name("follow-" + topic).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether it has heard all that was there when it began, and hears what is written now. */
    public boolean isFollowing() {
        return following;
    }

    private void run() {
        try {
            do {
                follow();
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        Consumer<String, byte[]> consumer = consumers.get();
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            if (from == From.BEGINNING) {
                consumer.seekToBeginning(partitions);
            } else {
                ends.forEach(consumer::seek);
            }
            while (closed.getCount() > 0 && !partitions.isEmpty()) {
                following = following
                        || partitions.stream()
                                .allMatch(
                                        partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
                consumer.poll(POLL).forEach(action);
            }
        } catch (RuntimeException e) {
            // Whatever it is: it must not end the following.
            log.warn("Topic {} is not heard: {}", topic, e.getClass().getSimpleName());
        } finally {
            following = false;
            consumer.close(CloseOptions.timeout(LEAVING));
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
