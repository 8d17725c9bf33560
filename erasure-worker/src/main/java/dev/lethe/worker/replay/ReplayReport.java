package dev.lethe.worker.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of a replay: the JSON of {@code --json}, and what the table is made from.
 *
 * @param run what its outcomes carry
 * @param dryRun whether it only counted
 * @param since the first instant, ISO-8601
 * @param until the one behind the last, ISO-8601; absent for the end of the log
 * @param logTooShort whether records of that time may have been deleted by retention
 * @param stores store by store
 * @param goOnWith the command that does what is left; absent if nothing is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayReport(
        String run,
        boolean dryRun,
        String since,
        @Nullable String until,
        boolean logTooShort,
        List<StoreReport> stores,
        @Nullable String goOnWith) {

    /**
     * One store.
     *
     * @param failed requests that come back or are dead letters, by code
     * @param items rows, keys, objects, … found, by target
     * @param done whether it got to the end
     * @param error why it ended before, unless it was interrupted
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoreReport(
            String store,
            long requests,
            long erased,
            long notFound,
            Map<String, Long> failed,
            Map<String, Long> items,
            boolean done,
            @Nullable String error) {
        static StoreReport of(StoreProgress progress) {
            Tally tally = progress.tally();
            return new StoreReport(
                    progress.store(),
                    tally.requests(),
                    tally.erased(),
                    tally.notFound(),
                    tally.failed(),
                    tally.items(),
                    progress.over(),
                    progress.failure().orElse(null));
        }

        long failures() {
            return failed.values().stream().mapToLong(Long::longValue).sum();
        }

        long totalItems() {
            return items.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public static ReplayReport of(String run, ReplayOrder order, boolean logTooShort, List<StoreProgress> stores) {
        return new ReplayReport(
                run,
                order.dryRun(),
                order.since().toString(),
                order.until().map(Object::toString).orElse(null),
                logTooShort,
                stores.stream().map(StoreReport::of).toList(),
                order.continuation(stores).orElse(null));
    }

    /** Whether everything that was asked for is done. */
    public boolean isComplete() {
        return !logTooShort && stores.stream().allMatch(store -> store.done() && store.failures() == 0);
    }

    Optional<String> continuation() {
        return Optional.ofNullable(goOnWith);
    }
}
