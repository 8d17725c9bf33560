package dev.lethe.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import dev.lethe.quickstart.server.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The calls of FusionAuth's API that an administrator makes: point a webhook at the ingress, delete a user. */
public final class FusionAuthApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final FusionAuthSimulator fusionAuth;

    public FusionAuthApi(FusionAuthSimulator fusionAuth) {
        this.fusionAuth = fusionAuth;
    }

    /** Has FusionAuth ask the ingress before it deletes a user, and not delete the user unless the ingress agrees. */
    public void registerWebhook(String url, String ingressKey) throws IOException, InterruptedException {
        ObjectNode webhook = JSON.createObjectNode()
                .put("url", url)
                .put("description", "Lethe")
                .put("connectTimeout", 1000)
                .put("readTimeout", 2000)
                .put("global", true);
        webhook.putObject("eventsEnabled").put("user.delete", true);
        webhook.putObject("headers").put("Authorization", ingressKey);
        require(call("POST", "/api/webhook", body(Map.of("webhook", webhook))), 200);
        var transaction = Map.of("enabled", true, "transactionType", "AbsoluteMajority");
        var tenant = Map.of("eventConfiguration", Map.of("events", Map.of("user.delete", transaction)));
        require(call("PATCH", "/api/tenant/" + fusionAuth.tenantId(), body(Map.of("tenant", tenant))), 200);
    }

    /** Adds a webhook at whose address nobody listens: whatever it is asked about is rolled back. */
    UUID registerFailingWebhook() throws IOException, InterruptedException {
        UUID id = UUID.randomUUID();
        ObjectNode webhook = JSON.createObjectNode()
                .put("url", "http://127.0.0.1:" + FreePort.any() + "/")
                .put("description", "Somebody else's, out of order")
                .put("connectTimeout", 1000)
                .put("readTimeout", 2000)
                .put("global", true);
        webhook.putObject("eventsEnabled").put("user.delete", true);
        require(call("POST", "/api/webhook/" + id, body(Map.of("webhook", webhook))), 200);
        return id;
    }

    void removeWebhook(UUID id) throws IOException, InterruptedException {
        require(call("DELETE", "/api/webhook/" + id, BodyPublishers.noBody()), 200);
    }

    /** Has people sign in to an application of that client id with FusionAuth, which calls itself by its own address. */
    public void registerApplication(UUID clientId, String clientSecret, String redirect)
            throws IOException, InterruptedException {
        var tenant = Map.of("tenant", Map.of("issuer", fusionAuth.url()));
        require(call("PATCH", "/api/tenant/" + fusionAuth.tenantId(), body(tenant)), 200);
        UUID key = UUID.randomUUID();
        var rsa = Map.of("key", Map.of("name", "Lethe console", "algorithm", "RS256", "length", 2048));
        require(call("POST", "/api/key/generate/" + key, body(rsa)), 200);
        var application = Map.of(
                "name",
                "Lethe console",
                "oauthConfiguration",
                Map.of(
                        "clientSecret",
                        clientSecret,
                        "authorizedRedirectURLs",
                        List.of(redirect),
                        "enabledGrants",
                        List.of("authorization_code"),
                        "proofKeyForCodeExchangePolicy",
                        "Required"),
                "jwtConfiguration",
                Map.of("enabled", true, "idTokenKeyId", key.toString(), "accessTokenKeyId", key.toString()),
                "roles",
                List.of(Map.of("name", "viewer"), Map.of("name", "operator")));
        require(call("POST", "/api/application/" + clientId, body(Map.of("application", application))), 200);
    }

    /** Adds a user who may sign in to an application. */
    public void registerUser(UUID id, String email, String password, UUID clientId, List<String> roles)
            throws IOException, InterruptedException {
        var registration = Map.of(
                "user",
                Map.of("email", email, "password", password),
                "registration",
                Map.of("applicationId", clientId.toString(), "roles", roles));
        require(call("POST", "/api/user/registration/" + id, body(registration)), 200);
    }

    /** Looks a user up: 200, or 404 if there is none. */
    public int getUser(UUID id) throws IOException, InterruptedException {
        return call("GET", "/api/user/" + id, BodyPublishers.noBody()).statusCode();
    }

    /** Deletes a user for good. FusionAuth answers 200, or 504 if its webhooks did not agree and the user is still there. */
    public int deleteUser(UUID id) throws IOException, InterruptedException {
        return call("DELETE", "/api/user/" + id + "?hardDelete=true", BodyPublishers.noBody())
                .statusCode();
    }

    private HttpResponse<String> call(String method, String path, BodyPublisher body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(fusionAuth.url() + path))
                        .header("Authorization", fusionAuth.apiKey())
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build(),
                BodyHandlers.ofString());
    }

    private static BodyPublisher body(Object document) throws IOException {
        return BodyPublishers.ofByteArray(JSON.writeValueAsBytes(document));
    }

    private static void require(HttpResponse<String> response, int status) throws IOException {
        if (response.statusCode() != status) {
            throw new IOException("FusionAuth answered " + response.statusCode() + " to "
                    + response.uri().getPath());
        }
    }
}
