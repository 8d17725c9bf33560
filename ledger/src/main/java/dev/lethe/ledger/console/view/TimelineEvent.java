package dev.lethe.ledger.console.view;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.worker.deadletter.Explanation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a request.
 *
 * @param index its place in the journal
 * @param tone how it is marked
 * @param detail what else there is to say; null if nothing
 * @param targets what was done to each table, key pattern, or the like
 */
public record TimelineEvent(
        long index,
        String tone,
        String title,
        Moment at,
        @Nullable String detail,
        List<String> targets) {

    static TimelineEvent of(Leaf leaf, Instant now) {
        Moment at = Moment.of(leaf.entry().at(), now);
        return switch (leaf.entry()) {
            case JournalEntry.Announced entry ->
                new TimelineEvent(
                        leaf.index(),
                        "idle",
                        "Deletion announced",
                        at,
                        "By " + entry.source() + " (" + entry.type()
                                + "). It waits until the identity provider says that the user is gone.",
                        List.of());
            case JournalEntry.Requested entry ->
                new TimelineEvent(
                        leaf.index(),
                        "busy",
                        "Erasure requested",
                        at,
                        "By " + entry.source() + " (" + entry.type() + "). " + from(entry.stores()),
                        List.of());
            case JournalEntry.Settled entry -> of(leaf.index(), entry.outcome(), at);
            case JournalEntry.DeadLettered entry ->
                new TimelineEvent(
                        leaf.index(),
                        "bad",
                        entry.store() + ": not done after " + Words.counted(entry.attempts(), "attempt", "attempts")
                                + " (" + entry.code() + ")",
                        at,
                        Explanation.of(entry.code()).meaning() + " It waits for a human.",
                        List.of());
            case JournalEntry.DeadLetterClosed entry -> closed(leaf.index(), entry, at);
            case JournalEntry.Held entry ->
                new TimelineEvent(
                        leaf.index(),
                        "idle",
                        "Erasure requested, and held",
                        at,
                        "By " + entry.source() + " (" + entry.type() + "), as " + entry.subjectRequestId()
                                + ". It can be withdrawn until " + Words.exact(entry.until()) + ".",
                        List.of());
            case JournalEntry.Released entry ->
                new TimelineEvent(
                        leaf.index(),
                        "busy",
                        "Released",
                        at,
                        "The time to withdraw it is over. What was withdrawn before stays so.",
                        List.of());
            case JournalEntry.Withdrawn entry ->
                new TimelineEvent(
                        leaf.index(),
                        "idle",
                        "Withdrawn",
                        at,
                        "By " + entry.by() + ", who had asked for it. What was released before is erased all the same.",
                        List.of());
            case JournalEntry.CalledBack entry ->
                new TimelineEvent(
                        leaf.index(),
                        entry.delivered() ? "good" : "warn",
                        entry.delivered() ? "Whoever asked for it was told" : "Whoever asked for it could not be told",
                        at,
                        "Change " + entry.change() + " of the status"
                                + (entry.delivered()
                                        ? "."
                                        : ": the address did not take it for days, and was given up."),
                        List.of());
            case JournalEntry.Acted entry ->
                new TimelineEvent(
                        leaf.index(),
                        "idle",
                        ActionList.words(entry.action()),
                        at,
                        "By " + entry.actor() + "." + (entry.reason() == null ? "" : " Reason: " + entry.reason()),
                        List.of());
        };
    }

    private static TimelineEvent closed(long index, JournalEntry.DeadLetterClosed entry, Moment at) {
        if (entry.reason() != null) {
            return new TimelineEvent(
                    index, "warn", "Dead letter discarded", at, "Reason: " + entry.reason(), List.of());
        }
        if (entry.opened() != null) {
            return new TimelineEvent(
                    index,
                    "idle",
                    "Dead letter settled some time later",
                    at,
                    "The ledger was away for too long to see when and how. Nothing waits for a human any more.",
                    List.of());
        }
        return new TimelineEvent(
                index, "good", "Dead letter settled", at, "Nothing waits for a human any more.", List.of());
    }

    private static String from(List<String> stores) {
        return stores.isEmpty() ? "" : "To be erased from " + String.join(", ", stores) + ".";
    }

    private static TimelineEvent of(long index, Outcome outcome, Moment at) {
        String subject = outcome.store().equals(Outcome.CONFIRM) ? "Identity provider" : outcome.store();
        String reason = outcome.reason();
        return new TimelineEvent(
                index,
                tone(outcome),
                subject + ": " + what(outcome) + occasion(outcome.run()),
                at,
                reason != null ? "Reason: " + reason : code(outcome),
                outcome.targets().stream().map(TimelineEvent::target).toList());
    }

    private static @Nullable String code(Outcome outcome) {
        String code = outcome.code();
        return code == null ? null : code + ": " + Explanation.of(code).meaning();
    }

    private static String tone(Outcome outcome) {
        return switch (outcome.status()) {
            case ERASED, ANONYMIZED, NOT_FOUND -> "good";
            case RETAINED, RESIDUE_ERASED -> "warn";
            case SCHEDULED -> "busy";
            case WITHDRAWN -> "idle";
            case FAILED -> "bad";
        };
    }

    private static String what(Outcome outcome) {
        return switch (outcome.status()) {
            case ERASED -> "erased";
            case ANONYMIZED -> "made anonymous";
            case NOT_FOUND -> Outcome.isSweep(outcome.run()) ? "nothing has come back" : "held nothing of this person";
            case RETAINED -> "erased but for what is kept";
            case SCHEDULED -> "taken over, and done later";
            case WITHDRAWN -> "still knows the user: withdrawn";
            case RESIDUE_ERASED -> "data had come back, and was erased again";
            case FAILED -> Outcome.DISCARDED.equals(outcome.code()) ? "given up by a human" : "failed";
        };
    }

    private static String occasion(String run) {
        return run.equals(Outcome.ERASE) || run.equals(Outcome.CONFIRM) ? "" : " (" + run + ")";
    }

    private static String target(TargetOutcome target) {
        String items = Words.number(target.items());
        return target.target() + ": "
                + switch (target.action()) {
                    case DELETE -> items + " deleted";
                    case ANONYMIZE -> items + " made anonymous";
                    case RETAIN -> items + " kept" + until(target.until()) + basis(target.basis());
                    case SCHEDULE -> items + " to be deleted" + by(target.until());
                };
    }

    private static String until(@Nullable Instant until) {
        return until == null ? "" : " until " + Words.day(until);
    }

    private static String by(@Nullable Instant until) {
        return until == null ? "" : " by " + Words.day(until);
    }

    private static String basis(@Nullable String basis) {
        return basis == null ? "" : ", because of: " + basis;
    }
}
