package dev.lethe.quickstart.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Somebody who signs in to the ledger's console through FusionAuth, and looks, as a browser does it. */
final class Office implements AutoCloseable {
    private static final URI LEDGER = URI.create("http://localhost:8090");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager())
            .followRedirects(Redirect.NORMAL)
            .build();

    Office(Compose compose) throws IOException, InterruptedException {
        HttpResponse<String> form = send(get("/console/sign-in/openid"));
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.uri().getAuthority()).as("who asks for the password").isEqualTo("localhost:9011");

        String filledIn = form.uri().getRawQuery() + "&loginId=" + encoded("admin@example.org") + "&password="
                + encoded(compose.secret("FUSIONAUTH_ADMIN_PASSWORD"));
        HttpResponse<String> console = send(HttpRequest.newBuilder(form.uri().resolve("/oauth2/authorize"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(filledIn)));
        assertThat(console.statusCode()).isEqualTo(200);
        assertThat(console.uri()).isEqualTo(LEDGER.resolve("/console"));
    }

    /** What the ledger counts. */
    JsonNode statistics() throws IOException, InterruptedException {
        HttpResponse<String> answer = send(get("/statistics"));
        assertThat(answer.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private static HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(LEDGER.resolve(path)).GET();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
