package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.ingress.webhook.WebhookCommand;
import dev.lethe.quickstart.fusionauth.FusionAuthSimulator;
import io.fusionauth.jwks.domain.JSONWebKey;
import io.fusionauth.jwt.domain.JWT;
import io.fusionauth.jwt.rsa.RSAVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code lethe webhook} against FusionAuth, simulated. */
@Tag("thorough")
class WebhookCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API_KEY = "fusionauth-api-key-4711";
    private static final String INGRESS_KEY = "ingress-api-key-0815";
    private static final String PASSWORD = "basic-password-1234";
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final UUID OTHER_TENANT = UUID.fromString("aaaaaaaa-0000-0000-0000-000000000001");
    private static final UUID WEBHOOK = UUID.fromString("cccccccc-0000-0000-0000-000000000001");

    /** What a run of the command left behind. */
    private record Run(int exitCode, String out, String err) {}

    private record Delivery(Headers headers, byte[] body) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> environment = new HashMap<>(
            Map.of("FUSIONAUTH_API_KEY", API_KEY, "LETHE_API_KEY", INGRESS_KEY, "LETHE_BASIC_PASSWORD", PASSWORD));
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private FusionAuthSimulator fusionAuth;
    private HttpServer receiver;
    private String url;

    @BeforeEach
    void start() throws IOException {
        fusionAuth = FusionAuthSimulator.start(0, API_KEY, TENANT);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/webhook-user-delete", exchange -> {
            deliveries.add(new Delivery(
                    exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/webhook-user-delete";
    }

    @AfterEach
    void stop() {
        fusionAuth.close();
        receiver.stop(0);
        http.close();
    }

    @Test
    void hasFusionAuthAskTheIngressBeforeItDeletesAUser() {
        Run run = register();

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("Webhook " + onlyWebhook().path("id").asText() + " made.")
                .contains(
                        "Tenant " + TENANT + " (Default): user.delete switched on, transaction level AbsoluteMajority.")
                .contains("A user.delete reaches the ingress, and FusionAuth waits for its answer (AbsoluteMajority).");
        deleteSomebody(TENANT);
        assertThat(deliveries).hasSize(1);
        assertThat(deliveries.getFirst().headers().getFirst("Authorization")).isEqualTo(INGRESS_KEY);
    }

    @Test
    void setsAllThatTheWebhookNeeds() {
        register("--read-timeout", "3000", "--connect-timeout", "500", "--description", "Right to erasure");

        JsonNode webhook = onlyWebhook();
        assertThat(webhook.path("url").asText()).isEqualTo(url);
        assertThat(webhook.path("readTimeout").asInt()).isEqualTo(3000);
        assertThat(webhook.path("connectTimeout").asInt()).isEqualTo(500);
        assertThat(webhook.path("description").asText()).isEqualTo("Right to erasure");
        assertThat(webhook.path("global").asBoolean()).isFalse();
        assertThat(webhook.path("tenantIds").toString()).isEqualTo("[\"" + TENANT + "\"]");
    }

    @Test
    void changesNothingTheSecondTime() {
        register();
        JsonNode before = onlyWebhook();

        Run second = register();

        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).contains("Nothing to change").doesNotContain("made", "changed:", "switched");
        assertThat(onlyWebhook()).isEqualTo(before);
    }

    @Test
    void keepsWhatAnExistingWebhookHasBesides() {
        createWebhook("""
                {"url":"http://old.example.org/","connectTimeout":700,"readTimeout":900,"description":"ours",
                 "eventsEnabled":{"user.create":true},"headers":{"X-Trace":"on"},"data":{"team":"privacy"}}""");

        Run run = register("--webhook-id", WEBHOOK.toString());

        JsonNode webhook = onlyWebhook();
        assertThat(run.out())
                .contains("Webhook " + WEBHOOK + " changed: ")
                .contains("url", "readTimeout", "eventsEnabled", "headers");
        assertThat(webhook.path("id").asText()).isEqualTo(WEBHOOK.toString());
        assertThat(webhook.path("url").asText()).isEqualTo(url);
        assertThat(webhook.path("description").asText()).isEqualTo("ours");
        assertThat(webhook.path("connectTimeout").asInt()).isEqualTo(700);
        assertThat(webhook.at("/data/team").asText()).isEqualTo("privacy");
        assertThat(webhook.at("/headers/X-Trace").asText()).isEqualTo("on");
        assertThat(webhook.at("/headers/Authorization").asText()).isEqualTo(INGRESS_KEY);
        assertThat(webhook.at("/eventsEnabled/user.create").asBoolean()).isTrue();
        assertThat(webhook.at("/eventsEnabled/user.delete").asBoolean()).isTrue();
    }

    @Test
    void doesNotPutASecondWebhookNextToOneMadeByHand() {
        createWebhook("{\"url\":\"" + url + "\",\"connectTimeout\":1000,\"readTimeout\":2000}");

        Run run = register();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("--webhook-id " + WEBHOOK);
        assertThat(onlyWebhook().path("id").asText()).isEqualTo(WEBHOOK.toString());
    }

    @Test
    void registersTheNamedTenantsOnly() {
        fusionAuth.addTenant(OTHER_TENANT);

        Run run = register("--tenant", OTHER_TENANT.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(eventSetting(OTHER_TENANT).path("enabled").asBoolean()).isTrue();
        assertThat(eventSetting(TENANT).path("enabled").asBoolean()).isFalse();
        deleteSomebody(TENANT);
        assertThat(deliveries).isEmpty();
        deleteSomebody(OTHER_TENANT);
        assertThat(deliveries).hasSize(1);
    }

    @Test
    void addsATenantLater() {
        fusionAuth.addTenant(OTHER_TENANT);
        register("--tenant", OTHER_TENANT.toString());

        register("--tenant", TENANT.toString());

        assertThat(onlyWebhook().path("tenantIds")).hasSize(2);
        assertThat(register("--tenant", TENANT + "," + OTHER_TENANT).out()).contains("Nothing to change");
    }

    @Test
    void registersAllTenants() {
        fusionAuth.addTenant(OTHER_TENANT);

        Run run = register("--global", "--transaction", "SuperMajority");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(onlyWebhook().path("global").asBoolean()).isTrue();
        for (UUID tenant : List.of(TENANT, OTHER_TENANT)) {
            assertThat(eventSetting(tenant).path("enabled").asBoolean()).isTrue();
            assertThat(eventSetting(tenant).path("transactionType").asText()).isEqualTo("SuperMajority");
            deleteSomebody(tenant);
        }
        assertThat(deliveries).hasSize(2);
        assertThat(register("--global", "--transaction", "SuperMajority").out()).contains("Nothing to change");
    }

    @Test
    void asksWhichTenantWhereThereAreSeveral() {
        fusionAuth.addTenant(OTHER_TENANT);

        Run run = register();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--tenant", "--global", TENANT.toString(), OTHER_TENANT.toString());
        assertThat(webhooks()).isEmpty();
    }

    @Test
    void sendsBasicCredentials() {
        Run run = register("--basic", "fusionauth", "--header-key-env", "X-Lethe-Key=LETHE_API_KEY");

        assertThat(run.exitCode()).as(run.err()).isZero();
        deleteSomebody(TENANT);
        Headers headers = deliveries.getFirst().headers();
        assertThat(headers.getFirst("Authorization"))
                .isEqualTo("Basic "
                        + Base64.getEncoder()
                                .encodeToString(("fusionauth:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));
        assertThat(headers.getFirst("X-Lethe-Key")).isEqualTo(INGRESS_KEY);
    }

    @Test
    void signsWithTheChosenKey() throws Exception {
        UUID key = UUID.fromString("bbbbbbbb-0000-0000-0000-000000000001");
        call(
                "POST",
                "/api/key/generate/" + key,
                "{\"key\":{\"algorithm\":\"RS256\",\"name\":\"webhook\",\"length\":2048}}");
        environment.remove("LETHE_API_KEY");

        Run run = register("--signing-key", key.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        deleteSomebody(TENANT);
        Delivery delivery = deliveries.getFirst();
        var jwk = JSON.convertValue(
                json(call("GET", "/.well-known/jwks.json", "")).at("/keys/0"), JSONWebKey.class);
        JWT signature = JWT.getDecoder()
                .decode(
                        delivery.headers().getFirst("X-FusionAuth-Signature-JWT"),
                        RSAVerifier.newVerifier(JSONWebKey.parse(jwk)));
        assertThat(signature.getString("request_body_sha256"))
                .isEqualTo(Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(delivery.body())));
        assertThat(delivery.headers()).doesNotContainKey("Authorization");
    }

    @Test
    void printsTheCallsOfADryRunWithoutSecretsAndMakesNone() {
        Run run = register(
                "--dry-run", "--basic", "fusionauth", "--header-key-env", "X-Lethe-Key=LETHE_API_KEY", "--global");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("POST /api/webhook/", "\"readTimeout\" : 2000", "\"X-Lethe-Key\" : \"***\"")
                .contains("PATCH /api/tenant/" + TENANT, "\"transactionType\" : \"AbsoluteMajority\"");
        assertThat(webhooks()).isEmpty();
        assertThat(eventSetting(TENANT).path("enabled").asBoolean()).isFalse();
    }

    @Test
    void explainsWhatFusionAuthRefuses() {
        Run run = register("--signing-key", UUID.randomUUID().toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("refuses POST /api/webhook/", "webhook.signatureConfiguration.signingKeyId")
                .contains("Check --signing-key");
        assertThat(eventSetting(TENANT).path("enabled").asBoolean())
                .as("a tenant that would wait for a webhook that is not there")
                .isFalse();
    }

    @Test
    void changesNothingForATenantThatIsNotThere() {
        String unknown = UUID.randomUUID().toString();

        Run run = register("--tenant", TENANT.toString(), "--tenant", unknown);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("/api/tenant/" + unknown, "404", "Is the id right");
        assertThat(webhooks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"register", "show", "remove"})
    void explainsAWrongApiKey(String command) {
        environment.put("FUSIONAUTH_API_KEY", "not-this-one-9999");

        Run run = lethe(command, "--fusionauth", fusionAuth.url(), "--url", url);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("does not accept the API key", "401", "FUSIONAUTH_API_KEY")
                .doesNotContain("not-this-one-9999");
    }

    @ParameterizedTest
    @CsvSource({"FUSIONAUTH_API_KEY, FusionAuth's API key is missing", "LETHE_API_KEY, The ingress's API key is missing"
    })
    void saysWhichSecretIsMissing(String variable, String message) {
        environment.remove(variable);

        Run run = register();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message, variable);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--read-timeout 1999 | the ingress may take 1.6 s",
                "--connect-timeout 0 | above 0",
                "--global --tenant 30663132-6464-6665-3032-326466613934 | exclude each other",
                "--basic a:b | LETHE_BASIC_PASSWORD",
                "--basic u --header-key-env LETHE_API_KEY | X-Lethe-Key=LETHE_API_KEY",
                "--header-key-env X-A=secret-value! | never holds the key itself",
                "--header-key-env A --header-key-env authorization=B | twice",
                "--transaction Most | AbsoluteMajority",
                "--webhook-id 17 | UUID",
                "--fusionauth localhost:9011 | http://",
                "--fusionauth http://user:hush@localhost/ | credentials"
            })
    void refusesOptionsThatMakeNoSense(String options, String reason) {
        var arguments = new ArrayList<>(List.of("register", "--url", url));
        if (!options.contains("--fusionauth")) {
            arguments.addAll(List.of("--fusionauth", fusionAuth.url()));
        }
        arguments.addAll(List.of(options.split(" ")));

        Run run = lethe(arguments.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(reason).doesNotContain("secret-value!", "hush");
        assertThat(webhooks()).isEmpty();
    }

    @Test
    void showsThatAllSwitchesAreOn() {
        register();

        Run run = show();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(url, "read 2000 ms", "Authorization: ***")
                .contains("tenant sends user.delete      on, transaction level AbsoluteMajority")
                .contains("webhook wants user.delete     on")
                .contains("webhook covers the tenant     on")
                .contains("A user.delete reaches the ingress, and FusionAuth waits for its answer");
    }

    @Test
    void showsThatTheTenantDoesNotSendTheEvent() {
        register();
        patchTenant("{\"enabled\":false}");

        assertClosed("tenant sends user.delete      OFF", "the tenant does not send the event", "tenantSends");
    }

    @Test
    void showsThatTheWebhookDoesNotWantTheEvent() {
        register();
        updateWebhook(webhook -> webhook.putObject("eventsEnabled").put("user.delete", false));

        assertClosed("webhook wants user.delete     OFF", "the webhook does not want the event", "webhookWants");
    }

    @Test
    void showsThatTheWebhookDoesNotCoverTheTenant() {
        register();
        updateWebhook(webhook -> webhook.putArray("tenantIds"));

        assertClosed(
                "webhook covers the tenant     OFF",
                "the webhook is neither global nor lists the tenant",
                "webhookCovers");
    }

    @Test
    void showsThatFusionAuthDoesNotWait() {
        assertThat(register("--transaction", "none").out()).contains("requests are lost");

        Run run = show();

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("not transactional", "does not wait for its answer");
        assertThat(json(show("--json").out()).at("/tenants/0/transactional").asBoolean(true))
                .isFalse();
    }

    @Test
    void showsThatThereIsNoWebhook() {
        Run run = show();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("There is no webhook", "does NOT reach the ingress", "register");
        assertThat(json(show("--json").out()).path("webhook").isNull()).isTrue();
    }

    @Test
    void countsOnlyTheTenantsThatAreMeant() {
        fusionAuth.addTenant(OTHER_TENANT);
        register("--tenant", TENANT.toString());

        assertThat(show().exitCode()).isZero();
        assertThat(show("--tenant", TENANT.toString()).exitCode()).isZero();
        assertThat(show("--tenant", OTHER_TENANT.toString()).exitCode()).isEqualTo(1);
    }

    @Test
    void removesTheWebhookAndLeavesTheTenantAsItIs() {
        register();

        Run first = remove();
        Run second = remove();

        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).contains("removed", "left as it is", "holds up nothing");
        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).contains("nothing to remove");
        assertThat(eventSetting(TENANT).path("enabled").asBoolean()).isTrue();
        deleteSomebody(TENANT);
        assertThat(deliveries).isEmpty();
    }

    @Test
    void switchesTheEventOffOnRequest() {
        register();

        assertThat(remove("--dry-run", "--disable-event").out()).contains("PATCH /api/tenant/", "DELETE /api/webhook/");
        assertThat(webhooks()).hasSize(1);
        assertThat(remove("--disable-event").out()).contains("user.delete switched off", "removed");

        assertThat(webhooks()).isEmpty();
        assertThat(eventSetting(TENANT).path("enabled").asBoolean()).isFalse();
        assertThat(eventSetting(TENANT).path("transactionType").asText()).isEqualTo("AbsoluteMajority");
        assertThat(remove("--disable-event").out()).contains("nothing to remove", "--tenant");
    }

    @Test
    void leavesTheEventOnForAnotherWebhook() {
        register();
        createWebhook("""
                {"url":"http://other.example.org/","connectTimeout":1000,"readTimeout":2000,"global":true,
                 "eventsEnabled":{"user.delete":true}}""");

        Run run = remove("--disable-event");

        assertThat(run.out()).contains("user.delete stays on, because webhook " + WEBHOOK);
        assertThat(eventSetting(TENANT).path("enabled").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"register", "show", "remove"})
    void saysThatFusionAuthIsDown(String command) {
        String address = fusionAuth.url();
        fusionAuth.close();

        Run run = lethe(command, "--fusionauth", address, "--url", url);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(address, "nobody listens there");
    }

    private void assertClosed(String line, String reason, String switchName) {
        Run run = show();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains(line).contains("A user.delete does NOT reach the ingress: " + reason);
        Run asJson = show("--json");
        assertThat(asJson.exitCode()).isEqualTo(1);
        JsonNode tenant = json(asJson.out()).at("/tenants/0");
        assertThat(List.of("tenantSends", "webhookWants", "webhookCovers"))
                .allSatisfy(name -> assertThat(tenant.path(name).asBoolean()).isEqualTo(!name.equals(switchName)));
        assertThat(json(asJson.out()).path("reachesIngress").asBoolean(true)).isFalse();
        deleteSomebody(TENANT);
        assertThat(deliveries).as("what was said is true").isEmpty();
    }

    private Run register(String... options) {
        return on("register", options);
    }

    private Run show(String... options) {
        return on("show", options);
    }

    private Run remove(String... options) {
        return on("remove", options);
    }

    private Run on(String command, String... options) {
        var arguments = new ArrayList<>(List.of(command, "--fusionauth", fusionAuth.url(), "--url", url));
        arguments.addAll(List.of(options));
        return lethe(arguments.toArray(String[]::new));
    }

    /** Exit codes as {@code lethe} has them. Whatever is printed, it holds no secret. */
    private Run lethe(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var commandLine = new CommandLine(new WebhookCommand(environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    command.getErr().println(exception.getMessage());
                    return exception instanceof MisconfiguredException ? 2 : 1;
                });
        var run = new Run(commandLine.execute(arguments), out.toString(), err.toString());
        assertThat(run.out() + run.err()).doesNotContain(API_KEY, INGRESS_KEY, PASSWORD);
        return run;
    }

    private void deleteSomebody(UUID tenant) {
        UUID user = UUID.randomUUID();
        fusionAuth.addUsers(List.of(JSON.createObjectNode()
                .put("id", user.toString())
                .put("tenantId", tenant.toString())
                .put("email", user + "@post.example")));
        call("DELETE", "/api/user/" + user + "?hardDelete=true", "");
    }

    private void createWebhook(String webhook) {
        call("POST", "/api/webhook/" + WEBHOOK, "{\"webhook\":" + webhook + "}");
    }

    private void updateWebhook(Consumer<ObjectNode> change) {
        ObjectNode webhook = onlyWebhook();
        change.accept(webhook);
        ObjectNode body = JSON.createObjectNode();
        body.set("webhook", webhook);
        call("PUT", "/api/webhook/" + webhook.path("id").asText(), body.toString());
    }

    private void patchTenant(String setting) {
        call(
                "PATCH",
                "/api/tenant/" + TENANT,
                "{\"tenant\":{\"eventConfiguration\":{\"events\":{\"user.delete\":" + setting + "}}}}");
    }

    private JsonNode eventSetting(UUID tenant) {
        return json(call("GET", "/api/tenant/" + tenant, ""))
                .path("tenant")
                .path("eventConfiguration")
                .path("events")
                .path("user.delete");
    }

    private JsonNode webhooks() {
        return json(call("GET", "/api/webhook", "")).path("webhooks");
    }

    private ObjectNode onlyWebhook() {
        assertThat(webhooks()).hasSize(1);
        return (ObjectNode) webhooks().get(0);
    }

    private String call(String method, String path, String body) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(fusionAuth.url() + path))
                            .header("Authorization", API_KEY)
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }
}
