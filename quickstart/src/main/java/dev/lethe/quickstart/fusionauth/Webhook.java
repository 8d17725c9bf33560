package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as the API has it, and what sending needs of it.
 *
 * @param json the whole of it, for the API's answers
 */
record Webhook(
        URI url,
        Duration connectTimeout,
        Duration readTimeout,
        Map<String, String> headers,
        @Nullable UUID signingKeyId,
        ObjectNode json) {

    /** Throws all validation errors at once. */
    static Webhook of(UUID id, JsonNode webhook, Predicate<UUID> isTenant, Predicate<UUID> isKey, long now) {
        ApiErrors errors = new ApiErrors();
        if (!(webhook instanceof ObjectNode request)) {
            errors.field("webhook", "missing", "You must specify the [webhook] property.");
            throw ApiException.badRequest(errors.toJson());
        }
        URI url = url(request, errors);
        int connectTimeout = milliseconds(request, "connectTimeout", errors);
        int readTimeout = milliseconds(request, "readTimeout", errors);
        for (JsonNode tenantId : request.path("tenantIds")) {
            if (uuid(tenantId).filter(isTenant).isEmpty()) {
                errors.field("webhook.tenantIds", "invalid", "One of the tenant ids is unknown.");
            }
        }
        Optional<UUID> signingKey = signingKey(request, isKey, errors);
        errors.throwIfAny();

        ObjectNode json = request.deepCopy();
        json.put("id", id.toString()).put("lastUpdateInstant", now);
        json.put("global", request.path("global").asBoolean(false));
        return new Webhook(
                url,
                Duration.ofMillis(connectTimeout),
                Duration.ofMillis(readTimeout),
                headers(request),
                signingKey.orElse(null),
                json);
    }

    /** The tenant's own switch is the third one. */
    boolean wants(String eventType, UUID tenantId) {
        return json.path("eventsEnabled").path(eventType).asBoolean(false)
                && (json.path("global").asBoolean() || lists(tenantId));
    }

    private boolean lists(UUID tenantId) {
        for (JsonNode listed : json.path("tenantIds")) {
            if (uuid(listed).filter(tenantId::equals).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static URI url(ObjectNode request, ApiErrors errors) {
        String url = request.path("url").asText();
        if (url.isBlank()) {
            errors.field("webhook.url", "blank", "You must specify the [webhook.url] property.");
            return URI.create("");
        }
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        errors.field("webhook.url", "invalid", "The [webhook.url] property is not a valid URL.");
        return URI.create("");
    }

    private static int milliseconds(ObjectNode request, String name, ApiErrors errors) {
        String field = "webhook." + name;
        JsonNode value = request.path(name);
        if (value.isMissingNode() || value.isNull()) {
            errors.field(field, "missing", "You must specify the [" + field + "] property.");
        } else if (!value.canConvertToInt() || value.intValue() <= 0) {
            errors.field(field, "invalid", "The [" + field + "] property must be greater than 0.");
        }
        return value.asInt();
    }

    private static Optional<UUID> signingKey(ObjectNode request, Predicate<UUID> isKey, ApiErrors errors) {
        JsonNode configuration = request.path("signatureConfiguration");
        if (!configuration.path("enabled").asBoolean(false)) {
            return Optional.empty();
        }
        String field = "webhook.signatureConfiguration.signingKeyId";
        JsonNode id = configuration.path("signingKeyId");
        if (id.asText().isBlank()) {
            errors.field(field, "missing", "You must specify a signing key when signing is enabled.");
            return Optional.empty();
        }
        Optional<UUID> key = uuid(id).filter(isKey);
        if (key.isEmpty()) {
            errors.field(field, "invalid", "There is no key with this id.");
        }
        return key;
    }

    private static Map<String, String> headers(ObjectNode request) {
        Map<String, String> headers = new HashMap<>();
        request.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        String username = request.path("httpAuthenticationUsername").asText();
        if (!username.isEmpty()) {
            String credentials =
                    username + ":" + request.path("httpAuthenticationPassword").asText();
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        return Map.copyOf(headers);
    }

    private static Optional<UUID> uuid(JsonNode node) {
        return Ids.parse(node.asText());
    }
}
