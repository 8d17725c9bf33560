package dev.lethe.worker.store.http;

import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.http.HttpStoreConfig.Polling;
import java.time.Duration;

/** How often accepted work is looked at, and for how long. */
final class Patience {
    private final Duration interval;
    private final long end;

    Patience(Polling polling) {
        this.interval = polling.interval();
        this.end = System.nanoTime() + polling.most().toNanos();
    }

    /** Waits until it is time for the next look; false, and at once, if there is no time left for one. */
    boolean pause(Answer latest) throws StoreUnavailableException {
        Duration wait = latest.retryAfter().orElse(interval);
        if (System.nanoTime() + wait.toNanos() > end) {
            return false;
        }
        try {
            Thread.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            throw Crew.interrupted();
        }
    }
}
