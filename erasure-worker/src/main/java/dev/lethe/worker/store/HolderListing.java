package dev.lethe.worker.store;

import java.util.List;
import java.util.Optional;

/** A store that can say whose data it holds: what {@code lethe reconcile} needs of one. */
public interface HolderListing {
    /**
     * Some of the user ids that the store holds data of, in an order of its own. Somebody can be on several pages.
     *
     * @param after where the page before ended; empty for the first
     * @param most about how many ids
     * @throws StoreUnavailableException if the store can't be reached, is refusing work, or has no user ids to look by
     */
    Page holders(Optional<String> after, int most) throws StoreUnavailableException;

    /**
     * A page.
     *
     * @param next where it ends, which may be an identifier; empty if it is the last
     */
    record Page(List<String> userIds, Optional<String> next) {
        public Page {
            userIds = List.copyOf(userIds);
        }

        /** Names nobody. */
        @Override
        public String toString() {
            return "Page[" + userIds.size() + " redacted]";
        }
    }
}
