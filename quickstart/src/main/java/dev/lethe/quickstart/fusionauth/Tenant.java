package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A tenant: which events it sends, and what their webhooks may veto. */
final class Tenant {

    /** The events that deletion can cause; all off, as in a new tenant. */
    private static final List<String> EVENT_TYPES = List.of(
            "user.create",
            "user.deactivate",
            "user.delete",
            "user.delete.complete",
            "user.reactivate",
            "user.registration.delete",
            "user.registration.delete.complete",
            "user.update");

    record EventSetting(boolean enabled, TransactionType transactionType) {

        static final EventSetting OFF = new EventSetting(false, TransactionType.NONE);
    }

    private final UUID id;
    private final Map<String, EventSetting> events = new ConcurrentHashMap<>();

    /** As in a new tenant. */
    private volatile String issuer = "acme.com";

    Tenant(UUID id) {
        this.id = id;
        EVENT_TYPES.forEach(type -> events.put(type, EventSetting.OFF));
    }

    UUID id() {
        return id;
    }

    EventSetting setting(String eventType) {
        return events.getOrDefault(eventType, EventSetting.OFF);
    }

    /** What it calls itself in tokens. */
    String issuer() {
        return issuer;
    }

    /** Merges {@code tenant.issuer} and {@code tenant.eventConfiguration.events}; changes nothing if any of it is wrong. */
    void patch(JsonNode tenant) {
        ApiErrors errors = new ApiErrors();
        Map<String, EventSetting> changed = new ConcurrentHashMap<>();
        tenant.at("/eventConfiguration/events").properties().forEach(entry -> {
            String field = "tenant.eventConfiguration.events[" + entry.getKey() + "]";
            EventSetting current = setting(entry.getKey());
            String transaction = entry.getValue()
                    .path("transactionType")
                    .asText(current.transactionType().apiName());
            if (!events.containsKey(entry.getKey())) {
                errors.field(field, "invalid", "This event is unknown, or not simulated.");
            } else if (TransactionType.named(transaction).isEmpty()) {
                errors.field(field + ".transactionType", "invalid", "This transaction type is unknown.");
            } else {
                boolean enabled = entry.getValue().path("enabled").asBoolean(current.enabled());
                changed.put(
                        entry.getKey(),
                        new EventSetting(
                                enabled, TransactionType.named(transaction).orElseThrow()));
            }
        });
        errors.throwIfAny();
        events.putAll(changed);
        issuer = tenant.path("issuer").asText(issuer);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        ObjectNode tenant = json.putObject("tenant")
                .put("id", id.toString())
                .put("name", "Default")
                .put("issuer", issuer);
        ObjectNode eventsJson = tenant.putObject("eventConfiguration").putObject("events");
        events.forEach((type, setting) -> eventsJson
                .putObject(type)
                .put("enabled", setting.enabled())
                .put("transactionType", setting.transactionType().apiName()));
        return json;
    }
}
