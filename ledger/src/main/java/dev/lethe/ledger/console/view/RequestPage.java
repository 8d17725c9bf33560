package dev.lethe.ledger.console.view;

import dev.lethe.ledger.journal.JournalEntry.Held;
import dev.lethe.ledger.request.DeadLetterRow;
import dev.lethe.ledger.request.RequestDetail;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.StoreRow;
import dev.lethe.worker.deadletter.Explanation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All there is about a request. */
public record RequestPage(
        RequestLine line,
        String headline,
        List<String> remarks,
        List<Store> stores,
        List<TimelineEvent> timeline,
        List<Fact> facts,
        List<Letter> deadLetters) {

    /** What became of it in one store. */
    public record Store(
            String name,
            Pill state,
            @Nullable Moment settled,
            @Nullable String code,
            String items) {}

    /** @param isCode whether it is for machines rather than for reading */
    public record Fact(String name, String value, boolean isCode) {}

    /** A store that waits for a human. */
    public record Letter(String store, String code, String meaning) {}

    public static RequestPage of(RequestDetail detail, Instant now) {
        RequestRow row = detail.request();
        return new RequestPage(
                RequestLine.of(row, now),
                headline(row, now),
                remarks(row),
                detail.stores().stream().map(store -> store(store, now)).toList(),
                detail.timeline().stream()
                        .map(leaf -> TimelineEvent.of(leaf, now))
                        .toList(),
                facts(row),
                detail.deadLetters().stream().map(RequestPage::letter).toList());
    }

    public String personPath() {
        return "/console/requests?subject=" + line.subjectKey();
    }

    public String certificatePath() {
        return line.path() + "/certificate";
    }

    private static Store store(StoreRow store, Instant now) {
        return new Store(
                store.store(),
                Pill.of(store.state()),
                Moment.ofNullable(store.settledAt(), now),
                store.code(),
                Words.number(store.items()));
    }

    private static Letter letter(DeadLetterRow letter) {
        return new Letter(
                letter.store(), letter.code(), Explanation.of(letter.code()).meaning());
    }

    private static String headline(RequestRow row, Instant now) {
        Instant settledAt = row.settledAt();
        String took = settledAt == null
                ? ""
                : " after " + String.join(" ", Words.measured(positive(row.requestedAt(), settledAt)));
        return switch (row.status()) {
            case COMPLETED ->
                row.givenUp()
                        ? "Closed" + took + ": at least one store was given up, and may still hold data"
                        : "Completed" + took + ": " + Words.counted(row.stores(), "store has", "stores have")
                                + " answered, " + Words.counted(row.items(), "item is", "items are") + " gone";
            case CANCELLED ->
                "Cancelled" + took
                        + (Held.isSource(row.source())
                                ? ": it was withdrawn by whoever had asked for it, before it began, and nothing was"
                                        + " erased"
                                : ": the identity provider still knew this user, and nothing was erased");
            case PENDING ->
                row.failed()
                        ? "A store did not manage it: a human has to decide"
                        : Held.isSource(row.source())
                                ? "Pending: it is held, and can still be withdrawn"
                                : "Pending: no store has answered yet";
            case IN_PROGRESS ->
                row.failed()
                        ? "A store did not manage it: a human has to decide"
                        : "In progress: " + row.storesDone() + " of " + Words.counted(row.stores(), "store", "stores")
                                + (row.isOverdue(now) ? ", and overdue" : "");
        };
    }

    private static Duration positive(Instant from, Instant to) {
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }

    private static List<String> remarks(RequestRow row) {
        var remarks = new ArrayList<String>();
        if (row.retained()) {
            remarks.add(
                    "Something is kept for a reason that the law allows: the timeline says what, why and until when.");
        }
        if (row.dueBy() == null) {
            remarks.add("The request itself is older than the log: only what became of it is known.");
        }
        return remarks;
    }

    private static List<Fact> facts(RequestRow row) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("Request", row.requestId().toString(), true));
        facts.add(new Fact("Person", row.subjectKey().value(), true));
        if (row.source() != null) {
            facts.add(new Fact("Asked for by", row.source(), false));
        }
        facts.add(new Fact("Received", Words.exact(row.requestedAt()), false));
        add(facts, "Announced", row.announcedAt());
        add(facts, "In the log", row.acceptedAt());
        add(facts, "Due", row.dueBy());
        add(facts, "Settled", row.settledAt());
        facts.add(new Fact("Status", row.status().word(), true));
        return facts;
    }

    private static void add(List<Fact> facts, String name, @Nullable Instant instant) {
        if (instant != null) {
            facts.add(new Fact(name, Words.exact(instant), false));
        }
    }
}
