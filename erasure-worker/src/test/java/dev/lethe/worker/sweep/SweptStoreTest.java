package dev.lethe.worker.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweptStoreTest {
    private final Shelf shelf = new Shelf();
    private final SweptStore swept = new SweptStore(shelf);

    /** A store with one target. */
    private static final class Shelf implements ErasureStore {
        private final Map<String, Long> items = new HashMap<>();
        private final Map<String, Long> kept = new HashMap<>();
        private final List<String> calls = new ArrayList<>();

        @Override
        public List<StoreResult> erase(List<Subject> subjects) {
            calls.add("erase " + subjects.stream().map(Subject::userId).toList());
            return subjects.stream()
                    .<StoreResult>map(subject -> deleted(items.getOrDefault(subject.userId(), 0L)))
                    .toList();
        }

        @Override
        public List<Remaining> count(List<Subject> subjects) {
            calls.add("count " + subjects.size());
            if (subjects.stream().anyMatch(subject -> subject.userId().equals("unknown"))) {
                throw new StoreFailureException("UNRESOLVED");
            }
            return subjects.stream()
                    .map(subject -> new Remaining(
                            Map.of("shelf", items.getOrDefault(subject.userId(), 0L)),
                            kept.containsKey(subject.userId())
                                    ? Map.of("shelf", kept.get(subject.userId()))
                                    : Map.of()))
                    .toList();
        }

        @Override
        public StorePlan plan() {
            return new StorePlan(List.of(), List.of(), List.of());
        }

        @Override
        public void close() {}
    }

    @Test
    void whereNothingIsLeftABatchCostsOneCount() throws Exception {
        assertThat(sweep("ada", "bob")).containsExactly(deleted(0), deleted(0));

        assertThat(shelf.calls).containsExactly("count 2");
    }

    @Test
    void whoIsThereAgainIsErasedAndNobodyElse() throws Exception {
        shelf.items.put("bob", 3L);

        assertThat(sweep("ada", "bob", "eve")).containsExactly(deleted(0), deleted(3), deleted(0));

        assertThat(shelf.calls).containsExactly("count 3", "erase [bob]");
    }

    @Test
    void whatHasToBeKeptIsAskedForSoThatTheOutcomeSaysUntilWhen() throws Exception {
        shelf.kept.put("eve", 1L);

        sweep("ada", "eve");

        assertThat(shelf.calls).containsExactly("count 2", "erase [eve]");
    }

    @Test
    void whoCannotBeLookedUpIsToldApartFromWhoIsRefused() throws Exception {
        assertThatThrownBy(() -> sweep("ada", "unknown")).isInstanceOf(StoreFailureException.class);
        assertThat(sweep("unknown")).containsExactly(new StoreResult.Unresolved("UNRESOLVED"));
    }

    private List<StoreResult> sweep(String... userIds) throws Exception {
        List<Subject> subjects = List.of(userIds).stream()
                .map(id -> new Subject(new SubjectKey("%22s".formatted(id).replace(' ', '0')), id, null, Map.of()))
                .toList();
        return swept.erase(
                subjects,
                subjects.stream()
                        .map(subject -> new Occasion("1/sweep-1h", Instant.EPOCH, null))
                        .toList());
    }

    private static StoreResult deleted(long items) {
        return new StoreResult.Settled(List.of(TargetOutcome.deleted("shelf", items)));
    }
}
