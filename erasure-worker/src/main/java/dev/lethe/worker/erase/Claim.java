package dev.lethe.worker.erase;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Outcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.deadletter.Failure;
import dev.lethe.worker.deadletter.FirstRun;
import dev.lethe.worker.lane.Entry;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.StoreResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Everything that one batch asks for one person, and what the store did. */
final class Claim {
    private final List<Delivery> deliveries = new ArrayList<>();
    private Subject subject;
    private @Nullable StoreResult result;

    /** One request as it came in. */
    record Delivery(Entry entry, ErasureRequest request) {
        /** The caller's trace as it came, if there is one. */
        Optional<Header> traceparent() {
            return Optional.ofNullable(entry.record().headers().lastHeader(EventRecords.TRACEPARENT))
                    .filter(header -> header.value() != null);
        }

        /** The caller's trace, as the end of a log line; empty if there is none. */
        String trace() {
            String trace = traceparentText();
            return trace == null ? "" : ", trace " + trace;
        }

        private @Nullable String traceparentText() {
            return traceparent()
                    .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                    .orElse(null);
        }

        private Occasion occasion(String run) {
            String own = FirstRun.of(entry.record().headers(), run);
            // Who settles asks after what was begun then.
            String first = own.equals(Outcome.SETTLE) ? Outcome.ERASE : own;
            return new Occasion(request.requestId() + "/" + first, request.requestedAt(), traceparentText());
        }
    }

    Claim(Subject subject, Delivery delivery) {
        this.subject = subject;
        deliveries.add(delivery);
    }

    /** Another request for the same person, which may know more identifiers. */
    Claim and(Claim other) {
        subject = subject.mergedWith(other.subject);
        deliveries.addAll(other.deliveries);
        return this;
    }

    Subject subject() {
        return subject;
    }

    /** Why the store is asked: the first of the requests. */
    Occasion occasion(String run) {
        return deliveries.getFirst().occasion(run);
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    /** Whether any of its requests is still this lane's. */
    boolean isWanted() {
        return deliveries.stream().anyMatch(delivery -> !delivery.entry().isLost());
    }

    /** Whether it comes back through the retry topic. */
    boolean isBack() {
        return deliveries.stream()
                .anyMatch(delivery -> Failure.attemptOf(delivery.entry().record()) > 1);
    }

    void settle(StoreResult outcome) {
        result = outcome;
    }

    boolean isSettled() {
        return result != null;
    }

    StoreResult result() {
        return Objects.requireNonNull(result, "not settled");
    }
}
