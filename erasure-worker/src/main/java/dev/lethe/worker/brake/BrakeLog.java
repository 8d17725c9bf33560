package dev.lethe.worker.brake;

import dev.lethe.events.TopicDefinition;
import dev.lethe.worker.log.TopicFollower;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of all brakes, as every worker knows it: read from the topic {@code erasure.brakes} from its beginning and on. A worker
 * that starts while a brake is tripped stands, too.
 */
public final class BrakeLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BrakeLog.class);

    private final Producer<String, byte[]> producer;
    private final TopicFollower follower;
    private final Map<String, BrakeState> states = new ConcurrentHashMap<>();
    private final Set<String> untold = ConcurrentHashMap.newKeySet();
    private volatile boolean read;

    /** @param consumers makes a consumer of no group; asked again if one breaks */
    public BrakeLog(Supplier<Consumer<String, byte[]>> consumers, Producer<String, byte[]> producer) {
        this.producer = producer;
        this.follower = new TopicFollower(TopicDefinition.BRAKES, TopicFollower.From.BEGINNING, consumers, this::take);
    }

    public void start() {
        follower.start();
    }

    /** Whether all is known that was there when this worker started. It stays so if the topic can't be heard for a while. */
    boolean isRead() {
        read |= follower.isFollowing();
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
        follower.close();
    }
}
