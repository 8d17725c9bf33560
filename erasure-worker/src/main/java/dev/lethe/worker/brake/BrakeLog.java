package dev.lethe.worker.brake;

import dev.lethe.events.TopicDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of all brakes, as every worker knows it: read from the topic {@code erasure.brakes} from its beginning and on. A worker
 * that starts while a brake is tripped stands, too.
 */
public final class BrakeLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BrakeLog.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Producer<String, byte[]> producer;
    private final Map<String, BrakeState> states = new ConcurrentHashMap<>();
    private final Set<String> untold = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean read;

    /** @param consumers makes a consumer of no group; asked again if one breaks */
    public BrakeLog(Supplier<Consumer<String, byte[]>> consumers, Producer<String, byte[]> producer) {
        this.consumers = consumers;
        this.producer = producer;
        this.thread = Thread.ofPlatform().daemon().name("brakes").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether all is known that was there when this worker started. */
    boolean isRead() {
        return read;
    }

    Optional<BrakeState> of(String store) {
        BrakeState state = states.get(store);
        if (state != null && untold.remove(store)) {
            tell(store, state);
        }
        return Optional.ofNullable(state);
    }

    /** Lets every worker know. This one knows at once, and tells again, when next asked, if Kafka does not take it. */
    void tell(String store, BrakeState state) {
        states.put(store, state);
        var unused = producer.send(
                new ProducerRecord<>(TopicDefinition.BRAKES, store, state.encoded()), (acknowledged, failure) -> {
                    if (failure != null) {
                        log.warn(
                                "Nobody else knows of store {}'s brake: {}",
                                store,
                                failure.getClass().getSimpleName());
                        untold.add(store);
                    }
                });
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
            List<TopicPartition> partitions = consumer.partitionsFor(TopicDefinition.BRAKES).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (closed.getCount() > 0 && !partitions.isEmpty()) {
                consumer.poll(POLL).forEach(this::take);
                read = read
                        || partitions.stream()
                                .allMatch(
                                        partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
            }
        } catch (RuntimeException e) {
            // Whatever it is: it must not end the listening. What is known stays so.
            log.warn("Brakes are not heard: {}", e.getClass().getSimpleName());
        } finally {
            consumer.close(CloseOptions.timeout(LEAVING));
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        try {
            states.put(record.key(), BrakeState.decoded(record.value()));
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "Unreadable state of a brake at {}-{}, offset {}: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
