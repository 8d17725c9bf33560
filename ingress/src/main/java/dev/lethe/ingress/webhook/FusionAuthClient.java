package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.config.Secret;
import dev.lethe.ingress.webhook.Credentials.CredentialException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The part of FusionAuth's API that has to do with webhooks. Every refusal becomes a {@link FusionAuthException}. */
final class FusionAuthClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Until the last byte of the answer. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    private final String url;
    private final Credentials credentials;
    private final Secret apiKey;
    private final Duration callTimeout;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    FusionAuthClient(URI url, Credentials credentials) throws CredentialException {
        this(url, credentials, CALL_TIMEOUT);
    }

    FusionAuthClient(URI url, Credentials credentials, Duration callTimeout) throws CredentialException {
        this.url = url.toString().replaceAll("/+$", "");
        this.credentials = credentials;
        this.apiKey = credentials.require(Credentials.FUSIONAUTH_API_KEY, "FusionAuth's API key");
        this.callTimeout = callTimeout;
    }

    List<ObjectNode> webhooks() throws FusionAuthException, InterruptedException {
        return objects("/api/webhook", "webhooks");
    }

    /** All tenants; there is always one. */
    List<ObjectNode> tenants() throws FusionAuthException, InterruptedException {
        List<ObjectNode> tenants = objects("/api/tenant", "tenants");
        if (tenants.isEmpty()) {
            throw FusionAuthException.notFusionAuth("GET /api/tenant");
        }
        return tenants;
    }

    ObjectNode tenant(UUID id) throws FusionAuthException, InterruptedException {
        String path = "/api/tenant/" + id;
        if (get(path).path("tenant") instanceof ObjectNode tenant) {
            return tenant;
        }
        throw FusionAuthException.notFusionAuth("GET " + path);
    }

    /** Carries the change out. */
    void make(ApiCall change) throws FusionAuthException, InterruptedException {
        HttpResponse<byte[]> answer = send(change.method(), change.path(), change.body());
        boolean goneAlready = change.method().equals("DELETE") && answer.statusCode() == 404;
        if (answer.statusCode() != 200 && !goneAlready) {
            throw refused(change.toString(), answer);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private List<ObjectNode> objects(String path, String name) throws FusionAuthException, InterruptedException {
        JsonNode answer = get(path);
        var objects = new ArrayList<ObjectNode>();
        for (JsonNode element : answer.path(name)) {
            if (element instanceof ObjectNode object) {
                objects.add(object);
            }
        }
        return objects;
    }

    private JsonNode get(String path) throws FusionAuthException, InterruptedException {
        HttpResponse<byte[]> answer = send("GET", path, null);
        if (answer.statusCode() != 200) {
            throw refused("GET " + path, answer);
        }
        JsonNode json = json(answer);
        if (!(json instanceof ObjectNode)) {
            throw FusionAuthException.notFusionAuth("GET " + path);
        }
        return json;
    }

    private HttpResponse<byte[]> send(String method, String path, @Nullable ObjectNode body)
            throws FusionAuthException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", apiKey.reveal())
                .header("Accept", "application/json");
        BodyPublisher publisher = BodyPublishers.noBody();
        if (body != null) {
            request.header("Content-Type", "application/json");
            publisher = BodyPublishers.ofString(body.toString());
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.method(method, publisher).build(), BodyHandlers.ofByteArray());
        try {
            return answer.get(callTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            throw FusionAuthException.unreachable(url, e);
        }
    }

    private FusionAuthException refused(String call, HttpResponse<byte[]> answer) {
        return FusionAuthException.refused(call, answer.statusCode(), json(answer), credentials::redact);
    }

    private static @Nullable JsonNode json(HttpResponse<byte[]> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            return null;
        } catch (IOException e) {
            throw new AssertionError("bytes in memory can be read", e);
        }
    }
}
