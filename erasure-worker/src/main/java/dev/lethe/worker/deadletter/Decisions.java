package dev.lethe.worker.deadletter;

import dev.lethe.events.Keys;
import dev.lethe.events.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a human decides about dead letters, wherever: on the command line and in the console. Methods throw {@link
 * org.apache.kafka.common.KafkaException} if the cluster does not answer. For one thread.
 */
public final class Decisions {
    private final DeadLetters topic;
    private final Keys keys;
    private final Set<String> retrying;
    private final Duration retryDelay;

    /** What has become of a decision. */
    public enum State {
        /** Sent back to its store. */
        REDRIVEN,
        /** Sent back before, and its store has yet to take it. */
        ON_ITS_WAY,
        /** It can't be sent back; the detail says why, and what to do. */
        REFUSED,
        /** Given up, with an outcome that keeps the reason. */
        DISCARDED,
        /** Given up without an outcome: the record does not say whose request it was. */
        DISCARDED_UNREAD
    }

    /** What has become of the decision about one entry. */
    public record Decided(DeadLetter letter, State state, String detail) {}

    /**
     * What has become of entries that were to be sent back.
     *
     * @param decided one for each entry, those that were not sent first
     * @param redrive follows those that were
     */
    public record Sent(List<Decided> decided, Redrive redrive) {
        public Sent {
            decided = List.copyOf(decided);
        }
    }

    /**
     * @param keys with which the workers would open an entry
     * @param retrying those whose retry topics are read: the stores, and the lane that confirms, if there is one
     * @param retryDelay the delay of the retry lanes
     */
    public Decisions(DeadLetters topic, Keys keys, Collection<String> retrying, Duration retryDelay) {
        this.topic = topic;
        this.keys = keys;
        this.retrying = Set.copyOf(retrying);
        this.retryDelay = retryDelay;
    }

    /** The keys of those of the entries that were sent back, and that their store has not got round to. */
    public Set<String> onTheirWay(List<DeadLetter> letters) throws InterruptedException {
        var stores = new TreeSet<>(retrying);
        stores.retainAll(letters.stream().map(DeadLetter::store).toList());
        return topic.onTheirWay(stores);
    }

    /** Why an entry can't be sent back, and what to do about it; empty if it can. */
    public Optional<String> obstacle(DeadLetter letter) {
        return letter.obstacle(keys, retrying);
    }

    /** Sends entries back that can be, and have not been already. */
    public Sent redrive(List<DeadLetter> letters) throws InterruptedException {
        Set<String> onTheirWay = onTheirWay(letters);
        var decided = new ArrayList<Decided>();
        var ready = new ArrayList<DeadLetter>();
        for (DeadLetter letter : letters) {
            Optional<String> obstacle = obstacle(letter);
            if (obstacle.isPresent()) {
                decided.add(new Decided(letter, State.REFUSED, obstacle.get()));
            } else if (onTheirWay.contains(letter.key())) {
                decided.add(new Decided(letter, State.ON_ITS_WAY, "before, and its store has yet to take it"));
            } else {
                ready.add(letter);
            }
        }
        Redrive redrive = topic.redrive(ready, retryDelay);
        ready.forEach(letter -> decided.add(new Decided(letter, State.REDRIVEN, "store " + letter.store())));
        return new Sent(decided, redrive);
    }

    /** Whether a reason holds an identifier of the person whom an entry is about, as far as the keys can tell. */
    public boolean names(Reason reason, DeadLetter letter) {
        if (letter.request() == null) {
            return false;
        }
        try {
            return reason.names(keys.open(letter.request()));
        } catch (UnreadableRecordException e) {
            return false;
        }
    }

    /**
     * Gives an entry up.
     *
     * @throws IllegalArgumentException if the reason {@linkplain #names names} the person
     */
    public Decided discard(DeadLetter letter, Reason reason) throws InterruptedException {
        if (names(reason, letter)) {
            throw new IllegalArgumentException("the reason names the person: it is kept for good, so name nobody");
        }
        return topic.discard(letter, reason) == null
                ? new Decided(
                        letter,
                        State.DISCARDED_UNREAD,
                        "without an outcome: the record does not say whose request it was")
                : new Decided(letter, State.DISCARDED, "the outcome keeps the reason");
    }
}
