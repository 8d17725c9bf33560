package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreContract;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with an index, an alias of two indices, a data stream, and documents of two people. */
@Tag("thorough")
class OpenSearchStoreIT extends StoreContract {
    private static final String ALL = "profiles,orders-2025,orders-2026,events,gifts";

    private static final String INDICES = """
            indices:
              profiles: { subject: { email: email } }
              orders: { subject: { customer.id: userId } }
              events: { subject: { user.keyword: userId } }
              gifts: { subject: { giver: userId, receiver: userId } }
            """;

    private static OpenSearch server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = new OpenSearch(directory);
        server.call("PUT", "/profiles", mappings("\"email\":{\"type\":\"keyword\"}"));
        String order = mappings("\"customer\":{\"properties\":{\"id\":{\"type\":\"keyword\"}}}");
        server.call("PUT", "/orders-2025", order);
        server.call("PUT", "/orders-2026", order);
        server.call("POST", "/_aliases", """
                {"actions":[{"add":{"indices":["orders-2025","orders-2026"],"alias":"orders"}}]}
                """);
        server.call(
                "PUT",
                "/_index_template/events",
                "{\"index_patterns\":[\"events\"],\"data_stream\":{},\"template\":"
                        + mappings("\"user\":{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\"}}}")
                        + "}");
        server.call("PUT", "/_data_stream/events", "");
        server.call("PUT", "/gifts", mappings("\"giver\":{\"type\":\"keyword\"},\"receiver\":{\"type\":\"keyword\"}"));
    }

    static String mappings(String properties) {
        return "{\"mappings\":{\"properties\":{" + properties + "}}}";
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void clear() {
        server.clear(ALL);
    }

    static OpenSearchStore open(OpenSearch server, String password, String indices) {
        String yaml =
                "url: " + server.url() + "\nusername: " + OpenSearch.USER + "\npassword: " + password + "\n" + indices;
        try {
            return new OpenSearchStore(ConfigFile.parse("search", yaml, Map.of(), OpenSearchStoreConfig::read)
                    .config());
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected ErasureStore open() {
        return open(server, OpenSearch.PASSWORD, INDICES);
    }

    @Override
    protected ErasureStore openWithWrongCredentials() {
        return open(server, "guessed", INDICES);
    }

    @Override
    protected ErasureStore openWithMissingTarget() {
        return open(server, OpenSearch.PASSWORD, INDICES + "  profils: { subject: { email: email } }\n");
    }

    @Override
    protected Map<String, Long> plant(Subject subject) {
        String email = subject.values("email").getFirst();
        server.create(List.of(
                Map.entry("profiles", object().put("email", email)),
                Map.entry("orders-2025", order(subject)),
                Map.entry("orders-2026", order(subject)),
                Map.entry(
                        "events",
                        object().put("@timestamp", "2026-11-25T12:00:00Z").put("user", subject.userId())),
                Map.entry("gifts", object().put("giver", subject.userId()))));
        var items = new LinkedHashMap<String, Long>();
        items.put("profiles", 1L);
        items.put("orders", 2L);
        items.put("events", 1L);
        items.put("gifts", 1L);
        return items;
    }

    private static ObjectNode order(Subject subject) {
        ObjectNode order = object();
        order.putObject("customer").put("id", subject.userId());
        return order;
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    protected Map<String, Long> plantShared(Subject one, Subject other) {
        server.create(
                List.of(Map.entry("gifts", object().put("giver", one.userId()).put("receiver", other.userId()))));
        return Map.of("gifts", 1L);
    }

    @Override
    protected List<String> contents() {
        return server.documents(ALL);
    }

    @Override
    protected void cutOff() {
        server.cutOff();
    }

    @Override
    protected void bringBack() {
        server.bringBack();
    }
}
