package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a tenant's {@code user.delete} gets to a webhook. FusionAuth has three switches, and all have to be on.
 *
 * @param tenantId the tenant
 * @param tenant the tenant, for people
 * @param tenantSends the tenant's event is enabled
 * @param webhookWants the webhook's event is enabled
 * @param webhookCovers the webhook is global or lists the tenant
 * @param transaction the tenant's transaction level, in the words of FusionAuth's API
 */
record EventRoute(
        String tenantId,
        String tenant,
        boolean tenantSends,
        boolean webhookWants,
        boolean webhookCovers,
        String transaction) {

    static EventRoute of(ObjectNode webhook, ObjectNode tenant) {
        String id = tenant.path("id").asText();
        return new EventRoute(
                id,
                label(tenant),
                event(tenant).path("enabled").asBoolean(),
                webhook.path("eventsEnabled").path(WebhookRegistration.EVENT).asBoolean(),
                webhook.path("global").asBoolean() || lists(webhook, id),
                event(tenant).path("transactionType").asText(TransactionLevel.NONE.apiName()));
    }

    static boolean lists(ObjectNode webhook, String tenantId) {
        for (JsonNode listed : webhook.path("tenantIds")) {
            if (listed.asText().equalsIgnoreCase(tenantId)) {
                return true;
            }
        }
        return false;
    }

    static JsonNode event(ObjectNode tenant) {
        return tenant.path("eventConfiguration").path("events").path(WebhookRegistration.EVENT);
    }

    /** A tenant's id and name. */
    static String label(ObjectNode tenant) {
        return "Tenant " + tenant.path("id").asText() + " ("
                + tenant.path("name").asText("without a name") + ")";
    }

    boolean isOpen() {
        return tenantSends && webhookWants && webhookCovers;
    }

    /** Whether FusionAuth keeps the user if the webhook does not agree. */
    boolean isTransactional() {
        return !transaction.equals(TransactionLevel.NONE.apiName());
    }

    String verdict() {
        if (isOpen()) {
            return isTransactional()
                    ? "A user.delete reaches the ingress, and FusionAuth waits for its answer (" + transaction + ")."
                    : "A user.delete reaches the ingress, but FusionAuth does not wait for its answer, and tries only once"
                            + " (transaction level None): while the ingress is away, requests are lost.";
        }
        var off = new ArrayList<String>();
        if (!tenantSends) {
            off.add("the tenant does not send the event");
        }
        if (!webhookWants) {
            off.add("the webhook does not want the event");
        }
        if (!webhookCovers) {
            off.add("the webhook is neither global nor lists the tenant");
        }
        return "A user.delete does NOT reach the ingress: " + String.join("; ", off) + ".";
    }

    /** The route as {@code show} prints it. */
    List<String> lines() {
        return List.of(
                tenant,
                "  tenant sends user.delete      " + onOff(tenantSends) + ", transaction level " + transaction
                        + (isTransactional() ? "" : " (not transactional)"),
                "  webhook wants user.delete     " + onOff(webhookWants),
                "  webhook covers the tenant     " + onOff(webhookCovers),
                "  " + verdict());
    }

    private static String onOff(boolean on) {
        return on ? "on" : "OFF";
    }
}
