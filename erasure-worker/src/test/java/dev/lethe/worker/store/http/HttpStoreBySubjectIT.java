package dev.lethe.worker.store.http;

import dev.lethe.events.Subject;
import java.util.Map;

/** The contract, with a request per subject. */
class HttpStoreBySubjectIT extends HttpStoreIT {
    @Override
    String mode() {
        return "subject";
    }

    /** None: the request for one erases what the request for the other would have counted. */
    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        return Map.of();
    }
}
