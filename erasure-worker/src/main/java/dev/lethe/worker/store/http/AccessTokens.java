package dev.lethe.worker.store.http;

import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.http.Credentials.OAuth2;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens by client credentials. One is kept until shortly before it expires, for all threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.4">RFC 6749, section 4.4</a>
 */
final class AccessTokens {
    /** A token that ends sooner than this may be over when it arrives. */
    private static final Duration MARGIN = Duration.ofSeconds(30);
    /** For a server that does not say how long its tokens last. */
    private static final Duration UNSAID = Duration.ofMinutes(5);

    private final Optional<OAuth2> client;
    private final Service service;
    private final InstantSource clock;
    private @Nullable String token;
    private Instant renewAt = Instant.MIN;

    AccessTokens(Optional<OAuth2> client, Service service, InstantSource clock) {
        this.client = client;
        this.service = service;
        this.clock = clock;
    }

    /** A token that is good for a while; empty if there is no need for one. */
    synchronized Optional<String> current() throws StoreUnavailableException {
        if (client.isEmpty()) {
            return Optional.empty();
        }
        if (token == null || !clock.instant().isBefore(renewAt)) {
            token = fetch(client.get());
        }
        return Optional.ofNullable(token);
    }

    /** Another token than the one that was refused. */
    synchronized Optional<String> after(String refused) throws StoreUnavailableException {
        if (refused.equals(token)) {
            token = null;
        }
        return current();
    }

    private String fetch(OAuth2 oauth2) throws StoreUnavailableException {
        Answer answer = service.send(HttpRequest.newBuilder(oauth2.tokenUrl())
                .timeout(service.requestTimeout())
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Authorization", basic(oauth2))
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"
                        + oauth2.scope()
                                .map(scope -> "&scope=" + encoded(scope))
                                .orElse("")))
                .build());
        String issued = answer.json().path("access_token").asText();
        if (answer.status() != 200 || issued.isEmpty()) {
            throw refused(answer.status());
        }
        Duration lasts = answer.json().path("expires_in").canConvertToLong()
                ? Duration.ofSeconds(answer.json().path("expires_in").asLong())
                : UNSAID;
        renewAt = clock.instant().plus(lasts).minus(MARGIN);
        return issued;
    }

    private static StoreUnavailableException refused(int status) {
        String said = "oauth2.tokenUrl answers " + status;
        return switch (status) {
            case 400, 401, 403 ->
                new StoreUnavailableException(
                        "UNAUTHENTICATED", said + ": check oauth2.clientId, clientSecret and scope");
            case 408, 425, 429, 503 -> new StoreUnavailableException("OVERLOADED", said);
            default ->
                status >= 500
                        ? new StoreUnavailableException("FAILING", said + ": see its log")
                        : new StoreUnavailableException("MISCONFIGURED", said + " and no token: check it");
        };
    }

    /** RFC 6749, section 2.3.1: encoded like a form, then as Basic has it. */
    private static String basic(OAuth2 oauth2) {
        String login =
                encoded(oauth2.clientId()) + ":" + encoded(oauth2.clientSecret().reveal());
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
