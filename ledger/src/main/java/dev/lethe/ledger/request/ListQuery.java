package dev.lethe.ledger.request;

import dev.lethe.ledger.request.RequestFilter.Due;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A filter as a statement: always one stretch of one index, in the order of the list. */
final class ListQuery {
    private static final String OPEN = ".status in ('pending', 'in_progress')";

    private final RequestFilter filter;
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> bindings = new LinkedHashMap<>();
    /** Where what is filtered and sorted by stands: the columns have the same names in both tables. */
    private final String from;

    ListQuery(RequestFilter filter, Instant now, Optional<Cursor> after) {
        this.filter = filter;
        this.from = filter.store().isPresent() ? "s" : "r";
        filter.store().ifPresent(store -> where("s.store = :store", "store", store));
        filter.status().ifPresent(status -> where(from + ".status = :status", "status", status.word()));
        filter.from().ifPresent(first -> where(from + ".requested_at >= :from", "from", first));
        filter.until().ifPresent(end -> where(from + ".requested_at < :until", "until", end));
        if (filter.failed()) {
            conditions.add(filter.store().isPresent() ? "s.state = 'failed'" : "r.failed");
        }
        filter.due().ifPresent(due -> due(due, now));
        after.ifPresent(this::after);
    }

    private void due(Due due, Instant now) {
        conditions.add(from + OPEN);
        switch (due) {
            case OVERDUE -> where(from + ".due_by < :now", "now", now);
            case AT_RISK -> {
                where(from + ".due_by >= :now", "now", now);
                where(from + ".due_by < :soon", "soon", now.plus(Requests.SOON));
            }
            case OPEN -> conditions.add(from + ".due_by is not null");
        }
    }

    private void after(Cursor cursor) {
        bindings.put("afterAt", cursor.at());
        bindings.put("afterId", cursor.requestId());
        conditions.add(
                filter.due().isPresent()
                        ? "(%1$s.due_by, %1$s.request_id) > (:afterAt, :afterId)".formatted(from)
                        : "%1$s.requested_at <= :afterAt and (%1$s.requested_at < :afterAt or %1$s.request_id > :afterId)"
                                .formatted(from));
    }

    private void where(String condition, String name, Object value) {
        conditions.add(condition);
        bindings.put(name, value);
    }

    String sql() {
        String tables = filter.store().isPresent()
                ? "request_store s join request r on r.request_id = s.request_id"
                : "request r";
        String condition = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        String order =
                filter.due().isPresent() ? "%1$s.due_by, %1$s.request_id" : "%1$s.requested_at desc, %1$s.request_id";
        return "select r.* from " + tables + condition + " order by " + order.formatted(from) + " limit :most";
    }

    Map<String, Object> bindings() {
        return bindings;
    }

    /** Where the page ends whose last row this is. */
    Cursor cursor(RequestRow last) {
        return new Cursor(
                filter.due().isPresent() ? Objects.requireNonNull(last.dueBy()) : last.requestedAt(), last.requestId());
    }
}
