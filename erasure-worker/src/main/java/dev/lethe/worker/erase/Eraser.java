package dev.lethe.worker.erase;

import dev.lethe.events.Subject;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a store erase a batch, and settles every claim in it: waits while the store is unavailable, and takes a batch that it
 * refuses apart until the subject at fault stands alone. A subject that is too large for a batch has to come back: then
 * nobody waits behind it who is not due to wait.
 */
final class Eraser {
    private static final Logger log = LoggerFactory.getLogger(Eraser.class);

    private final ErasureStore store;
    private final String run;

    /** @param run what makes the store look, unless a record comes back from another run */
    Eraser(ErasureStore store, String run) {
        this.store = store;
        this.run = run;
    }

    /** Settles every claim but those that this lane lost meanwhile. */
    void erase(Collection<Claim> claims, Hold hold) throws InterruptedException {
        Deque<List<Claim>> groups = new ArrayDeque<>();
        groups.push(List.copyOf(claims));
        while (!groups.isEmpty()) {
            List<Claim> group = groups.pop().stream().filter(Claim::isWanted).toList();
            if (group.isEmpty()) {
                continue;
            }
            try {
                settle(group);
                hold.over();
            } catch (StoreUnavailableException e) {
                groups.push(group);
                hold.because(e.code(), String.valueOf(e.getMessage()), e.retryAfter());
            } catch (StoreFailureException e) {
                refused(group, e.code(), groups);
            } catch (RuntimeException | Error e) {
                // Counts as the subject's own, never as done, even a stack overflow: held, it would hold up everybody.
                // The message may repeat an identifier: its class is enough.
                log.warn("Unclassified failure of a store: {}", e.getClass().getName());
                refused(group, "UNCLASSIFIED", groups);
            }
        }
    }

    private void settle(List<Claim> group) throws StoreUnavailableException, InterruptedException {
        List<Subject> subjects = group.stream().map(Claim::subject).toList();
        List<Occasion> occasions =
                group.stream().map(claim -> claim.occasion(run)).toList();
        List<StoreResult> results = store.erase(subjects, occasions);
        if (results.size() != group.size()) {
            throw new IllegalStateException("a store gives one result per subject");
        }
        for (int i = 0; i < results.size(); i++) {
            Claim claim = group.get(i);
            boolean hasTime = results.get(i) instanceof StoreResult.Large && claim.isBack();
            claim.settle(hasTime ? store.eraseLarge(claim.subject()) : results.get(i));
        }
    }

    private static void refused(List<Claim> group, String code, Deque<List<Claim>> groups) {
        if (group.size() == 1) {
            group.getFirst().settle(new StoreResult.Failed(code));
        } else {
            int half = group.size() / 2;
            groups.push(group.subList(half, group.size()));
            groups.push(group.subList(0, half));
        }
    }
}
