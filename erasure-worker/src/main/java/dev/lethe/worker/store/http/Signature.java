package dev.lethe.worker.store.http;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.lethe.config.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The signature of a request, by every secret in force: while one replaces another, the service may still know only the
 * older.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 *     Webhooks</a>
 */
final class Signature {
    private static final int LEAST_BYTES = 24;

    private final List<Webhook> secrets;

    Signature(List<Secret> secrets) {
        this.secrets =
                secrets.stream().map(secret -> new Webhook(secret.reveal())).toList();
    }

    static boolean areUsable(List<Secret> secrets) {
        return secrets.stream().allMatch(secret -> isUsable(secret.reveal()));
    }

    private static boolean isUsable(String secret) {
        try {
            return secret.startsWith(Webhook.SECRET_PREFIX)
                    && Base64.getDecoder().decode(secret.substring(Webhook.SECRET_PREFIX.length())).length
                            >= LEAST_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The headers of a request; none without a secret. */
    Map<String, String> headers(String id, Instant now, String body) {
        if (secrets.isEmpty()) {
            return Map.of();
        }
        var signatures = new ArrayList<String>();
        for (Webhook secret : secrets) {
            try {
                signatures.add(secret.sign(id, now.getEpochSecond(), body));
            } catch (WebhookSigningException e) {
                throw new IllegalStateException("HMAC-SHA256 is in every Java", e);
            }
        }
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(now.getEpochSecond()),
                "webhook-signature",
                String.join(" ", signatures));
    }
}
