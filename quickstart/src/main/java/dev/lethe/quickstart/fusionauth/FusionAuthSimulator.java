package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A FusionAuth in memory, on 127.0.0.1 unless it is told otherwise: users, their deletion, and the webhooks that hear of it and may prevent it. What it does
 * not simulate answers 404. It logs nobody's data.
 */
public final class FusionAuthSimulator implements AutoCloseable {

    private static final int BULK_LIMIT = 10_000;
    private static final int RESULTS_BY_DEFAULT = 25;

    private final String apiKey;
    /** The tenant of each key; empty for all tenants. */
    private final Map<String, Optional<UUID>> apiKeys = new ConcurrentHashMap<>();

    private final UUID tenantId;
    private final InstantSource clock = InstantSource.system();
    private final Map<UUID, Tenant> tenants = new ConcurrentHashMap<>();
    private final Map<UUID, Webhook> webhooks = new ConcurrentHashMap<>();
    private final SigningKeys keys = new SigningKeys();
    private final Users users = new Users(clock);
    private final WebhookSender sender = new WebhookSender(keys);
    private final UserOperations operations = new UserOperations(users, tenants, webhooks, sender, clock);
    private final SignIns signIns = new SignIns(users, keys, this::issuer, clock);
    private final Javalin server;

    private FusionAuthSimulator(String host, int port, String apiKey, UUID tenantId) {
        this.apiKey = apiKey;
        apiKeys.put(apiKey, Optional.empty());
        this.tenantId = tenantId;
        tenants.put(tenantId, new Tenant(tenantId));
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.concurrency.useVirtualThreads = true;
            config.http.maxRequestSize = 10_000_000;
            config.jetty.addConnector((jetty, http) -> connector(host, port, jetty, http));
            config.routes.exception(ApiException.class, FusionAuthSimulator::answer);
            routes(config.routes);
        });
    }

    /**
     * Starts it, without users and webhooks.
     *
     * @param port 0 for any free one
     * @param apiKey every call but those to {@code /api/status} and the JWKS has to carry it
     * @param tenantId the default tenant
     */
    public static FusionAuthSimulator start(int port, String apiKey, UUID tenantId) {
        return start("127.0.0.1", port, apiKey, tenantId);
    }

    /** Starts it on another interface; {@code 0.0.0.0} for all of them. */
    static FusionAuthSimulator start(String host, int port, String apiKey, UUID tenantId) {
        FusionAuthSimulator simulator = new FusionAuthSimulator(host, port, apiKey, tenantId);
        simulator.server.start();
        return simulator;
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    public String apiKey() {
        return apiKey;
    }

    public UUID tenantId() {
        return tenantId;
    }

    /** A further tenant. Its users are added with a {@code tenantId}, or by requests with {@code X-FusionAuth-TenantId}. */
    public void addTenant(UUID id) {
        tenants.putIfAbsent(id, new Tenant(id));
    }

    /**
     * A further key, or another scope for one.
     *
     * @param tenant whose users alone it shows, whatever tenant a request names; empty for all tenants
     */
    public void addApiKey(String key, Optional<UUID> tenant) {
        apiKeys.put(key, tenant);
    }

    /**
     * Adds users as {@code POST /api/user/{id}} would, without its checks.
     *
     * @param added each with an {@code id}; without {@code tenantId} they belong to the default tenant. Known ids are left alone.
     */
    public void addUsers(Collection<ObjectNode> added) {
        for (ObjectNode user : added) {
            UUID tenant = Ids.parse(user.path("tenantId").asText()).orElse(tenantId);
            users.add(UUID.fromString(user.path("id").asText()), tenant, user);
        }
    }

    public boolean hasUser(UUID id) {
        return users.find(id).isPresent();
    }

    public int userCount() {
        return users.size();
    }

    @Override
    public void close() {
        server.stop();
        sender.close();
    }

    private static ServerConnector connector(String host, int port, Server jetty, HttpConfiguration http) {
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        // By default 50 connections may wait; of a burst of hundreds the rest would come back a second later.
        connector.setAcceptQueueSize(1024);
        return connector;
    }

    private void routes(RoutesConfig routes) {
        routes.before("/api/*", this::authenticate);
        routes.get("/api/status", context -> answer(context, Json.object().put("status", "ok")));
        routes.get("/.well-known/jwks.json", context -> answer(context, keys.jwks()));
        signIns.install(routes);
        routes.post(
                "/api/application/{id}",
                context -> answer(
                        context,
                        signIns.createApplication(pathId(context), body(context).path("application"))));

        routes.delete("/api/user/bulk", this::deleteInBulk);
        routes.post("/api/user/search", this::search);
        routes.post("/api/user/registration", context -> register(context, UUID.randomUUID()));
        routes.post("/api/user/registration/{id}", context -> register(context, pathId(context)));
        routes.post("/api/user", context -> createUser(context, UUID.randomUUID()));
        routes.post("/api/user/{id}", context -> createUser(context, pathId(context)));
        routes.get("/api/user/{id}", context -> answer(context, wrapped("user", user(context))));
        routes.put("/api/user/{id}", this::reactivate);
        routes.delete("/api/user/{id}", this::delete);

        routes.get("/api/webhook", context -> listWebhooks(context));
        routes.post("/api/webhook", context -> createWebhook(context, UUID.randomUUID()));
        routes.get(
                "/api/webhook/{id}",
                context -> answer(context, wrapped("webhook", webhook(context).json())));
        routes.post("/api/webhook/{id}", context -> createWebhook(context, pathId(context)));
        routes.put("/api/webhook/{id}", this::updateWebhook);
        routes.delete("/api/webhook/{id}", context -> {
            webhook(context);
            webhooks.remove(pathId(context));
        });

        routes.get("/api/tenant", this::listTenants);
        routes.get(
                "/api/tenant/{id}", context -> answer(context, tenant(context).toJson()));
        routes.patch("/api/tenant/{id}", context -> {
            Tenant tenant = tenant(context);
            tenant.patch(body(context).path("tenant"));
            answer(context, tenant.toJson());
        });

        routes.post("/api/key/generate", context -> generateKey(context, UUID.randomUUID()));
        routes.post("/api/key/generate/{id}", context -> generateKey(context, pathId(context)));
        routes.post("/api/key/import", context -> importKey(context, UUID.randomUUID()));
        routes.post("/api/key/import/{id}", context -> importKey(context, pathId(context)));
    }

    private String issuer() {
        return found(tenants.get(tenantId)).issuer();
    }

    private void authenticate(Context context) {
        boolean open = context.path().equals("/api/status");
        String key = context.header("Authorization");
        if (!open && (key == null || !apiKeys.containsKey(key))) {
            context.status(401).skipRemainingHandlers();
        }
    }

    private void createUser(Context context, UUID id) {
        JsonNode request = body(context).path("user");
        ApiErrors errors = new ApiErrors();
        if (!(request instanceof ObjectNode user)) {
            errors.field("user", "missing", "You must specify the [user] property.");
            throw ApiException.badRequest(errors.toJson());
        }
        if (!user.hasNonNull("email") && !user.hasNonNull("username") && !user.hasNonNull("phoneNumber")) {
            errors.field("user.email", "blank", "You must specify an email, a username or a phoneNumber.");
        }
        for (String field : List.of("email", "username")) {
            if (user.hasNonNull(field) && users.isTaken(field, user.path(field).asText())) {
                errors.field("user." + field, "duplicate", "A user with this " + field + " exists.");
            }
        }
        errors.throwIfAny();
        Optional<ObjectNode> added = users.add(id, headerTenant(context).orElse(tenantId), user);
        if (added.isEmpty()) {
            errors.field("userId", "duplicate", "A user with this id exists.");
            errors.throwIfAny();
        }
        answer(context, wrapped("user", added.orElseThrow()));
    }

    /** A user and a registration, or a registration of somebody who is there. */
    private void register(Context context, UUID id) {
        if (body(context).has("user") || users.find(id).isEmpty()) {
            createUser(context, id);
        } else {
            answer(context, Json.object());
        }
        signIns.register(id, body(context));
    }

    private void reactivate(Context context) {
        ObjectNode user = user(context);
        if (!"true".equals(context.queryParam("reactivate"))) {
            throw ApiException.notFound();
        }
        answer(context, wrapped("user", operations.reactivate(user, caller(context))));
    }

    private void delete(Context context) {
        ObjectNode user = user(context);
        if ("true".equals(context.queryParam("hardDelete"))) {
            operations.delete(user, caller(context));
        } else {
            operations.deactivate(user, caller(context));
        }
    }

    private void deleteInBulk(Context context) {
        JsonNode request = context.bodyAsBytes().length == 0 ? Json.object() : body(context);
        boolean hardDelete = request.path("hardDelete").asBoolean("true".equals(context.queryParam("hardDelete")));
        boolean dryRun = request.path("dryRun").asBoolean("true".equals(context.queryParam("dryRun")));
        Map<UUID, ObjectNode> bulk = new LinkedHashMap<>();
        request.path("userIds").forEach(id -> putIfFound(bulk, id.asText(), context));
        context.queryParams("userId").forEach(id -> putIfFound(bulk, id, context));
        if (bulk.size() > request.path("limit").asInt(BULK_LIMIT)) {
            ApiErrors errors = new ApiErrors();
            errors.field("limit", "exceeded", "More users than the limit allows.");
            throw ApiException.badRequest(errors.toJson());
        }
        if (!dryRun && hardDelete) {
            operations.deleteInBulk(bulk.values(), caller(context));
        } else if (!dryRun) {
            operations.deactivateInBulk(bulk.values(), caller(context));
        }
        ObjectNode answer = Json.object().put("dryRun", dryRun).put("hardDelete", hardDelete);
        answer.put("total", bulk.size());
        bulk.keySet().forEach(id -> answer.withArray("userIds").add(id.toString()));
        answer(context, answer);
    }

    /** By ids, or for everybody: {@code *}. */
    private void search(Context context) {
        JsonNode search = body(context).path("search");
        int most = search.path("numberOfResults").asInt(RESULTS_BY_DEFAULT);
        Map<UUID, ObjectNode> found = new LinkedHashMap<>();
        if (search.has("ids")) {
            search.path("ids").forEach(id -> putIfFound(found, id.asText(), context));
        } else if (search.path("queryString").asText().equals("*")) {
            users.all()
                    .filter(user -> isVisible(user, context))
                    .forEach(user -> found.put(UUID.fromString(user.path("id").asText()), user));
        } else {
            ApiErrors errors = new ApiErrors();
            errors.general("[invalid]", "You must specify either the [ids] or the [queryString] property.");
            errors.throwIfAny();
        }
        ObjectNode answer = Json.object().put("total", found.size());
        answer.putArray("users").addAll(found.values().stream().limit(most).toList());
        answer(context, answer);
    }

    private void createWebhook(Context context, UUID id) {
        Webhook webhook = parseWebhook(context, id);
        webhook.json().put("insertInstant", clock.millis());
        if (webhooks.putIfAbsent(id, webhook) != null) {
            ApiErrors errors = new ApiErrors();
            errors.field("webhookId", "duplicate", "A webhook with this id exists.");
            throw ApiException.badRequest(errors.toJson());
        }
        answer(context, wrapped("webhook", webhook.json()));
    }

    private void updateWebhook(Context context) {
        Webhook old = webhook(context);
        Webhook webhook = parseWebhook(context, pathId(context));
        webhook.json().set("insertInstant", old.json().get("insertInstant"));
        webhooks.put(pathId(context), webhook);
        answer(context, wrapped("webhook", webhook.json()));
    }

    private void listWebhooks(Context context) {
        ObjectNode answer = Json.object();
        answer.putArray("webhooks")
                .addAll(webhooks.values().stream().map(Webhook::json).toList());
        answer(context, answer);
    }

    private void listTenants(Context context) {
        ObjectNode answer = Json.object();
        answer.putArray("tenants")
                .addAll(tenants.values().stream()
                        .map(tenant -> tenant.toJson().path("tenant"))
                        .toList());
        answer(context, answer);
    }

    private void generateKey(Context context, UUID id) {
        answer(context, keys.generate(id, body(context).path("key"), clock.millis()));
    }

    private void importKey(Context context, UUID id) {
        answer(context, keys.importSecret(id, body(context).path("key"), clock.millis()));
    }

    private Webhook parseWebhook(Context context, UUID id) {
        return Webhook.of(id, body(context).path("webhook"), tenants::containsKey, keys::contains, clock.millis());
    }

    private ObjectNode user(Context context) {
        return users.find(pathId(context))
                .filter(user -> isVisible(user, context))
                .orElseThrow(ApiException::notFound);
    }

    private void putIfFound(Map<UUID, ObjectNode> found, String id, Context context) {
        Ids.parse(id)
                .flatMap(users::find)
                .filter(user -> isVisible(user, context))
                .ifPresent(user -> found.put(UUID.fromString(user.path("id").asText()), user));
    }

    private boolean isVisible(ObjectNode user, Context context) {
        String key = context.header("Authorization");
        String tenant = Optional.ofNullable(key)
                .map(apiKeys::get)
                .flatMap(scope -> scope)
                .map(UUID::toString)
                .orElse(context.header("X-FusionAuth-TenantId"));
        return tenant == null || tenant.equals(user.path("tenantId").asText());
    }

    private static Optional<UUID> headerTenant(Context context) {
        return Optional.ofNullable(context.header("X-FusionAuth-TenantId")).flatMap(Ids::parse);
    }

    private Webhook webhook(Context context) {
        return found(webhooks.get(pathId(context)));
    }

    private Tenant tenant(Context context) {
        return found(tenants.get(pathId(context)));
    }

    private static <T> T found(@Nullable T value) {
        if (value == null) {
            throw ApiException.notFound();
        }
        return value;
    }

    private static UUID pathId(Context context) {
        return Ids.parse(context.pathParam("id")).orElseThrow(ApiException::notFound);
    }

    private static JsonNode body(Context context) {
        try {
            return Json.read(context.bodyAsBytes());
        } catch (IOException e) {
            ApiErrors errors = new ApiErrors();
            errors.general("[invalidJSON]", "Invalid JSON in the request body.");
            throw ApiException.badRequest(errors.toJson());
        }
    }

    private static Event.Caller caller(Context context) {
        String userAgent = context.userAgent();
        return new Event.Caller(context.ip(), userAgent == null ? "" : userAgent);
    }

    private static ObjectNode wrapped(String name, ObjectNode value) {
        ObjectNode json = Json.object();
        json.set(name, value);
        return json;
    }

    private static void answer(ApiException exception, Context context) {
        context.status(exception.status());
        ObjectNode body = exception.body();
        if (body == null) {
            context.result("");
        } else {
            answer(context, body);
        }
    }

    private static void answer(Context context, ObjectNode json) {
        context.contentType("application/json").result(Json.write(json));
    }
}
