package dev.lethe.worker.deadletter;

import dev.lethe.events.Codec;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.kafka.TopicReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Dead letters that were sent back, and what the topics tell of them since. For one thread. */
public final class Redrive {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicReader reader;
    private final Map<TopicPartition, Long> before;
    private final Map<String, Letter> pending = new LinkedHashMap<>();

    /** What became of a dead letter. */
    public enum Fate {
        /** The store has done it, and the entry is closed. */
        SETTLED,
        /** It was given up again, or discarded. */
        FAILED,
        /** Neither, so far. */
        PENDING
    }

    /**
     * What became of one dead letter.
     *
     * @param key the entry's key
     * @param detail the status of the outcome, or the code of the last failure; empty if nothing is known yet
     */
    public record Result(String key, String store, Fate fate, String detail) {}

    private static final class Letter {
        private final DeadLetter sent;
        private @Nullable Outcome outcome;
        private String lastCode = "";
        private boolean closed;
        private boolean givenUp;

        Letter(DeadLetter sent) {
            this.sent = sent;
        }

        boolean isKnown() {
            return givenUp || (closed && (outcome != null || isIntent()));
        }

        /** What is confirmed goes on to the stores, whose outcomes are their own. */
        private boolean isIntent() {
            return sent.store().equals(Outcome.CONFIRM);
        }

        Result result() {
            if (givenUp) {
                return new Result(sent.key(), sent.store(), Fate.FAILED, lastCode);
            }
            if (closed && outcome == null && isIntent()) {
                return new Result(sent.key(), sent.store(), Fate.SETTLED, "ASKED");
            }
            if (!closed || outcome == null) {
                return new Result(sent.key(), sent.store(), Fate.PENDING, lastCode);
            }
            return outcome.status() == Status.FAILED
                    ? new Result(sent.key(), sent.store(), Fate.FAILED, String.valueOf(outcome.code()))
                    : new Result(
                            sent.key(),
                            sent.store(),
                            Fate.SETTLED,
                            outcome.status().name());
        }
    }

    /** Made before they are sent, so that nothing is missed. */
    Redrive(TopicReader reader, List<DeadLetter> letters) throws InterruptedException {
        this.reader = reader;
        Set<String> topics = new TreeSet<>(List.of(TopicDefinition.DEAD_LETTERS, TopicDefinition.OUTCOMES));
        letters.forEach(letter -> {
            pending.put(letter.key(), new Letter(letter));
            topics.add(TopicDefinition.retry(letter.store()));
        });
        before = reader.ends(topics);
    }

    /** Who is told while {@link #await} waits. */
    public interface Watcher {
        /** Told several times a second of how many nothing is known yet, and how much longer they are waited for. */
        void waiting(int pending, Duration left);

        /** Told of each as soon as it is known, and of the pending ones at the end. */
        void known(Result result);
    }

    /**
     * Waits until it is known what became of each.
     *
     * @param most how long; what is not known then is {@link Fate#PENDING}
     */
    public void await(Duration most, Watcher watcher) {
        long start = System.nanoTime();
        reader.follow(before);
        while (!pending.isEmpty() && System.nanoTime() - start < most.toNanos()) {
            watcher.waiting(pending.size(), most.minusNanos(System.nanoTime() - start));
            for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
                note(record);
            }
            pending.values().removeIf(letter -> {
                if (letter.isKnown()) {
                    watcher.known(letter.result());
                }
                return letter.isKnown();
            });
        }
        pending.values().forEach(letter -> watcher.known(letter.result()));
    }

    private void note(ConsumerRecord<String, byte[]> record) {
        switch (record.topic()) {
            case TopicDefinition.OUTCOMES -> noteOutcome(record);
            case TopicDefinition.DEAD_LETTERS -> noteDeadLetter(record);
            default -> noteRetry(record);
        }
    }

    private void noteOutcome(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            Outcome outcome = Codec.decodeOutcome(record.value());
            for (Letter letter : pending.values()) {
                if (letter.sent.request() != null
                        && letter.sent.request().requestId().equals(outcome.requestId())
                        && letter.sent.store().equals(outcome.store())) {
                    letter.outcome = outcome;
                }
            }
        } catch (UnreadableRecordException e) {
            // Somebody else's; nothing that is followed here.
        }
    }

    private void noteDeadLetter(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            Letter letter = pending.get(record.key());
            if (letter != null) {
                letter.closed = true;
            }
            return;
        }
        Failure failure = Failure.read(record.headers());
        for (Letter letter : pending.values()) {
            // A dead letter can come back under another key: what could not be read then can be read now, or the
            // reverse.
            if (failure != null
                    && letter.sent.failure() != null
                    && letter.sent.failure().origin().equals(failure.origin())
                    && letter.sent.store().equals(failure.store())) {
                letter.lastCode = failure.code();
                letter.givenUp = true;
            }
        }
    }

    private void noteRetry(ConsumerRecord<String, byte[]> record) {
        Failure failure = Failure.read(record.headers());
        Letter letter = failure == null || failure.redriven() == null ? null : pending.get(failure.redriven());
        if (letter != null && failure != null && failure.attempt() > letter.sent.attempts()) {
            letter.lastCode = failure.code();
        }
    }
}
