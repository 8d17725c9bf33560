package dev.lethe.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.config.ConfigFile;
import dev.lethe.keys.KeyFile;
import io.javalin.Javalin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The document describes what a running ingress serves, all of it and no more. Nothing here needs a broker. */
class OpenApiRoutesTest {
    @TempDir
    Path folder;

    private Ingress ingress;

    @BeforeEach
    void start() throws Exception {
        Path keys = folder.resolve("keys.json");
        KeyFile.create(keys);
        String yaml = """
                http: { host: 127.0.0.1, port: 0 }
                management: { host: 127.0.0.1, port: 0 }
                authentication: { apiKeys: [k] }
                kafka: { bootstrap.servers: "127.0.0.1:1" }
                keys: %s
                """.formatted(keys);
        ingress = new Ingress(
                ConfigFile.parse("ingress.yaml", yaml, Map.of(), IngressConfig::read)
                        .config(),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        ingress.close();
    }

    @Test
    void everyRouteIsInTheDocumentAndTheOtherWayRound() throws Exception {
        assertThat(documented()).isEqualTo(served());
    }

    @Test
    void theDocumentIsServedOnTheManagementPort() throws Exception {
        HttpResponse<String> answer = get(ingress.managementPort());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(new ObjectMapper().readTree(answer.body())).isEqualTo(OpenApi.document());
        assertThat(get(ingress.port()).statusCode()).as("where webhooks go").isEqualTo(404);
    }

    // What Javalin has registered is nowhere but in the private server.
    private Set<String> served() throws ReflectiveOperationException {
        var field = Ingress.class.getDeclaredField("server");
        field.setAccessible(true);
        var router = ((Javalin) field.get(ingress)).unsafe.internalRouter;
        assertThat(router.allWsHandlers()).isEmpty();
        return router.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .map(endpoint -> endpoint.method.name().toLowerCase(Locale.ROOT) + " " + endpoint.path)
                .collect(Collectors.toSet());
    }

    private static Set<String> documented() {
        JsonNode paths = OpenApi.document().path("paths");
        return paths.propertyStream()
                .flatMap(path -> path.getValue().propertyStream().map(method -> method.getKey() + " " + path.getKey()))
                .collect(Collectors.toSet());
    }

    private static HttpResponse<String> get(int port) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/openapi.json");
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        }
    }
}
