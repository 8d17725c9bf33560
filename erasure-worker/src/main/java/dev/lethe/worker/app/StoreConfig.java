package dev.lethe.worker.app;

import dev.lethe.worker.brake.BrakeConfig;
import dev.lethe.worker.lane.PacedStep;
import dev.lethe.worker.lane.Step;
import dev.lethe.worker.store.ErasureStore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One configured store.
 *
 * @param opener opens it
 * @param brake what it may lose without a human being asked
 * @param erasuresPerSecond how many requests a worker's lane hands it in a second at most
 */
record StoreConfig(Supplier<ErasureStore> opener, BrakeConfig brake, int erasuresPerSecond) {
    /** As many as it can do. */
    static final int UNLIMITED = 1_000_000;

    /** How many requests a lane may take at once, if it would take this many. */
    int batch(int most) {
        return Math.min(most, Math.min(erasuresPerSecond, brake.erasuresPerMinute()));
    }

    /** Paces the steps of all lanes of the store together. */
    UnaryOperator<Step> pace() {
        return pace(erasuresPerSecond);
    }

    static UnaryOperator<Step> pace(int perSecond) {
        return perSecond < UNLIMITED ? PacedStep.pacing(perSecond) : UnaryOperator.identity();
    }
}
