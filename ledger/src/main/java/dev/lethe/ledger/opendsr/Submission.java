package dev.lethe.ledger.opendsr;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A request as a controller submits it: section 7.1.
 *
 * @param regulation {@code gdpr} or {@code ccpa}
 * @param identifiers of the person, by our names
 * @param callbacks whom to tell what becomes of it
 */
record Submission(
        UUID subjectRequestId,
        String regulation,
        Instant submittedTime,
        String userId,
        Map<String, List<String>> identifiers,
        List<Callback> callbacks) {
    Submission {
        identifiers = Collections.unmodifiableMap(new LinkedHashMap<>(identifiers));
        callbacks = List.copyOf(callbacks);
    }

    /** Nothing of the person. */
    @Override
    public String toString() {
        return "Submission[" + subjectRequestId + "]";
    }
}
