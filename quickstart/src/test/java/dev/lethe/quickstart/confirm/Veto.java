package dev.lethe.quickstart.confirm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Somebody else's webhook, which fails for some users, so that FusionAuth rolls their deletion back. */
final class Veto implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final FusionAuthSimulator fusionAuth;
    private final Predicate<UUID> refused;
    private final String id = UUID.randomUUID().toString();

    Veto(FusionAuthSimulator fusionAuth, Predicate<UUID> refused) throws IOException, InterruptedException {
        this.fusionAuth = fusionAuth;
        this.refused = refused;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        call("POST", """
                {"webhook":{"url":"http://127.0.0.1:%d/","connectTimeout":1000,"readTimeout":2000,"global":true,
                 "eventsEnabled":{"user.delete":true}}}
                """.formatted(server.getAddress().getPort()));
    }

    /** Who is told that their deletion failed. */
    boolean isAgainst(UUID user) {
        return refused.test(user);
    }

    private void call(String method, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(fusionAuth.url() + "/api/webhook/" + id))
                .header("Authorization", fusionAuth.apiKey())
                .method(method, BodyPublishers.ofString(body))
                .build();
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IOException("FusionAuth answers " + status);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        UUID user = UUID.fromString(JSON.readTree(exchange.getRequestBody().readAllBytes())
                .at("/event/user/id")
                .asText());
        exchange.sendResponseHeaders(isAgainst(user) ? 500 : 200, -1);
        exchange.close();
    }

    @Override
    public void close() throws IOException {
        try {
            call("DELETE", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.shutdownNow();
        server.stop(0);
        threads.shutdownNow();
    }
}
