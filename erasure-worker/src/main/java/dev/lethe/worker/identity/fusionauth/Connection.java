package dev.lethe.worker.identity.fusionauth;

import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.store.BodyInTime;
import dev.lethe.worker.store.StoreUnavailableException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls a FusionAuth, and takes nothing but its own answers for answers: 200 and 404. Everything else is an exception that says
 * what to do. Follows no redirect. Safe for any thread.
 */
final class Connection implements AutoCloseable {
    private static final String TENANT = "X-FusionAuth-TenantId";

    /** More than a hundred users with much that is said of them. */
    private static final long MOST_BYTES = 16 << 20;

    private static final Duration LONGEST_REST = Duration.ofHours(1);

    private final FusionAuthConfig config;
    private @Nullable HttpClient client;

    Connection(FusionAuthConfig config) {
        this.config = config;
    }

    /** @param status 200 or 404 */
    record Answer(int status, String body) {
        /** Without the body, which tells of people. */
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    Answer get(String path, Optional<UUID> tenant) throws ProviderUnavailableException, InterruptedException {
        return ask(request(path, tenant).GET().build());
    }

    Answer post(String path, Optional<UUID> tenant, String body)
            throws ProviderUnavailableException, InterruptedException {
        return ask(request(path, tenant)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path, Optional<UUID> tenant) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(config.url() + path))
                .header("Authorization", config.apiKey().reveal())
                .header("Accept", "application/json")
                .header("User-Agent", "Lethe")
                .timeout(config.requestTimeout());
        tenant.ifPresent(id -> request.header(TENANT, id.toString()));
        return request;
    }

    private Answer ask(HttpRequest request) throws ProviderUnavailableException, InterruptedException {
        HttpResponse<String> response = send(request);
        int status = response.statusCode();
        if (status != 200 && status != 404) {
            throw refusal(response);
        }
        return new Answer(status, response.body());
    }

    /** Sends it; once more at once if a connection that was kept turns out to be dead: whatever is asked changes nothing. */
    private HttpResponse<String> send(HttpRequest request) throws ProviderUnavailableException, InterruptedException {
        HttpClient http = client();
        try {
            try {
                return once(http, request);
            } catch (HttpTimeoutException | ConnectException | SSLException e) {
                throw e;
            } catch (IOException e) {
                if (isTooLarge(e)) {
                    throw e;
                }
                return once(http, request);
            }
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpResponse<String> once(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, headers -> new BodyInTime(config.requestTimeout(), MOST_BYTES));
    }

    private static ProviderUnavailableException refusal(HttpResponse<?> response) {
        int status = response.statusCode();
        String said = "FusionAuth answers " + status + ": ";
        Duration rest = response.headers()
                .firstValue("Retry-After")
                .flatMap(Connection::seconds)
                .orElse(Duration.ZERO);
        return switch (status) {
            case 401, 403 ->
                new ProviderUnavailableException(
                        "UNAUTHENTICATED",
                        said + "check fusionauth.apiKey: it has to be a key of this FusionAuth, not expired, that may"
                                + " GET /api/user and POST /api/user/search");
            case 400 ->
                new ProviderUnavailableException(
                        "MISCONFIGURED",
                        said + "check the tenant of fusionauth.apiKey, and fusionauth.tenant if it is set: it does not"
                                + " take them together with the tenant that the events name");
            case 408, 425, 429, 503 ->
                new ProviderUnavailableException("OVERLOADED", said + "it can't keep up, or is starting", rest);
            case 502, 504 ->
                new ProviderUnavailableException(
                        "UNREACHABLE", said + "what is in front of it can't reach it: is it running?", rest);
            default -> {
                if (status >= 500) {
                    yield new ProviderUnavailableException("FAILING", said + "see its log", rest);
                }
                if (status >= 300 && status < 400) {
                    yield new ProviderUnavailableException(
                            "MISCONFIGURED",
                            said + "it is elsewhere, and no redirect is followed: correct fusionauth.url");
                }
                yield notFusionAuth(said);
            }
        };
    }

    /** Somebody else answers. */
    static ProviderUnavailableException notFusionAuth(String said) {
        return new ProviderUnavailableException(
                "MISCONFIGURED",
                said
                        + "this is no answer of FusionAuth's: check fusionauth.url, and where proxies in front of it lead");
    }

    private static ProviderUnavailableException unreachable(IOException e) {
        if (isTooLarge(e)) {
            return new ProviderUnavailableException(
                    "FAILING",
                    "an answer of FusionAuth's has more than " + MOST_BYTES + " bytes: is fusionauth.url its address?");
        }
        if (e instanceof HttpTimeoutException) {
            return new ProviderUnavailableException(
                    "UNREACHABLE",
                    "FusionAuth does not answer within fusionauth.connectTimeout and requestTimeout: is it running?");
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return new ProviderUnavailableException(
                        "MISCONFIGURED",
                        "FusionAuth's certificate is not trusted: check fusionauth.tls.authority and fusionauth.url");
            }
        }
        return new ProviderUnavailableException(
                "UNREACHABLE",
                "FusionAuth can't be reached: check fusionauth.url, the network, and whether it is running");
    }

    /** The client wraps what its subscriber throws. */
    private static boolean isTooLarge(IOException e) {
        return e.getCause() instanceof BodyInTime.TooLargeException;
    }

    private static Optional<Duration> seconds(String header) {
        try {
            Duration rest = Duration.ofSeconds(Math.max(0, Long.parseLong(header.strip())));
            return Optional.of(rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private synchronized HttpClient client() throws ProviderUnavailableException {
        if (client == null) {
            try {
                client = HttpClient.newBuilder()
                        // A server that speaks plain HTTP need not know how to be asked for HTTP/2.
                        .version(
                                "https".equals(config.url().getScheme())
                                        ? HttpClient.Version.HTTP_2
                                        : HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(config.connectTimeout())
                        .sslContext(config.tls().context())
                        .build();
            } catch (StoreUnavailableException e) {
                throw new ProviderUnavailableException(e.code(), "fusionauth.tls: " + e.getMessage());
            }
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
