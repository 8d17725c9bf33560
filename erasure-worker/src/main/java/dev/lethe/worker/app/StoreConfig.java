package dev.lethe.worker.app;

import dev.lethe.worker.store.ErasureStore;
import java.util.function.Supplier;

/**
 * One configured store.
 *
 * @param opener opens it
 * @param erasuresPerSecond how many requests a worker's lane hands it in a second at most
 */
record StoreConfig(Supplier<ErasureStore> opener, int erasuresPerSecond) {
    /** As many as it can do. */
    static final int UNLIMITED = 1_000_000;

    boolean isPaced() {
        return erasuresPerSecond < UNLIMITED;
    }
}
