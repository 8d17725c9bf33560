package dev.lethe.health;

import java.util.List;

/** How a service is. Asked by probes, on any thread. */
public interface Health {
    /** Why the service is not ready at the moment, each with what to do; empty if it is. */
    List<String> problems();

    /** What does not work although the service is ready, such as a store that is waited for; empty if all does. */
    default List<String> degradations() {
        return List.of();
    }
}
