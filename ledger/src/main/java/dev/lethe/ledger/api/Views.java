package dev.lethe.ledger.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.ledger.request.DeadLetterRow;
import dev.lethe.ledger.request.Page;
import dev.lethe.ledger.request.Point;
import dev.lethe.ledger.request.RequestDetail;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.Statistics;
import dev.lethe.ledger.request.StoreRow;
import dev.lethe.worker.deadletter.Explanation;
import dev.lethe.worker.status.LaneHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What programs are answered, field for field as the OpenAPI document has it. */
final class Views {
    private Views() {}

    /** @param next what {@code after} has to be for the page after; null if there is none */
    record RequestPage(List<Request> requests, @Nullable String next) {
        static RequestPage of(Page page, Instant now) {
            return new RequestPage(
                    page.rows().stream().map(row -> Request.of(row, now)).toList(),
                    page.next().map(Object::toString).orElse(null));
        }
    }

    /** A request in a list. */
    record Request(
            UUID requestId,
            String subjectKey,
            String status,
            boolean overdue,
            Instant requestedAt,
            @Nullable Instant dueBy,
            @Nullable String source,
            @Nullable Instant announcedAt,
            @Nullable Instant acceptedAt,
            @Nullable Instant settledAt,
            int stores,
            int storesDone,
            boolean failed,
            boolean retained,
            boolean givenUp,
            long items) {
        static Request of(RequestRow row, Instant now) {
            return new Request(
                    row.requestId(),
                    row.subjectKey().value(),
                    row.status().word(),
                    row.isOverdue(now),
                    row.requestedAt(),
                    row.dueBy(),
                    row.source(),
                    row.announcedAt(),
                    row.acceptedAt(),
                    row.settledAt(),
                    row.stores(),
                    row.storesDone(),
                    row.failed(),
                    row.retained(),
                    row.givenUp(),
                    row.items());
        }
    }

    /** @param entry the very bytes that the journal has, which are JSON */
    record Happening(long index, @JsonRawValue String entry) {
        static Happening of(Leaf leaf) {
            return new Happening(leaf.index(), leaf.content());
        }
    }

    /** Everything about a request. */
    record Detail(Request request, List<StoreRow> stores, List<Happening> timeline, List<DeadLetter> deadLetters) {
        static Detail of(RequestDetail detail, Instant now) {
            return new Detail(
                    Request.of(detail.request(), now),
                    detail.stores(),
                    detail.timeline().stream().map(Happening::of).toList(),
                    detail.deadLetters().stream()
                            .map(row -> DeadLetter.of(row, false))
                            .toList());
        }
    }

    /** The requests of somebody. */
    record Person(String subjectKey, List<Request> requests) {}

    record Numbers(
            long open,
            long pending,
            long inProgress,
            long completed,
            long cancelled,
            long doneToday,
            long atRisk,
            long overdue,
            long deadLetters,
            @Nullable Long timeToEraseMillisP50,
            @Nullable Long timeToEraseMillisP95,
            List<Point> days) {
        static Numbers of(Statistics statistics, List<Point> days) {
            return new Numbers(
                    statistics.open(),
                    statistics.pending(),
                    statistics.inProgress(),
                    statistics.completed(),
                    statistics.cancelled(),
                    statistics.doneToday(),
                    statistics.atRisk(),
                    statistics.overdue(),
                    statistics.failed(),
                    millis(statistics.median()),
                    millis(statistics.p95()),
                    days);
        }

        private static @Nullable Long millis(Optional<Duration> duration) {
            return duration.map(Duration::toMillis).orElse(null);
        }
    }

    /** @param at when they were looked at; null if they have not been yet */
    record Lanes(@Nullable Instant at, List<LaneHealth> lanes, List<String> problems, Set<String> onTheirWay) {
        static Lanes of(LaneBoard.View view) {
            return new Lanes(view.at().orElse(null), view.lanes(), view.problems(), view.onTheirWay());
        }
    }

    /** @param redriven whether it was sent back, and its store has yet to take it */
    record DeadLetter(
            String key,
            @Nullable UUID requestId,
            String store,
            String code,
            String meaning,
            String remedy,
            int attempts,
            Instant firstFailedAt,
            boolean redriven) {
        static DeadLetter of(DeadLetterRow row, boolean redriven) {
            Explanation explanation = Explanation.of(row.code());
            return new DeadLetter(
                    row.key(),
                    row.requestId(),
                    row.store(),
                    row.code(),
                    explanation.meaning(),
                    explanation.remedy(),
                    row.attempts(),
                    row.firstFailedAt(),
                    redriven);
        }
    }

    record DeadLetters(List<DeadLetter> deadLetters) {}

    /** @param state {@code redriven}, {@code on-its-way}, {@code refused}, {@code discarded} or {@code discarded-unread} */
    record Decision(String key, String state, String detail) {}

    record Accepted(String status, UUID requestId) {}
}
