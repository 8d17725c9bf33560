package dev.lethe.ingress.webhook;

import dev.lethe.config.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook should be. A null leaves an existing webhook's value as it is.
 *
 * @param url where the ingress receives it
 * @param global whether it hears of all tenants
 * @param tenants the tenants it hears of, if it is not global
 * @param headers sent with each event
 * @param basic sent with each event, in {@code Authorization}
 * @param signingKey signs each event
 * @param connectTimeout in milliseconds
 * @param readTimeout in milliseconds
 */
record WebhookWish(
        URI url,
        boolean global,
        List<UUID> tenants,
        Map<String, Secret> headers,
        @Nullable Basic basic,
        @Nullable UUID signingKey,
        @Nullable Integer connectTimeout,
        @Nullable Integer readTimeout,
        @Nullable String description) {

    record Basic(String username, Secret password) {}

    /** The id of an ingress's webhook: always the same for the same URL, so that it is found again. */
    static UUID idFor(URI url) {
        return UUID.nameUUIDFromBytes(("lethe webhook " + url).getBytes(StandardCharsets.UTF_8));
    }
}
