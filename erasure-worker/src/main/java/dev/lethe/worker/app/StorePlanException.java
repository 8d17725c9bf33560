package dev.lethe.worker.app;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores that can't be erased from as they are configured; the message lists every obstacle, a line each. */
public final class StorePlanException extends MisconfiguredException {
    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(StorePlanException.class);

    private StorePlanException(List<String> obstacles) {
        super("A store can't be erased from as it is configured:\n  " + String.join("\n  ", obstacles));
    }

    /** Asks every store for its plan. One that is down is no obstacle: its lane waits for it, and asks again. */
    static void throwOnObstacles(Map<String, ErasureStore> stores) throws StorePlanException {
        var obstacles = new ArrayList<String>();
        stores.forEach((name, store) -> {
            try {
                var plan = store.plan();
                plan.obstacles().forEach(obstacle -> obstacles.add("stores." + name + ": " + obstacle));
                plan.warnings().forEach(warning -> log.warn("Store {}: {}", name, warning));
            } catch (StoreUnavailableException e) {
                log.warn("Store {} can't be asked yet: {}: {}", name, e.code(), e.getMessage());
            }
        });
        if (!obstacles.isEmpty()) {
            throw new StorePlanException(obstacles);
        }
    }
}
