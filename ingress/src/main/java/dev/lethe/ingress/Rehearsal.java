package dev.lethe.ingress;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through what a webhook call goes through before the service is ready. What a JVM does for the first time, it does so
 * slowly that the first event would be at risk of its time.
 */
final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
    private static final int ROUNDS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final byte[] EVENT = """
            {"event":{"id":"00000000-0000-0000-0000-000000000001","type":"user.delete","createInstant":0,
             "user":{"id":"00000000-0000-0000-0000-000000000002","email":"nobody@invalid.example","username":"nobody",
              "identities":[{"type":"email","value":"nobody@invalid.example"}]}}}
            """.getBytes(StandardCharsets.UTF_8);

    private Rehearsal() {}

    /**
     * Whatever goes wrong here, is answered properly where it matters.
     *
     * @param port of the server, if it can be called without TLS: nobody here has a certificate to call it with
     */
    static void of(WebhookEndpoint endpoint, OptionalInt port) {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            for (int i = 0; i < ROUNDS; i++) {
                endpoint.rehearse(EVENT);
            }
            if (port.isPresent()) {
                // Nothing is there, but Jetty and Javalin have been through it once.
                URI nothing = URI.create("http://127.0.0.1:" + port.getAsInt() + "/");
                http.send(HttpRequest.newBuilder(nothing).timeout(PATIENCE).build(), BodyHandlers.discarding());
            }
        } catch (IOException | RefusedException e) {
            log.debug("Rehearsal ended early: {}", e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
