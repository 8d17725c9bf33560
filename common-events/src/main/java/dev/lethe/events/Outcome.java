package dev.lethe.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request in one store: the value of {@code erasure.outcomes}. Carries counts and a pseudonym, never an
 * identifier.
 *
 * @param requestId the request
 * @param subjectKey the pseudonym of the subject
 * @param store the store's name in the configuration; {@value #CONFIRM} where the request came to no store, because the user
 *     still exists
 * @param run what made the store look: {@code erase}, {@code sweep-1h}, {@code settle}, {@code replay-<id>}; {@value #CONFIRM} for the same
 * @param at when the store had answered
 * @param attempt from 1; more than 1 where the request came back through the retry topic
 * @param status the result over all targets
 * @param code why it failed, from a fixed vocabulary such as {@code POISON}; absent unless {@link Status#FAILED}
 * @param reason why a human gave it up, in the human's words, which name nobody: 1 to {@value #LONGEST_REASON} characters;
 *     absent unless the code is {@value #DISCARDED}
 * @param targets what was done to each target, in the order in which it was done
 * @param by whose work it is; absent where it is no store's, and where a version of Lethe wrote it that did not tell
 */
public record Outcome(
        UUID requestId,
        SubjectKey subjectKey,
        String store,
        String run,
        Instant at,
        int attempt,
        Status status,
        @Nullable String code,
        @Nullable String reason,
        List<TargetOutcome> targets,
        @Nullable Maker by) {
    /** The run of the first pass over the log. */
    public static final String ERASE = "erase";

    /** The run that settles what an erasure left open: kept for a while, or deleted later by the store itself. */
    public static final String SETTLE = "settle";

    private static final String SWEEP = "sweep-";

    /**
     * Stands for store and run where the identity provider was asked, and no store. No store can have this name: it is that of
     * the lane, and part of its group and its retry topic.
     */
    public static final String CONFIRM = "confirm";

    /** The code of a dead letter that a human gave up. */
    public static final String DISCARDED = "DISCARDED";

    /** How many characters (code points) a reason may have. */
    public static final int LONGEST_REASON = 200;

    public Outcome {
        Objects.requireNonNull(requestId);
        Objects.requireNonNull(subjectKey);
        Objects.requireNonNull(store);
        Objects.requireNonNull(run);
        Objects.requireNonNull(at);
        Objects.requireNonNull(status);
        targets = List.copyOf(targets);
        if (attempt < 1) {
            throw new IllegalArgumentException("attempts count from 1");
        }
        if (reason != null && (reason.isEmpty() || reason.codePointCount(0, reason.length()) > LONGEST_REASON)) {
            throw new IllegalArgumentException("a reason has 1 to " + LONGEST_REASON + " characters");
        }
    }

    /** An outcome that no human had a part in. */
    public Outcome(
            UUID requestId,
            SubjectKey subjectKey,
            String store,
            String run,
            Instant at,
            int attempt,
            Status status,
            @Nullable String code,
            List<TargetOutcome> targets) {
        this(requestId, subjectKey, store, run, at, attempt, status, code, null, targets, null);
    }

    /** The same, as the work of that worker. */
    public Outcome by(Maker maker) {
        return new Outcome(requestId, subjectKey, store, run, at, attempt, status, code, reason, targets, maker);
    }

    /** The run of a sweep so long after the request, in its largest whole unit: {@code sweep-90s}, {@code sweep-1h}, {@code sweep-7d}. */
    public static String sweep(Duration after) {
        long seconds = after.toSeconds();
        for (Map.Entry<String, Integer> unit :
                List.of(Map.entry("d", 86_400), Map.entry("h", 3600), Map.entry("m", 60))) {
            if (seconds > 0 && seconds % unit.getValue() == 0) {
                return SWEEP + seconds / unit.getValue() + unit.getKey();
            }
        }
        return SWEEP + seconds + "s";
    }

    /** Whether a run is a sweep's. */
    public static boolean isSweep(String run) {
        return run.startsWith(SWEEP);
    }

    @JsonProperty(index = 0, access = JsonProperty.Access.READ_ONLY)
    int version() {
        return ErasureRequest.VERSION;
    }

    /** The record key: one final outcome per request, store and run survives compaction. */
    public String key() {
        return requestId + "/" + store + "/" + run;
    }

    /**
     * What a worker is, as far as that decides on what it erases.
     *
     * @param version of Lethe
     * @param configuration {@code sha256:} and 64 hexadecimal digits: the hash of which stores there are, what is erased from them,
     *     and how. The same for workers that are configured alike
     */
    public record Maker(String version, String configuration) {
        public Maker {
            Objects.requireNonNull(version);
            Objects.requireNonNull(configuration);
        }
    }

    /** The result of a request in a store. */
    public enum Status {
        /** Items were deleted. */
        ERASED,
        /** Items were made anonymous, and perhaps others deleted. */
        ANONYMIZED,
        /** The store was asked and held nothing of the subject. */
        NOT_FOUND,
        /** Something has to be kept for a while; the targets name basis and end. Open until a later run settles it. */
        RETAINED,
        /** The store has accepted, and completes by itself until a date that the targets name. Open until then. */
        SCHEDULED,
        /** The identity provider still knows the user: nothing was erased. */
        WITHDRAWN,
        /** A sweep found data again, and erased it. */
        RESIDUE_ERASED,
        /** Given up and dead-lettered: a human decides. */
        FAILED
    }

    /** What is done to an item. */
    public enum Action {
        @JsonProperty("delete")
        DELETE,
        @JsonProperty("anonymize")
        ANONYMIZE,
        @JsonProperty("retain")
        RETAIN,
        /** Accepted by a store that deletes later, by itself. */
        @JsonProperty("schedule")
        SCHEDULE
    }

    /**
     * What was done to one target.
     *
     * @param target a table, key pattern, index, bucket prefix, …, as the configuration names it
     * @param action what was done
     * @param items to how many items, exactly
     * @param basis why items are kept, for {@link Action#RETAIN} alone
     * @param until when the last of them may go, for {@link Action#RETAIN}; when the last of them is gone, for {@link
     *     Action#SCHEDULE}
     */
    public record TargetOutcome(
            String target,
            Action action,
            long items,
            @Nullable String basis,
            @Nullable Instant until) {
        public TargetOutcome {
            Objects.requireNonNull(target);
            Objects.requireNonNull(action);
            if (items < 0) {
                throw new IllegalArgumentException("a target has 0 items or more");
            }
        }

        /** Items that are gone for good. */
        public static TargetOutcome deleted(String target, long items) {
            return new TargetOutcome(target, Action.DELETE, items, null, null);
        }

        /** Items that stay, and no longer tell whose they were. */
        public static TargetOutcome anonymized(String target, long items) {
            return new TargetOutcome(target, Action.ANONYMIZE, items, null, null);
        }

        /** Items that have to be kept, at the latest until then. */
        public static TargetOutcome retained(String target, long items, String basis, Instant until) {
            return new TargetOutcome(target, Action.RETAIN, items, basis, until);
        }

        /** Items that the store deletes by itself, at the latest until then. */
        public static TargetOutcome scheduled(String target, long items, Instant until) {
            return new TargetOutcome(target, Action.SCHEDULE, items, null, until);
        }
    }
}
