package dev.lethe.ledger.certificate;

import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.StoreState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request, and what shows it: the payload of a signed certificate, version 1. Everything in {@code claims} follows from the
 * entries in {@code evidence}, and whoever verifies works it out again.
 *
 * @param version 1
 * @param issuer the name of the log
 * @param issuedAt when it was made
 * @param lethe the version of Lethe that made it
 * @param claims what it says
 * @param evidence the entries of the log about the request, each with its proof, in their order
 * @param checkpoint the signed note that all of the proofs lead to
 * @param since an earlier checkpoint, and the proof that the log still begins with what it stood for; null if none was asked for
 */
public record Certificate(
        int version,
        String issuer,
        Instant issuedAt,
        String lethe,
        Claims claims,
        List<Evidence> evidence,
        String checkpoint,
        @Nullable Since since) {
    public static final int VERSION = 1;

    public Certificate {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(issuedAt);
        Objects.requireNonNull(lethe);
        Objects.requireNonNull(claims);
        Objects.requireNonNull(checkpoint);
        evidence = List.copyOf(evidence);
    }

    /**
     * What a certificate says.
     *
     * @param source who asked for the erasure, such as {@code fusionauth}; null if the log does not have the request itself
     * @param requestedAt when the request was received
     * @param dueBy when it had to be done
     * @param settledAt when it was completed or cancelled; null if it is open
     * @param stores by name
     */
    public record Claims(
            UUID requestId,
            SubjectKey subjectKey,
            RequestStatus status,
            @Nullable String source,
            Instant requestedAt,
            @Nullable Instant dueBy,
            @Nullable Instant settledAt,
            List<StoreClaim> stores) {
        public Claims {
            Objects.requireNonNull(requestId);
            Objects.requireNonNull(subjectKey);
            Objects.requireNonNull(status);
            Objects.requireNonNull(requestedAt);
            stores = List.copyOf(stores);
        }
    }

    /**
     * What became of it in one store.
     *
     * @param items how many items were deleted or made anonymous
     * @param settledAt when the store first had it settled
     * @param lastAt when it last answered
     * @param code why it failed or was given up
     * @param reason why a human gave it up
     * @param targets what was done to each table, key pattern, index, …, by name
     * @param by the workers whose work it is: version and configuration, the earliest first
     */
    public record StoreClaim(
            String store,
            StoreState state,
            long items,
            @Nullable Instant settledAt,
            @Nullable Instant lastAt,
            @Nullable String code,
            @Nullable String reason,
            List<TargetClaim> targets,
            List<Maker> by) {
        public StoreClaim {
            targets = List.copyOf(targets);
            by = List.copyOf(by);
        }
    }

    /**
     * What was done to one target, over all runs.
     *
     * @param retained how many items are kept, as the last run found
     * @param scheduled how many items the store deletes by itself, as the last run found
     * @param basis why items are kept
     * @param until when the last of them may go, or is gone
     */
    public record TargetClaim(
            String target,
            long deleted,
            long anonymized,
            long retained,
            long scheduled,
            @Nullable String basis,
            @Nullable Instant until) {}

    /**
     * An entry of the log.
     *
     * @param index its place
     * @param entry its very bytes, as text
     * @param path the hashes that lead from it to the checkpoint's root (base64), from below
     */
    public record Evidence(long index, String entry, List<String> path) {
        public Evidence {
            Objects.requireNonNull(entry);
            path = List.copyOf(path);
        }
    }

    /**
     * What the log was before.
     *
     * @param checkpoint the earlier signed note
     * @param path the hashes (base64) that lead from it to this certificate's checkpoint
     */
    public record Since(String checkpoint, List<String> path) {
        public Since {
            Objects.requireNonNull(checkpoint);
            path = List.copyOf(path);
        }
    }
}
