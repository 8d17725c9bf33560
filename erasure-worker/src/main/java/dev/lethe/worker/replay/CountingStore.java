package dev.lethe.worker.replay;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A store that says what an erasure would find, and changes nothing: it counts. Whoever was counted is not found a second time,
 * just as whoever was erased. For one thread; closing it leaves the store open.
 */
public final class CountingStore implements ErasureStore {
    private final ErasureStore store;
    private final Set<Seen> seen = new HashSet<>();

    /** A subject with certain identifiers, without holding on to them. */
    private record Seen(SubjectKey key, int identifiers) {
        static Seen of(Subject subject) {
            return new Seen(subject.key(), subject.identifiers().hashCode());
        }
    }

    public CountingStore(ErasureStore store) {
        this.store = store;
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        List<Remaining> counts = store.count(subjects);
        var results = new ArrayList<StoreResult>();
        for (int i = 0; i < counts.size(); i++) {
            boolean isNew = seen.add(Seen.of(subjects.get(i)));
            results.add(new StoreResult.Settled(counts.get(i).items().entrySet().stream()
                    .map(target -> TargetOutcome.deleted(target.getKey(), isNew ? target.getValue() : 0))
                    .toList()));
        }
        return results;
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
