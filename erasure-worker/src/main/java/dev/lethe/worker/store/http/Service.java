package dev.lethe.worker.store.http;

import dev.lethe.worker.store.BodyInTime;
import dev.lethe.worker.store.StoreUnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The service at the other end. Sends requests, signed and authenticated, over connections that are kept; follows no redirect;
 * and leaves the service alone for as long as it asks for, whoever wants to call.
 */
final class Service implements AutoCloseable {
    private final HttpStoreConfig config;
    private final InstantSource clock;
    private final Signature signature;
    private final AccessTokens tokens;
    private @Nullable HttpClient client;
    private volatile @Nullable StoreUnavailableException rest;
    private volatile Instant restUntil = Instant.MIN;

    Service(HttpStoreConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.signature = new Signature(config.signing());
        this.tokens = new AccessTokens(config.credentials().oauth2(), this, clock);
    }

    /**
     * A request that may change something.
     *
     * @param id the same whenever the same is asked again
     */
    Answer post(URI url, String body, String id, @Nullable String traceparent) throws StoreUnavailableException {
        return authenticated(() -> {
            HttpRequest.Builder request = request(url)
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", '"' + id + '"')
                    .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
            signature.headers(id, clock.instant(), body).forEach(request::header);
            if (traceparent != null) {
                request.header("traceparent", traceparent);
            }
            return request;
        });
    }

    Answer get(URI url) throws StoreUnavailableException {
        return authenticated(() -> request(url).GET());
    }

    private HttpRequest.Builder request(URI url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Accept", "application/json")
                .header("User-Agent", "Lethe")
                .timeout(config.requestTimeout());
        config.credentials()
                .apiKey()
                .ifPresent(key -> request.header(key.header(), key.value().reveal()));
        return request;
    }

    private interface Builder {
        HttpRequest.Builder request();
    }

    /** Sends it, and once more with a new access token where the old one has been refused. */
    private Answer authenticated(Builder builder) throws StoreUnavailableException {
        rest();
        Optional<String> token = tokens.current();
        Answer answer = send(withToken(builder.request(), token));
        if (answer.status() == 401 && token.isPresent()) {
            answer = send(withToken(builder.request(), tokens.after(token.get())));
        }
        return available(answer);
    }

    private static HttpRequest withToken(HttpRequest.Builder request, Optional<String> token) {
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request.build();
    }

    /** @throws StoreUnavailableException as long as the service has asked to be left alone */
    private void rest() throws StoreUnavailableException {
        StoreUnavailableException reason = rest;
        Duration left = Duration.between(clock.instant(), restUntil);
        if (reason != null && left.isPositive()) {
            throw new StoreUnavailableException(reason.code(), String.valueOf(reason.getMessage()), left);
        }
    }

    private Answer available(Answer answer) throws StoreUnavailableException {
        int status = answer.status();
        String said = "the service answers " + status + ": ";
        return switch (status) {
            case 401, 403 ->
                throw new StoreUnavailableException(
                        "UNAUTHENTICATED", said + "check secret, apiKey, oauth2 or tls, and what it lets them do");
            case 408, 425, 429, 503 -> throw resting("OVERLOADED", said + "it can't keep up", answer);
            case 502, 504 -> throw resting("UNREACHABLE", said + "something in front of it can't reach it", answer);
            default -> {
                if (status >= 500) {
                    throw resting("FAILING", said + "see its log", answer);
                }
                if (status >= 300 && status < 400) {
                    throw new StoreUnavailableException(
                            "MISCONFIGURED", said + "it is elsewhere, and no redirect is followed: correct the url");
                }
                yield answer;
            }
        };
    }

    private StoreUnavailableException resting(String code, String message, Answer answer) {
        Duration wait = answer.retryAfter().orElse(Duration.ZERO);
        var unavailable = new StoreUnavailableException(code, message, wait);
        if (wait.isPositive()) {
            rest = unavailable;
            restUntil = clock.instant().plus(wait);
        }
        return unavailable;
    }

    /** Sends it; once more at once if a connection that was kept turns out to be dead. */
    Answer send(HttpRequest request) throws StoreUnavailableException {
        HttpClient http = client();
        try {
            try {
                return answer(http, request);
            } catch (HttpTimeoutException | ConnectException | SSLException e) {
                throw e;
            } catch (IOException e) {
                return answer(http, request);
            }
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw Crew.interrupted();
        }
    }

    private Answer answer(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, headers -> new BodyInTime(config.requestTimeout()));
        return new Answer(response.statusCode(), response.headers(), response.body(), clock.instant());
    }

    private static StoreUnavailableException unreachable(IOException e) {
        if (e instanceof HttpTimeoutException) {
            return new StoreUnavailableException(
                    "UNREACHABLE", "the service does not answer within connectTimeout and requestTimeout");
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return new StoreUnavailableException(
                        "MISCONFIGURED", "the service's certificate is not trusted: check tls.authority and the url");
            }
            if (cause instanceof SSLException
                    && String.valueOf(cause.getMessage()).contains("fatal alert")) {
                return new StoreUnavailableException(
                        "UNAUTHENTICATED", "the service refuses the TLS connection: check tls.certificate and tls.key");
            }
        }
        return new StoreUnavailableException(
                "UNREACHABLE", "the service can't be reached: check the url, the network, the service");
    }

    private synchronized HttpClient client() throws StoreUnavailableException {
        if (client == null) {
            client = HttpClient.newBuilder()
                    // A server that speaks plain HTTP need not know how to be asked for HTTP/2.
                    .version(isTls(config.url()) ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(config.connectTimeout())
                    .sslContext(config.tls().context())
                    .build();
        }
        return client;
    }

    static boolean isTls(URI url) {
        return "https".equals(url.getScheme());
    }

    Duration requestTimeout() {
        return config.requestTimeout();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
