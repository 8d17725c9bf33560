package dev.lethe.events;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What caused an erasure request.
 *
 * @param source who announced it, such as {@code fusionauth}: 1 to 64 letters, digits, {@code .}, {@code _}, {@code -}
 * @param type the source's name of the event, such as {@code user.delete}; of the same form
 * @param eventId the source's id of the event, by which repetitions are recognised
 * @param tenantId the source's tenant, if it named one
 * @param createdAt when the source says that it happened, if it does
 */
public record Trigger(
        String source,
        String type,
        UUID eventId,
        @Nullable UUID tenantId,
        @Nullable Instant createdAt) {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public Trigger {
        requireToken(source);
        requireToken(type);
        Objects.requireNonNull(eventId);
    }

    private static void requireToken(String text) {
        if (!TOKEN.matcher(text).matches()) {
            throw new IllegalArgumentException("source and type have 1 to 64 letters, digits, '.', '_' or '-'");
        }
    }
}
