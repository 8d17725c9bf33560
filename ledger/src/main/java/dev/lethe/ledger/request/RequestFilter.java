package dev.lethe.ledger.request;

import java.time.Instant;
import java.util.Optional;

/**
 * Which requests. Those that all of it applies to.
 *
 * @param store requests that concern it
 * @param due open requests by their due date
 * @param failed those that failed in a store, the named one if one is named, and wait for a human
 * @param from received then or later
 * @param until received before
 */
public record RequestFilter(
        Optional<RequestStatus> status,
        Optional<String> store,
        Optional<Due> due,
        boolean failed,
        Optional<Instant> from,
        Optional<Instant> until) {
    /** Every request. */
    public static final RequestFilter ALL = new RequestFilter(
            Optional.empty(), Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty());

    /** Of open requests. A list of these is sorted by the due date, the most urgent first; any other by the date received, the newest first. */
    public enum Due {
        /** The due date has passed. */
        OVERDUE,
        /** It passes within three days. */
        AT_RISK,
        /** Whenever it is. */
        OPEN
    }

    public RequestFilter withStatus(RequestStatus wanted) {
        return new RequestFilter(Optional.of(wanted), store, due, failed, from, until);
    }

    public RequestFilter withStore(String wanted) {
        return new RequestFilter(status, Optional.of(wanted), due, failed, from, until);
    }

    public RequestFilter withDue(Due wanted) {
        return new RequestFilter(status, store, Optional.of(wanted), failed, from, until);
    }

    public RequestFilter withFailed() {
        return new RequestFilter(status, store, due, true, from, until);
    }

    public RequestFilter within(Instant first, Instant end) {
        return new RequestFilter(status, store, due, failed, Optional.of(first), Optional.of(end));
    }
}
