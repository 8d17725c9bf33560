package dev.lethe.quickstart.fusionauth;

import java.util.Optional;
import java.util.UUID;

/** Ids out of requests. */
final class Ids {

    private Ids() {}

    static Optional<UUID> parse(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
