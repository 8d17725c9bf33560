package dev.lethe.worker.sweep;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * A store that looks first and erases where something is left: one count for a batch of which nothing is. Closing it leaves the
 * store open.
 */
public final class SweptStore implements ErasureStore {
    /** Of a subject who can't be looked up there. */
    private static final Set<String> UNKNOWN = Set.of("UNRESOLVED", "INVALID_IDENTIFIER");

    private final ErasureStore store;

    public SweptStore(ErasureStore store) {
        this.store = store;
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) {
        throw new UnsupportedOperationException("a sweep has an occasion");
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects, List<Occasion> occasions) throws StoreUnavailableException {
        List<Remaining> remaining;
        try {
            remaining = store.count(subjects);
        } catch (StoreFailureException e) {
            if (subjects.size() == 1 && UNKNOWN.contains(e.code())) {
                return List.of(new StoreResult.Unresolved(e.code()));
            }
            throw e;
        }
        var left = new ArrayList<Subject>();
        var leftOccasions = new ArrayList<Occasion>();
        for (int i = 0; i < subjects.size(); i++) {
            if (isAny(remaining.get(i))) {
                left.add(subjects.get(i));
                leftOccasions.add(occasions.get(i));
            }
        }
        Iterator<StoreResult> erased =
                (left.isEmpty() ? List.<StoreResult>of() : store.erase(left, leftOccasions)).iterator();
        return remaining.stream()
                .map(counted -> isAny(counted) ? erased.next() : nothing(counted))
                .toList();
    }

    @Override
    public StoreResult eraseLarge(Subject subject) throws StoreUnavailableException, InterruptedException {
        return store.eraseLarge(subject);
    }

    /** What has to be kept counts, too: only the store itself can tell for how long. */
    private static boolean isAny(Remaining remaining) {
        return remaining.total() > 0 || !remaining.retained().isEmpty();
    }

    private static StoreResult nothing(Remaining remaining) {
        return new StoreResult.Settled(remaining.items().keySet().stream()
                .map(target -> TargetOutcome.deleted(target, 0))
                .toList());
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        return store.count(subjects);
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return store.plan();
    }

    @Override
    public void close() {}
}
