package dev.lethe.worker.brake;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A store that is erased from only as far as its brake allows. Beyond that it is unavailable with the code {@value #TRIPPED}, so
 * that its lanes hold, until a human releases the brake; then what was held goes on.
 */
public final class BrakedStore implements ErasureStore {
    /** The code with which lanes hold. */
    public static final String TRIPPED = "TRIPPED";

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final String name;
    private final ErasureStore store;
    private final BrakeConfig config;
    private final BrakeLog log;
    private final InstantSource clock;
    private final Deque<Admission> admissions = new ArrayDeque<>();

    /** So many people at once. */
    private record Admission(Instant at, int people) {}

    public BrakedStore(String name, ErasureStore store, BrakeConfig config, BrakeLog log, InstantSource clock) {
        this.name = name;
        this.store = store;
        this.config = config;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        return admitted(subjects, () -> store.erase(subjects));
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects, List<Occasion> occasions) throws StoreUnavailableException {
        return admitted(subjects, () -> store.erase(subjects, occasions));
    }

    @Override
    public StoreResult eraseLarge(Subject subject) throws StoreUnavailableException, InterruptedException {
        return store.eraseLarge(subject);
    }

    private interface Erasing {
        List<StoreResult> erase() throws StoreUnavailableException;
    }

    /** What does not come about counts for nothing: a store that is away is asked again and again. */
    private List<StoreResult> admitted(List<Subject> subjects, Erasing erasing) throws StoreUnavailableException {
        Optional<BrakeState> state = standing();
        demandFewItems(subjects, state.map(BrakeState::subjects).orElse(Set.of()));
        Admission admission = admit(subjects.size(), state);
        boolean done = false;
        try {
            List<StoreResult> results = erasing.erase();
            done = true;
            return results;
        } finally {
            if (!done) {
                takeBack(admission);
            }
        }
    }

    private Optional<BrakeState> standing() throws StoreUnavailableException {
        if (!log.isRead()) {
            throw new StoreUnavailableException(
                    "BRAKE_UNKNOWN",
                    "whether the brake has tripped is not read yet: is the topic erasure.brakes there?");
        }
        Optional<BrakeState> state = log.of(name);
        if (state.isPresent() && state.get().tripped()) {
            throw tripped(state.get());
        }
        return state;
    }

    private void demandFewItems(List<Subject> subjects, Set<String> excused) throws StoreUnavailableException {
        if (!config.limitsItems()) {
            return;
        }
        List<Remaining> remaining = store.count(subjects);
        var tooMany = new TreeSet<String>();
        for (int i = 0; i < subjects.size(); i++) {
            String key = subjects.get(i).key().value();
            if (remaining.get(i).total() > config.itemsPerSubject() && !excused.contains(key)) {
                tooMany.add(key);
            }
        }
        if (!tooMany.isEmpty()) {
            throw trip(
                    "more than %d items of one person (subject %s)"
                            .formatted(config.itemsPerSubject(), String.join(", ", tooMany)),
                    tooMany);
        }
    }

    /** Several lanes come here at once. */
    private synchronized Admission admit(int people, Optional<BrakeState> state) throws StoreUnavailableException {
        Instant now = clock.instant();
        Instant from =
                state.map(BrakeState::at).filter(now.minus(MINUTE)::isBefore).orElse(now.minus(MINUTE));
        admissions.removeIf(admission -> !admission.at().isAfter(from));
        int sum = admissions.stream().mapToInt(Admission::people).sum();
        if ((long) sum + people > config.erasuresPerMinute()) {
            throw trip("more than %d erasures within a minute".formatted(config.erasuresPerMinute()), Set.of());
        }
        var admission = new Admission(now, people);
        admissions.add(admission);
        return admission;
    }

    private synchronized void takeBack(Admission admission) {
        admissions.remove(admission);
    }

    private StoreUnavailableException trip(String message, Set<String> subjects) {
        var state = BrakeState.tripped(clock.instant().truncatedTo(ChronoUnit.MILLIS), message, subjects);
        log.tell(name, state);
        return tripped(state);
    }

    private StoreUnavailableException tripped(BrakeState state) {
        return new StoreUnavailableException(
                TRIPPED,
                "the brake has tripped: %s. If that is as it should be, 'lethe lanes resume --store %s' lets it go on"
                        .formatted(state.message(), name));
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        return store.count(subjects);
    }

    @Override
    public boolean canCount() {
        return store.canCount();
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        StorePlan plan = store.plan();
        if (!config.limitsItems() || store.canCount()) {
            return plan;
        }
        var obstacles = new ArrayList<>(plan.obstacles());
        obstacles.add(
                "brake.itemsPerSubject needs a store that can be asked what it holds; remove it, or see to a read-back");
        return new StorePlan(plan.steps(), obstacles, plan.warnings(), plan.delays(), plan.uncovered());
    }

    @Override
    public void close() {
        store.close();
    }
}
