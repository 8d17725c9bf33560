package dev.lethe.worker.store;

import dev.lethe.events.Subject;
import java.util.List;

/**
 * A place that holds personal data, and can erase it.
 *
 * <p>A lane calls {@link #erase(List, List)} batch after batch, from a thread of its own on which it may take its time. Several lanes,
 * and workers in other processes, may do so at once, even for the same subjects; {@link #count} and {@link #plan} may be
 * called at any time.
 *
 * <p>What happened to data is a value. What goes wrong is an exception: {@link StoreUnavailableException} where the store as
 * a whole can't work now, {@link StoreFailureException} where it refuses this batch. The lane takes a refused batch apart
 * until the subject at fault stands alone, so a store need not look for it. Any other exception counts as a refusal.
 *
 * <p>Nothing that a store logs or throws may repeat an identifier; drivers' messages do, so they are never passed on.
 */
public interface ErasureStore extends AutoCloseable {
    /**
     * Erases everything of these subjects. Idempotent: a second call finds nothing.
     *
     * @param subjects at most the lane's batch size, each subject key once
     * @return one result per subject, in order, with exact counts; an item of several subjects counts for each
     * @throws StoreUnavailableException if the store can't be reached or is refusing work; nothing of the batch need have
     *     happened, and all of it will be asked for again
     * @throws StoreFailureException if it refuses this batch; nothing of the batch has happened
     */
    List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException;

    /**
     * Erases everything of a subject of which {@link #erase} said that it is {@linkplain StoreResult.Large large}, in pieces,
     * for as long as that takes; other erasures go on meanwhile. What is erased stays so if it is cut off, and a second call
     * goes on from there.
     *
     * @return exact counts of what this call erased
     * @throws InterruptedException if the lane is stopping
     * @throws StoreUnavailableException if the store can't be reached or is refusing work
     * @throws StoreFailureException if it refuses the subject
     */
    default StoreResult eraseLarge(Subject subject) throws StoreUnavailableException, InterruptedException {
        throw new UnsupportedOperationException("this store finds nobody large");
    }

    /**
     * Erases, as {@link #erase(List)} does, and says on which occasion: this is what lanes call. A store that tells nobody
     * else has no use for that.
     *
     * @param occasions one per subject, in order
     */
    default List<StoreResult> erase(List<Subject> subjects, List<Occasion> occasions) throws StoreUnavailableException {
        return erase(subjects);
    }

    /**
     * Items of each subject that are still there: an independent read-back, which shares no statement with an erasure.
     *
     * @return one count per subject, in order
     * @throws StoreUnavailableException if the store can't be reached or is refusing work
     */
    List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException;

    /** Whether {@link #count} can answer at all; a store that can't be asked is not swept. */
    default boolean canCount() {
        return true;
    }

    /**
     * What this store would do, and what stands in the way, without changing anything.
     *
     * @throws StoreUnavailableException if the store can't be asked now
     */
    StorePlan plan() throws StoreUnavailableException;

    @Override
    void close();
}
