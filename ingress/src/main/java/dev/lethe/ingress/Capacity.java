package dev.lethe.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the ingress has in hand at once. Beyond the bounds it takes nothing more, so that what it has taken keeps its time
 * and its memory. Safe for any thread.
 */
final class Capacity {
    private final int maxRequests;
    private final long maxBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Capacity(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    int requests() {
        return requests.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** The share of a call that has just begun; nothing yet. */
    Share share() {
        return new Share();
    }

    /** What one call takes of the capacity, until it is answered. Used by one thread at a time. */
    final class Share implements AutoCloseable {
        private long held;
        private boolean counted;

        /** More of the body has come. */
        void grow(int more) throws RefusedException {
            if (bytes.addAndGet(more) > maxBytes) {
                bytes.addAndGet(-more);
                throw RefusedException.overloaded();
            }
            held += more;
        }

        /** The body is complete: from now on the call is one that is answered in time. A caller who dribbles never gets here. */
        void count() throws RefusedException {
            if (requests.incrementAndGet() > maxRequests) {
                requests.decrementAndGet();
                throw RefusedException.overloaded();
            }
            counted = true;
        }

        @Override
        public void close() {
            bytes.addAndGet(-held);
            held = 0;
            if (counted) {
                requests.decrementAndGet();
                counted = false;
            }
        }
    }
}
