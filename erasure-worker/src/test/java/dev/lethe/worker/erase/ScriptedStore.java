package dev.lethe.worker.erase;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A store that holds an item of everybody, and first does to a batch what it is told: the worst that stores do. */
class ScriptedStore implements ErasureStore {
    private final Act act;
    private final List<List<Subject>> asked = new ArrayList<>();
    private final Map<String, Integer> erasures = new HashMap<>();

    /** What comes before a batch is erased. */
    interface Act {
        void on(List<Subject> batch) throws StoreUnavailableException;
    }

    ScriptedStore(Act act) {
        this.act = act;
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        asked.add(List.copyOf(subjects));
        act.on(subjects);
        return subjects.stream().map(this::erase).toList();
    }

    private StoreResult erase(Subject subject) {
        if (subject.values("email").isEmpty()) {
            return new StoreResult.Unresolved("UNRESOLVED");
        }
        long items = erasures.merge(subject.userId(), 1, Integer::sum) == 1 ? 1 : 0;
        return new StoreResult.Settled(List.of(TargetOutcome.deleted("people", items)));
    }

    /** Every batch that it was asked to erase, in this order. */
    List<List<Subject>> asked() {
        return asked;
    }

    /** How often each person was erased, by user id; who never was, is not there. */
    Map<String, Integer> erasures() {
        return erasures;
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) {
        return subjects.stream()
                .map(subject -> new Remaining(Map.of("people", erasures.containsKey(subject.userId()) ? 0L : 1L)))
                .toList();
    }

    @Override
    public StorePlan plan() {
        return new StorePlan(List.of(), List.of(), List.of());
    }

    @Override
    public void close() {}
}
