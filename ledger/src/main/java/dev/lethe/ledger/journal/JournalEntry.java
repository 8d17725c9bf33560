package dev.lethe.ledger.journal;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.lethe.events.Outcome;
import dev.lethe.events.SubjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened: a value of {@code erasure.journal} and a leaf of the tree. Carries pseudonyms and counts, never an
 * identifier. The same happening makes the same bytes, so that it is noted once however often it is delivered.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JournalEntry.Announced.class, name = "announced"),
    @JsonSubTypes.Type(value = JournalEntry.Requested.class, name = "requested"),
    @JsonSubTypes.Type(value = JournalEntry.Settled.class, name = "outcome"),
    @JsonSubTypes.Type(value = JournalEntry.DeadLettered.class, name = "dead-letter"),
    @JsonSubTypes.Type(value = JournalEntry.DeadLetterClosed.class, name = "dead-letter-closed"),
    @JsonSubTypes.Type(value = JournalEntry.Acted.class, name = "action"),
    @JsonSubTypes.Type(value = JournalEntry.Held.class, name = "held"),
    @JsonSubTypes.Type(value = JournalEntry.Released.class, name = "released"),
    @JsonSubTypes.Type(value = JournalEntry.Withdrawn.class, name = "withdrawn"),
    @JsonSubTypes.Type(value = JournalEntry.CalledBack.class, name = "called-back")
})
public sealed interface JournalEntry {
    /** The version of what is in the journal that this code writes, and the only one that it reads. */
    int VERSION = 1;

    @JsonProperty(index = 0, access = JsonProperty.Access.READ_ONLY)
    default int version() {
        return VERSION;
    }

    /** When it happened. */
    Instant at();

    /** The request that it is about; empty if it is about none, or nobody can tell. */
    Optional<UUID> request();

    /** One that is always about a request. */
    sealed interface OfRequest extends JournalEntry {
        UUID requestId();

        @Override
        default Optional<UUID> request() {
            return Optional.of(requestId());
        }
    }

    /**
     * A deletion was announced, and is not confirmed.
     *
     * @param at when the log had it
     * @param requestedAt when Lethe accepted it
     * @param source who announced it, such as {@code fusionauth}
     * @param type the source's name of the event
     */
    record Announced(
            UUID requestId,
            SubjectKey subjectKey,
            Instant at,
            Instant requestedAt,
            Instant dueBy,
            String source,
            String type)
            implements OfRequest {
        public Announced {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(subjectKey);
            Objects.requireNonNull(at);
            Objects.requireNonNull(requestedAt);
            Objects.requireNonNull(dueBy);
        }
    }

    /**
     * A person is to be erased: the request is in the log that every store reads.
     *
     * @param at when the log had it
     * @param requestedAt when Lethe accepted it
     * @param source who announced it, such as {@code fusionauth}
     * @param type the source's name of the event
     * @param stores from which the person is to be erased, as the ledger was configured when it noted this
     */
    record Requested(
            UUID requestId,
            SubjectKey subjectKey,
            Instant at,
            Instant requestedAt,
            Instant dueBy,
            String source,
            String type,
            List<String> stores)
            implements OfRequest {
        public Requested {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(subjectKey);
            Objects.requireNonNull(at);
            Objects.requireNonNull(requestedAt);
            Objects.requireNonNull(dueBy);
            stores = List.copyOf(stores);
        }
    }

    /** A store answered, or the identity provider did. */
    record Settled(Outcome outcome) implements JournalEntry {
        public Settled {
            Objects.requireNonNull(outcome);
        }

        @Override
        public Instant at() {
            return outcome.at();
        }

        @Override
        public Optional<UUID> request() {
            return Optional.of(outcome.requestId());
        }
    }

    /**
     * A store gave a request up, and a human has to decide.
     *
     * @param key the dead letter's key
     * @param at when it was given up
     * @param requestId the request; null if the record can't be read
     * @param attempts how often it was tried
     */
    record DeadLettered(
            String key,
            Instant at,
            @Nullable UUID requestId,
            String store,
            String code,
            int attempts,
            Instant firstFailedAt)
            implements JournalEntry {
        public DeadLettered {
            Objects.requireNonNull(key);
            Objects.requireNonNull(at);
            Objects.requireNonNull(store);
            Objects.requireNonNull(code);
            Objects.requireNonNull(firstFailedAt);
        }

        @Override
        public Optional<UUID> request() {
            return Optional.ofNullable(requestId);
        }
    }

    /**
     * A dead letter was closed: done after all, or discarded.
     *
     * @param requestId the request; null if the record could not be read
     * @param reason why a human gave it up, in the human's words; null otherwise
     * @param opened when the dead letter was opened that this closes, and no later one of its key; null if the closing itself
     *     was seen, which closes whatever is open
     */
    record DeadLetterClosed(
            String key,
            Instant at,
            @Nullable UUID requestId,
            @Nullable String reason,
            @Nullable Instant opened) implements JournalEntry {
        public DeadLetterClosed {
            Objects.requireNonNull(key);
            Objects.requireNonNull(at);
        }

        /**
         * It is not in its topic any more, and nobody saw why. The instant is the last that is known of it, so that whoever
         * finds it gone, and however often, notes the same.
         */
        public static DeadLetterClosed unseen(String key, @Nullable UUID requestId, Instant opened) {
            return new DeadLetterClosed(key, opened, requestId, null, opened);
        }

        @Override
        public Optional<UUID> request() {
            return Optional.ofNullable(requestId);
        }
    }

    /**
     * A person who runs Lethe did something.
     *
     * @param id of the action, so that it is noted once
     * @param actor who, as the console knows them: the account of an operator, never a data subject
     * @param action what, such as {@code redrive}, {@code discard}, {@code request}, {@code cancel}, {@code certificate}
     * @param requestId the request that it was about; null if none
     * @param store the store that it was about; null if none
     * @param reason in the actor's words, which name nobody; null if none was asked for
     */
    record Acted(
            UUID id,
            Instant at,
            String actor,
            String action,
            @Nullable UUID requestId,
            @Nullable String store,
            @Nullable String reason)
            implements JournalEntry {
        public Acted {
            Objects.requireNonNull(id);
            Objects.requireNonNull(at);
            Objects.requireNonNull(actor);
            Objects.requireNonNull(action);
        }

        @Override
        public Optional<UUID> request() {
            return Optional.ofNullable(requestId);
        }
    }

    /**
     * A person is to be erased, unless whoever asked for it withdraws that in time: the request waits, sealed, in a topic of its own. It goes into
     * the log when it is {@link Released}, if that comes before it is {@link Withdrawn}; of these two, the first entry counts.
     *
     * @param at when the topic had it
     * @param requestedAt when Lethe accepted it
     * @param source who asked for it, such as {@code opendsr.acme}
     * @param type the source's name for it
     * @param subjectRequestId by which whoever asked for it knows it
     * @param until when it is to be released
     * @param callbacks whom to tell what becomes of it: fingerprints of addresses, which can hold secrets
     */
    record Held(
            UUID requestId,
            SubjectKey subjectKey,
            Instant at,
            Instant requestedAt,
            Instant dueBy,
            String source,
            String type,
            UUID subjectRequestId,
            Instant until,
            List<String> callbacks)
            implements OfRequest {
        /** What {@code source} begins with, for requests that are held: those of OpenDSR. */
        public static final String SOURCE = "opendsr.";

        public Held {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(subjectKey);
            Objects.requireNonNull(at);
            Objects.requireNonNull(requestedAt);
            Objects.requireNonNull(dueBy);
            Objects.requireNonNull(source);
            Objects.requireNonNull(type);
            Objects.requireNonNull(subjectRequestId);
            Objects.requireNonNull(until);
            callbacks = List.copyOf(callbacks);
        }

        /** Whether requests of that source are held. */
        public static boolean isSource(@Nullable String source) {
            return source != null && source.startsWith(SOURCE);
        }
    }

    /**
     * The time is up in which a request could be withdrawn: unless it was withdrawn before, it goes into the log. One that is delivered again is
     * released again, and counts once.
     */
    record Released(UUID requestId, Instant at) implements OfRequest {
        public Released {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(at);
        }
    }

    /**
     * Whoever asked for a request takes it back: unless it was released before, nobody is erased.
     *
     * @param by who
     */
    record Withdrawn(UUID requestId, Instant at, String by) implements OfRequest {
        public Withdrawn {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(at);
            Objects.requireNonNull(by);
        }
    }

    /**
     * Whoever asked for a request was told that its status had changed, or could not be told, and was given up.
     *
     * @param callback the fingerprint of the address, as {@link Held} has it
     * @param change which change of the request's status it was, from 1
     * @param delivered whether the address took it
     */
    record CalledBack(UUID requestId, Instant at, String callback, int change, boolean delivered) implements OfRequest {
        public CalledBack {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(at);
            Objects.requireNonNull(callback);
        }
    }
}
