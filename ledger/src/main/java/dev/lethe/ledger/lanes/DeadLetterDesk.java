package dev.lethe.ledger.lanes;

import dev.lethe.events.Keys;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.DeadLetters;
import dev.lethe.worker.deadletter.Decisions;
import dev.lethe.worker.deadletter.Decisions.Decided;
import dev.lethe.worker.deadletter.Reason;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where people settle dead letters, one at a time. Methods throw {@link org.apache.kafka.common.KafkaException} if the cluster
 * does not answer. Safe for any thread.
 */
public final class DeadLetterDesk implements AutoCloseable {
    private final KafkaConfig kafka;
    private final LanesConfig config;
    private final Keys keys;
    private final InstantSource clock;
    private @Nullable DeadLetters topic;

    /** Connects when it is needed first. */
    public DeadLetterDesk(KafkaConfig kafka, LanesConfig config, Keys keys, InstantSource clock) {
        this.kafka = kafka;
        this.config = config;
        this.keys = keys;
        this.clock = clock;
    }

    /** The open entry of that key; empty if there is none, or none any more. */
    public synchronized Optional<DeadLetter> find(String key) throws InterruptedException {
        return topic().open().stream()
                .filter(letter -> letter.key().equals(key))
                .findFirst();
    }

    /** Sends an entry back to its store. */
    public synchronized Decided redrive(DeadLetter letter) throws InterruptedException {
        return decisions().redrive(List.of(letter)).decided().getFirst();
    }

    /** Whether a reason may be kept with an entry: it must not name the person. */
    public synchronized boolean mayKeep(Reason reason, DeadLetter letter) {
        return !decisions().names(reason, letter);
    }

    /**
     * Gives an entry up.
     *
     * @throws IllegalArgumentException if the reason names the person
     */
    public synchronized Decided discard(DeadLetter letter, Reason reason) throws InterruptedException {
        return decisions().discard(letter, reason);
    }

    private Decisions decisions() {
        return new Decisions(topic(), keys, config.retrying(), config.retryDelay());
    }

    private DeadLetters topic() {
        DeadLetters connected = topic;
        if (connected == null) {
            connected = new DeadLetters(kafka, clock);
            topic = connected;
        }
        return connected;
    }

    @Override
    public synchronized void close() {
        if (topic != null) {
            topic.close();
        }
    }
}
