package dev.lethe.ingress;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A webhook call that was understood. */
sealed interface WebhookEvent {
    /**
     * A user is being deleted. Holds what stores need of the event and nothing else.
     *
     * @param id the event's id
     * @param type the event's type
     * @param tenantId the tenant, if the event names one
     * @param createdAt when FusionAuth made the event, if it says so
     * @param userId the user's id in lower case
     * @param identifiers the configured identifiers that the event has
     */
    record Deletion(
            UUID id,
            String type,
            @Nullable UUID tenantId,
            @Nullable Instant createdAt,
            String userId,
            Map<String, List<String>> identifiers)
            implements WebhookEvent {
        @Override
        public String toString() {
            return "Deletion[" + id + "]";
        }
    }

    /**
     * A deletion that was announced is complete.
     *
     * @param id the event's id
     * @param tenantId the tenant, if the event names one
     * @param userId the user's id in lower case
     */
    record Completion(UUID id, @Nullable UUID tenantId, String userId) implements WebhookEvent {
        @Override
        public String toString() {
            return "Completion[" + id + "]";
        }
    }

    /** An event of a type or tenant that this ingress is not for. */
    record Ignored(Reason reason) implements WebhookEvent {
        enum Reason {
            TYPE,
            TENANT
        }
    }
}
