package dev.lethe.worker.identity.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Users as FusionAuth's API shows them, and whatever a test wants to happen on the way to it. */
final class UserServer implements AutoCloseable {
    static final String KEY = "the key of this test";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer that is not FusionAuth's own. */
    record Reply(int status, String body, Map<String, String> headers) {
        Reply(int status, String body) {
            this(status, body, Map.of());
        }
    }

    /** A call as it came in. */
    record Call(String method, String path, String tenant) {}

    private final Map<UUID, UUID> tenants = new ConcurrentHashMap<>();
    private final Set<UUID> onlyListed = ConcurrentHashMap.newKeySet();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Function<Call, Optional<Reply>> onTheWay = call -> Optional.empty();
    private volatile Optional<UUID> tenantOfKey = Optional.empty();

    UserServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    UserServer with(UUID user, UUID tenant) {
        tenants.put(user, tenant);
        return this;
    }

    /** A search still finds who is gone. */
    UserServer listing(UUID user, UUID tenant) {
        onlyListed.add(user);
        return with(user, tenant);
    }

    void remove(UUID user) {
        tenants.remove(user);
    }

    /** Answers in the place of FusionAuth; empty leaves the call to it. */
    void onTheWay(Function<Call, Optional<Reply>> answer) {
        onTheWay = answer;
    }

    /** The key shows the users of this tenant alone, whatever tenant is asked for. */
    void lockKeyTo(UUID tenant) {
        tenantOfKey = Optional.of(tenant);
    }

    private void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        var call = new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                String.valueOf(exchange.getRequestHeaders().getFirst("X-FusionAuth-TenantId")));
        calls.add(call);
        Reply reply = onTheWay.apply(call).orElse(null);
        if (reply == null) {
            reply = KEY.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    ? answer(call, body)
                    : new Reply(401, "");
        }
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Reply answer(Call call, byte[] body) throws IOException {
        if (call.path().equals("/api/user/search")) {
            return search(call, JSON.readTree(body).path("search"));
        }
        UUID id = UUID.fromString(call.path().substring("/api/user/".length()));
        if (!isVisible(id, call) || onlyListed.contains(id)) {
            return new Reply(404, "");
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.set("user", user(id));
        return new Reply(200, answer.toString());
    }

    private Reply search(Call call, JsonNode search) {
        var found = new LinkedHashSet<UUID>();
        if (search.has("ids")) {
            search.path("ids").forEach(id -> found.add(UUID.fromString(id.asText())));
        } else {
            found.addAll(tenants.keySet());
        }
        List<UUID> seen = new ArrayList<>(found);
        seen.removeIf(id -> !isVisible(id, call));
        ObjectNode answer = JSON.createObjectNode().put("total", seen.size());
        answer.putArray("users");
        seen.stream()
                .limit(search.path("numberOfResults").asInt(25))
                .forEach(id -> answer.withArray("users").add(user(id)));
        return new Reply(200, answer.toString());
    }

    private boolean isVisible(UUID id, Call call) {
        UUID tenant = tenants.get(id);
        String wanted = tenantOfKey.map(UUID::toString).orElse(call.tenant());
        return tenant != null && (wanted.equals("null") || wanted.equals(tenant.toString()));
    }

    private ObjectNode user(UUID id) {
        return JSON.createObjectNode()
                .put("email", "somebody@example.org")
                .put("id", id.toString())
                .put("tenantId", String.valueOf(tenants.get(id)));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
