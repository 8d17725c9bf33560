package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.ingress.webhook.WebhookWish.Basic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What has to change in FusionAuth for a wish to come true. Everything that the wish does not mention stays, known or not. */
final class WebhookRegistration {
    /** The ingress may take 1.6 s before it says that it can't commit; hanging up before that makes an unknown of a refusal. */
    static final int MIN_READ_TIMEOUT = 2000;

    static final String EVENT = "user.delete";

    private static final int DEFAULT_CONNECT_TIMEOUT = 1000;
    private static final String AUTHORIZATION = "Authorization";

    private final UUID id;
    private final WebhookWish wish;
    private final TransactionLevel transaction;

    WebhookRegistration(UUID id, WebhookWish wish, TransactionLevel transaction) {
        this.id = id;
        this.wish = wish;
        this.transaction = transaction;
    }

    /** The calls that are needed, in order; none if everything is as wished. */
    List<ApiCall> calls(Optional<ObjectNode> existing, List<ObjectNode> tenants) {
        var calls = new ArrayList<ApiCall>();
        ObjectNode before = existing.orElseGet(JsonNodeFactory.instance::objectNode);
        ObjectNode webhook = merged(before);
        if (existing.isEmpty()) {
            calls.add(ApiCall.createWebhook(id, webhook));
        } else if (!webhook.equals(before)) {
            calls.add(ApiCall.updateWebhook(id, webhook, changed(before, webhook)));
        }
        tenants.stream()
                .filter(tenant -> !isEnabled(tenant))
                .map(tenant -> ApiCall.enableEvent(tenant, transaction))
                .forEach(calls::add);
        return calls;
    }

    /** The webhook as it should be, made of the one that is there; of an empty object if there is none. */
    ObjectNode merged(ObjectNode existing) {
        ObjectNode webhook = existing.deepCopy();
        webhook.put("url", wish.url().toString());
        if (wish.description() != null) {
            webhook.put("description", wish.description());
        } else if (existing.isEmpty()) {
            webhook.put("description", "Lethe: erases what is stored of a deleted user");
        }
        setTimeouts(webhook);
        webhook.withObjectProperty("eventsEnabled").put(EVENT, true);
        setTenants(webhook);
        setAuthentication(webhook);
        if (wish.signingKey() != null) {
            webhook.withObjectProperty("signatureConfiguration")
                    .put("enabled", true)
                    .put("signingKeyId", wish.signingKey().toString());
        }
        return webhook;
    }

    private void setTimeouts(ObjectNode webhook) {
        if (wish.connectTimeout() != null) {
            webhook.put("connectTimeout", wish.connectTimeout());
        } else if (webhook.path("connectTimeout").asInt() <= 0) {
            webhook.put("connectTimeout", DEFAULT_CONNECT_TIMEOUT);
        }
        if (wish.readTimeout() != null) {
            webhook.put("readTimeout", wish.readTimeout());
        } else if (webhook.path("readTimeout").asInt() < MIN_READ_TIMEOUT) {
            webhook.put("readTimeout", MIN_READ_TIMEOUT);
        }
    }

    private void setTenants(ObjectNode webhook) {
        webhook.put("global", wish.global());
        if (wish.global()) {
            if (!webhook.path("tenantIds").isEmpty()) {
                webhook.putArray("tenantIds");
            }
            return;
        }
        ArrayNode listed = webhook.withArrayProperty("tenantIds");
        for (UUID tenant : wish.tenants()) {
            if (!EventRoute.lists(webhook, tenant.toString())) {
                listed.add(tenant.toString());
            }
        }
    }

    /** Basic credentials and an API key in {@code Authorization} exclude each other: a request has one such header. */
    private void setAuthentication(ObjectNode webhook) {
        Basic basic = wish.basic();
        if (basic != null) {
            webhook.put("httpAuthenticationUsername", basic.username())
                    .put("httpAuthenticationPassword", basic.password().reveal());
            removeHeader(webhook, AUTHORIZATION);
        }
        wish.headers().forEach((name, value) -> {
            removeHeader(webhook, name);
            webhook.withObjectProperty("headers").put(name, value.reveal());
            if (name.equalsIgnoreCase(AUTHORIZATION)) {
                webhook.remove(List.of("httpAuthenticationUsername", "httpAuthenticationPassword"));
            }
        });
    }

    /** Whatever its case: HTTP does not tell {@code authorization} from {@code Authorization}. */
    private static void removeHeader(ObjectNode webhook, String name) {
        if (webhook.path("headers") instanceof ObjectNode headers) {
            List<String> same = headers.properties().stream()
                    .map(header -> header.getKey())
                    .filter(name::equalsIgnoreCase)
                    .toList();
            headers.remove(same);
        }
    }

    private boolean isEnabled(ObjectNode tenant) {
        JsonNode event = EventRoute.event(tenant);
        return event.path("enabled").asBoolean()
                && event.path("transactionType").asText().equals(transaction.apiName());
    }

    private static List<String> changed(ObjectNode before, ObjectNode after) {
        var names = new ArrayList<String>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(name -> {
            if (!before.has(name)) {
                names.add(name);
            }
        });
        return names.stream()
                .filter(name -> !before.path(name).equals(after.path(name)))
                .toList();
    }
}
