package dev.lethe.ledger.certificate;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.ledger.certificate.Certificate.Claims;
import dev.lethe.ledger.certificate.Certificate.StoreClaim;
import dev.lethe.ledger.certificate.Certificate.TargetClaim;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.request.Account;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.StoreRow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a certificate says, worked out from the entries of the log: when it is made, and again by whoever verifies it. */
final class ClaimsOf {
    private ClaimsOf() {}

    /**
     * @param entries about that request, in the order of the log
     * @return empty if none of them tells whose request it is
     */
    static Optional<Claims> entries(UUID requestId, List<JournalEntry> entries) {
        return Account.of(requestId, entries).map(account -> {
            RequestRow request = account.request();
            return new Claims(
                    requestId,
                    request.subjectKey(),
                    request.status(),
                    request.source(),
                    request.requestedAt(),
                    request.dueBy(),
                    request.settledAt(),
                    account.stores().stream().map(row -> store(row, entries)).toList());
        });
    }

    private static StoreClaim store(StoreRow row, List<JournalEntry> entries) {
        List<Outcome> outcomes = entries.stream()
                .filter(Settled.class::isInstance)
                .map(entry -> ((Settled) entry).outcome())
                .filter(outcome -> outcome.store().equals(row.store()))
                .toList();
        return new StoreClaim(
                row.store(),
                row.state(),
                row.items(),
                row.settledAt(),
                row.lastAt(),
                row.code(),
                row.code() == null ? null : reason(outcomes),
                targets(outcomes),
                List.copyOf(new LinkedHashSet<Maker>(outcomes.stream()
                        .map(Outcome::by)
                        .filter(Objects::nonNull)
                        .toList())));
    }

    private static @Nullable String reason(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(Outcome::reason)
                .filter(Objects::nonNull)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    private static List<TargetClaim> targets(List<Outcome> outcomes) {
        Map<String, TargetClaim> claims = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            if (leavesOpen(outcome)) {
                claims.replaceAll(
                        (name, claim) -> new TargetClaim(name, claim.deleted(), claim.anonymized(), 0, 0, null, null));
            }
            outcome.targets()
                    .forEach(target -> claims.merge(
                            target.target(),
                            with(new TargetClaim(target.target(), 0, 0, 0, 0, null, null), target, outcome),
                            (claim, any) -> with(claim, target, outcome)));
        }
        return List.copyOf(claims.values());
    }

    /** Whether an outcome tells all that is still kept: the last one that does is the one that counts. */
    private static boolean leavesOpen(Outcome outcome) {
        return outcome.status() != Status.FAILED && !Outcome.isSweep(outcome.run());
    }

    private static TargetClaim with(TargetClaim claim, TargetOutcome target, Outcome outcome) {
        return switch (target.action()) {
            case DELETE ->
                new TargetClaim(
                        claim.target(),
                        claim.deleted() + target.items(),
                        claim.anonymized(),
                        claim.retained(),
                        claim.scheduled(),
                        claim.basis(),
                        claim.until());
            case ANONYMIZE ->
                new TargetClaim(
                        claim.target(),
                        claim.deleted(),
                        claim.anonymized() + target.items(),
                        claim.retained(),
                        claim.scheduled(),
                        claim.basis(),
                        claim.until());
            case RETAIN ->
                leavesOpen(outcome)
                        ? new TargetClaim(
                                claim.target(),
                                claim.deleted(),
                                claim.anonymized(),
                                target.items(),
                                claim.scheduled(),
                                target.basis(),
                                target.until())
                        : claim;
            case SCHEDULE ->
                leavesOpen(outcome)
                        ? new TargetClaim(
                                claim.target(),
                                claim.deleted(),
                                claim.anonymized(),
                                claim.retained(),
                                target.items(),
                                claim.basis(),
                                target.until())
                        : claim;
        };
    }
}
