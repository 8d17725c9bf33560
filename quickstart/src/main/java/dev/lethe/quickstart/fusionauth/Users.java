package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The users of all tenants. What is stored is never changed, only replaced, so it can be read without a lock. */
final class Users {

    private static final String DEFAULT_CONNECTOR = "e3306678-a53a-4964-9040-1c96f36dda72";

    private final Map<UUID, ObjectNode> users = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Users(InstantSource clock) {
        this.clock = clock;
    }

    int size() {
        return users.size();
    }

    Optional<ObjectNode> find(UUID id) {
        return Optional.ofNullable(users.get(id));
    }

    Stream<ObjectNode> all() {
        return users.values().stream();
    }

    /** Adds the fields that FusionAuth computes. Empty if there is a user with this id. */
    Optional<ObjectNode> add(UUID id, UUID tenantId, ObjectNode request) {
        ObjectNode user = complete(id, tenantId, request);
        return users.putIfAbsent(id, user) == null ? Optional.of(user) : Optional.empty();
    }

    /** True for exactly one of several concurrent calls. */
    boolean remove(UUID id) {
        return users.remove(id) != null;
    }

    Optional<ObjectNode> setActive(UUID id, boolean active) {
        return Optional.ofNullable(users.computeIfPresent(
                id, (key, user) -> user.deepCopy().put("active", active).put("lastUpdateInstant", clock.millis())));
    }

    /** FusionAuth compares both without regard to case. */
    boolean isTaken(String field, String value) {
        return users.values().stream()
                .anyMatch(user -> user.path(field).asText().equalsIgnoreCase(value));
    }

    private ObjectNode complete(UUID id, UUID tenantId, ObjectNode request) {
        long now = clock.millis();
        ObjectNode user = Json.object()
                .put("active", true)
                .put("connectorId", DEFAULT_CONNECTOR)
                .put("insertInstant", now)
                .put("lastUpdateInstant", now)
                .put("passwordChangeRequired", false)
                .put("passwordLastUpdateInstant", now)
                .put("usernameStatus", "ACTIVE")
                .put("verified", true)
                .put("verifiedInstant", now);
        user.putObject("data");
        user.putArray("memberships");
        user.putArray("preferredLanguages");
        user.putArray("registrations");
        ObjectNode twoFactor = user.putObject("twoFactor");
        twoFactor.putArray("methods");
        twoFactor.putArray("recoveryCodes");
        user.setAll(request.deepCopy());
        user.remove("password");
        user.put("id", id.toString()).put("tenantId", tenantId.toString());
        if (!user.has("identities")) {
            addIdentities(user, now);
        }
        return user;
    }

    private static void addIdentities(ObjectNode user, long now) {
        ArrayNode identities = user.putArray("identities");
        for (String type : new String[] {"email", "phoneNumber", "username"}) {
            if (user.hasNonNull(type)) {
                String displayValue = user.get(type).asText();
                String value = type.equals("username") ? displayValue.toLowerCase(Locale.ROOT) : displayValue;
                user.put(type, value);
                identities
                        .addObject()
                        .put("displayValue", displayValue)
                        .put("insertInstant", now)
                        .put("primary", true)
                        .put("type", type)
                        .put("value", value)
                        .put("verified", type.equals("email"));
            }
        }
    }
}
