package dev.lethe.worker.confirm;

import dev.lethe.events.TopicDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to who is said to be gone for good, and passes on that what was announced in that partition until then need not wait. A
 * hint and no more: every worker hears all of them, none is remembered, and whoever misses one waits as long as without it.
 */
public final class Completions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Completions.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final BiConsumer<Integer, Instant> hurry;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean listening;

    /**
     * @param consumers makes a consumer of no group; asked again if one breaks
     * @param hurry takes a partition, and until when what was written there need not wait
     */
    public Completions(Supplier<Consumer<String, byte[]>> consumers, BiConsumer<Integer, Instant> hurry) {
        this.consumers = consumers;
        this.hurry = hurry;
        this.thread = Thread.ofPlatform().daemon().name("completions").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether what is written from now on is heard. */
    public boolean isListening() {
        return listening;
    }

    private void run() {
        try {
            do {
                listen();
            } while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        Consumer<String, byte[]> consumer = consumers.get();
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(TopicDefinition.COMPLETIONS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            listening = !partitions.isEmpty();
            while (closed.getCount() > 0 && !partitions.isEmpty()) {
                for (ConsumerRecord<String, byte[]> completion : consumer.poll(POLL)) {
                    hurry.accept(completion.partition(), Instant.ofEpochMilli(completion.timestamp()));
                }
            }
        } catch (RuntimeException e) {
            // Whatever it is: it must not end the listening.
            log.warn("Intents wait their whole time: {}", e.getClass().getSimpleName());
        } finally {
            listening = false;
            consumer.close(CloseOptions.timeout(LEAVING));
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
