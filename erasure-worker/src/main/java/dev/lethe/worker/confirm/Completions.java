package dev.lethe.worker.confirm;

import dev.lethe.events.TopicDefinition;
import dev.lethe.worker.log.TopicFollower;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Listens to who is said to be gone for good, and passes on that what was announced in that partition until then need not wait. A
 * hint and no more: every worker hears all of them, none is remembered, and whoever misses one waits as long as without it.
 */
public final class Completions implements AutoCloseable {
    private final TopicFollower follower;

    /**
     * @param consumers makes a consumer of no group; asked again if one breaks
     * @param hurry takes a partition, and until when what was written there need not wait
     */
    public Completions(Supplier<Consumer<String, byte[]>> consumers, BiConsumer<Integer, Instant> hurry) {
        this.follower = new TopicFollower(
                TopicDefinition.COMPLETIONS,
                TopicFollower.From.END,
                consumers,
                completion -> hurry.accept(completion.partition(), Instant.ofEpochMilli(completion.timestamp())));
    }

    public void start() {
        follower.start();
    }

    /** Whether what is written from now on is heard. */
    public boolean isListening() {
        return follower.isFollowing();
    }

    @Override
    public void close() {
        follower.close();
    }
}
