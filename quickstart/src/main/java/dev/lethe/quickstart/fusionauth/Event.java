package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/**
 * An event, ready to be sent: every webhook and every further try gets the same bytes.
 *
 * @param body the JSON that goes over the wire
 */
@SuppressWarnings("ArrayRecordComponent")
record Event(String type, UUID tenantId, byte[] body) {

    /** Whose request caused the event. */
    record Caller(String ipAddress, String userAgent) {}

    static Event of(String type, ObjectNode user, Caller caller, long now) {
        String tenantId = user.path("tenantId").asText();
        ObjectNode json = Json.object();
        ObjectNode event = json.putObject("event")
                .put("createInstant", now)
                .put("id", UUID.randomUUID().toString())
                .put("linkedObjectId", user.path("id").asText())
                .put("tenantId", tenantId)
                .put("type", type);
        event.putObject("info").put("ipAddress", caller.ipAddress()).put("userAgent", caller.userAgent());
        event.set("user", user);
        return new Event(type, UUID.fromString(tenantId), Json.write(json));
    }
}
