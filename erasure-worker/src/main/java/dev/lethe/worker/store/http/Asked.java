package dev.lethe.worker.store.http;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Occasion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A subject of a request, and why it is in it. */
record Asked(Subject subject, Occasion occasion) {
    /** Why a service can't be asked for this subject: a code; empty if it can. */
    static Optional<String> unfit(Subject subject, HttpStoreConfig config) {
        if (config.identifiers().stream()
                .anyMatch(identifier -> subject.values(identifier).isEmpty())) {
            return Optional.of("UNRESOLVED");
        }
        boolean isText = config.identifiers().stream().allMatch(identifier -> isText(subject, identifier))
                && config.optionalIdentifiers().stream().allMatch(identifier -> isText(subject, identifier));
        return isText ? Optional.empty() : Optional.of("INVALID_IDENTIFIER");
    }

    /** Half of a surrogate pair is none. */
    private static boolean isText(Subject subject, String identifier) {
        List<String> values = subject.values(identifier);
        return values.stream()
                .allMatch(value -> StandardCharsets.UTF_8.newEncoder().canEncode(value));
    }
}
