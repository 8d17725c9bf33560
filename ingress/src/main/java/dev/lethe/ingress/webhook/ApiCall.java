package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that changes something in FusionAuth.
 *
 * @param body may hold secrets
 * @param done says, once it is made, what it did
 */
record ApiCall(String method, String path, @Nullable ObjectNode body, String done) {

    static ApiCall createWebhook(UUID id, ObjectNode webhook) {
        return new ApiCall("POST", "/api/webhook/" + id, wrapped("webhook", webhook), "Webhook " + id + " made.");
    }

    static ApiCall updateWebhook(UUID id, ObjectNode webhook, List<String> changed) {
        return new ApiCall(
                "PUT",
                "/api/webhook/" + id,
                wrapped("webhook", webhook),
                "Webhook " + id + " changed: " + String.join(", ", changed) + ".");
    }

    static ApiCall deleteWebhook(UUID id) {
        return new ApiCall("DELETE", "/api/webhook/" + id, null, "Webhook " + id + " removed.");
    }

    static ApiCall enableEvent(ObjectNode tenant, TransactionLevel transaction) {
        ObjectNode setting = JsonNodeFactory.instance
                .objectNode()
                .put("enabled", true)
                .put("transactionType", transaction.apiName());
        return setEvent(tenant, setting, "on, transaction level " + transaction.apiName());
    }

    static ApiCall disableEvent(ObjectNode tenant) {
        return setEvent(tenant, JsonNodeFactory.instance.objectNode().put("enabled", false), "off");
    }

    private static ApiCall setEvent(ObjectNode tenant, ObjectNode setting, String what) {
        ObjectNode change = JsonNodeFactory.instance.objectNode();
        change.putObject("eventConfiguration").putObject("events").set(WebhookRegistration.EVENT, setting);
        return new ApiCall(
                "PATCH",
                "/api/tenant/" + tenant.path("id").asText(),
                wrapped("tenant", change),
                EventRoute.label(tenant) + ": " + WebhookRegistration.EVENT + " switched " + what + ".");
    }

    private static ObjectNode wrapped(String name, ObjectNode value) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set(name, value);
        return body;
    }

    /** The call as {@code --dry-run} shows it, without secrets. */
    String print() {
        String call = method + " " + path;
        return body == null ? call : call + System.lineSeparator() + Redaction.print(body);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
