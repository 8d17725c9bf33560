package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kickstart file: the API keys of a fresh FusionAuth, and the requests that set it up. Its variables are filled; files that it
 * includes are not simulated, nor is what its keys are restricted to.
 *
 * @see <a href="https://fusionauth.io/docs/get-started/download-and-install/development/kickstart">FusionAuth: Kickstart</a>
 */
public final class Kickstart {
    private static final Pattern REFERENCE = Pattern.compile("#\\{([^}]*)}");
    private static final String ENVIRONMENT = "ENV.";
    private static final String DEFAULT_TENANT = "defaultTenantId";

    private final UUID tenantId;
    private final JsonNode apiKeys;
    private final JsonNode requests;

    private Kickstart(UUID tenantId, JsonNode apiKeys, JsonNode requests) {
        this.tenantId = tenantId;
        this.apiKeys = apiKeys;
        this.requests = requests;
    }

    /**
     * Reads a file.
     *
     * @param environment fills {@code #{ENV.NAME}}
     * @throws IOException if it can't be read or is no kickstart file; the message repeats none of its values
     */
    public static Kickstart read(Path file, Map<String, String> environment) throws IOException {
        JsonNode json = Json.read(Files.readAllBytes(file));
        var variables = new HashMap<String, String>();
        for (var variable : json.path("variables").properties()) {
            variables.put(variable.getKey(), ofEnvironment(variable.getValue().asText(), environment));
        }
        UUID tenantId = Ids.parse(variables.computeIfAbsent(
                        DEFAULT_TENANT, name -> UUID.randomUUID().toString()))
                .orElseThrow(() -> new IOException(DEFAULT_TENANT + " is no UUID"));
        variables.put("FUSIONAUTH_TENANT_ID", tenantId.toString());
        variables.put("FUSIONAUTH_APPLICATION_ID", UUID.randomUUID().toString());
        JsonNode apiKeys = filled(json.path("apiKeys"), variables);
        if (apiKeys.path(0).path("key").asText().isBlank()) {
            throw new IOException("apiKeys needs a key, which makes the requests");
        }
        return new Kickstart(tenantId, apiKeys, filled(json.path("requests"), variables));
    }

    /** Starts a simulator that is set up like that. */
    public FusionAuthSimulator start(String host, int port) throws IOException, InterruptedException {
        var simulator = FusionAuthSimulator.start(
                host, port, apiKeys.path(0).path("key").asText(), tenantId);
        boolean done = false;
        try {
            apiKeys.forEach(key -> simulator.addApiKey(
                    key.path("key").asText(), Ids.parse(key.path("tenantId").asText())));
            for (JsonNode request : requests) {
                make(request, simulator);
            }
            done = true;
        } finally {
            if (!done) {
                simulator.close();
            }
        }
        return simulator;
    }

    private static void make(JsonNode request, FusionAuthSimulator simulator) throws IOException, InterruptedException {
        String method = request.path("method").asText();
        String url = request.path("url").asText();
        try (HttpClient http = HttpClient.newHttpClient()) {
            var call = HttpRequest.newBuilder(URI.create(simulator.url() + url))
                    .header("Authorization", simulator.apiKey())
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(Json.write(request.path("body"))));
            Optional.of(request.path("tenantId").asText())
                    .filter(tenant -> !tenant.isBlank())
                    .ifPresent(tenant -> call.header("X-FusionAuth-TenantId", tenant));
            int status = http.send(call.build(), BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IOException(method + " " + url + " of the kickstart file was answered " + status);
            }
        }
    }

    private static String ofEnvironment(String text, Map<String, String> environment) throws IOException {
        return replaced(
                text,
                name -> name.equals("UUID()")
                        ? UUID.randomUUID().toString()
                        : name.startsWith(ENVIRONMENT) ? environment.get(name.substring(ENVIRONMENT.length())) : null);
    }

    private static JsonNode filled(JsonNode node, Map<String, String> variables) throws IOException {
        return switch (node) {
            case ObjectNode object -> {
                var filled = Json.object();
                for (var property : object.properties()) {
                    filled.set(property.getKey(), filled(property.getValue(), variables));
                }
                yield filled;
            }
            case ArrayNode array -> {
                var filled = array.arrayNode();
                for (JsonNode element : array) {
                    filled.add(filled(element, variables));
                }
                yield filled;
            }
            case TextNode text -> TextNode.valueOf(replaced(text.asText(), name -> variable(name, variables)));
            default -> node;
        };
    }

    private static @Nullable String variable(String name, Map<String, String> variables) throws IOException {
        if (name.startsWith(ENVIRONMENT)) {
            throw new IOException("the kickstart file names #{" + name
                    + "} outside of its variables, which alone are filled from the environment");
        }
        return variables.get(name);
    }

    private interface Variables {
        @Nullable
        String get(String name) throws IOException;
    }

    private static String replaced(String text, Variables variables) throws IOException {
        var replaced = new StringBuilder();
        int end = 0;
        for (MatchResult reference : REFERENCE.matcher(text).results().toList()) {
            String value = variables.get(reference.group(1));
            if (value == null) {
                throw new IOException("the kickstart file names #{" + reference.group(1) + "}, which is not set");
            }
            replaced.append(text, end, reference.start()).append(value);
            end = reference.end();
        }
        return replaced.append(text.substring(end)).toString();
    }
}
