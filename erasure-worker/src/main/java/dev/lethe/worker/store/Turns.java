package dev.lethe.worker.store;

import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Lets the erasers of this process take turns where they are at the same subjects of the same place. For servers that say of
 * an item "deleted" to each of two who delete it at once: both would count it.
 */
public final class Turns {
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final Condition ENDED = LOCK.newCondition();
    private static final Set<Turn> TAKEN = new HashSet<>();

    private record Turn(String place, SubjectKey subject) {}

    /** An erasure. */
    public interface Work<T> {
        T run() throws StoreUnavailableException;
    }

    private Turns() {}

    /**
     * Does the work as soon as nobody else is at one of these subjects.
     *
     * @param place tells one server and database from another, without credentials
     */
    public static <T> T take(String place, List<Subject> subjects, Work<T> work) throws StoreUnavailableException {
        Set<Turn> turns =
                subjects.stream().map(subject -> new Turn(place, subject.key())).collect(Collectors.toSet());
        LOCK.lock();
        try {
            while (!Collections.disjoint(TAKEN, turns)) {
                ENDED.awaitUninterruptibly();
            }
            TAKEN.addAll(turns);
        } finally {
            LOCK.unlock();
        }
        try {
            return work.run();
        } finally {
            LOCK.lock();
            try {
                TAKEN.removeAll(turns);
                ENDED.signalAll();
            } finally {
                LOCK.unlock();
            }
        }
    }
}
