package dev.lethe.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.config.Secret;
import dev.lethe.ingress.webhook.WebhookWish.Basic;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookRegistrationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final URI URL = URI.create("https://lethe.example.org/webhook-user-delete");
    private static final UUID ID = WebhookWish.idFor(URL);
    private static final UUID TENANT = UUID.fromString("30663132-6464-6665-3032-326466613934");
    private static final UUID OTHER_TENANT = UUID.fromString("aaaaaaaa-0000-0000-0000-000000000001");
    private static final UUID SIGNING_KEY = UUID.fromString("bbbbbbbb-0000-0000-0000-000000000001");
    private static final Map<String, Secret> API_KEY = Map.of("Authorization", new Secret("ingress-key"));
    private static final Basic BASIC = new Basic("fusionauth", new Secret("basic-password"));

    @Test
    void makesAWebhookWithAllThatFusionAuthRequires() {
        ObjectNode webhook = merge(wish(), "{}");

        assertThat(webhook).isEqualTo(json("""
                {"url":"https://lethe.example.org/webhook-user-delete",
                 "description":"Lethe: erases what is stored of a deleted user",
                 "connectTimeout":1000,"readTimeout":2000,
                 "eventsEnabled":{"user.delete":true},
                 "global":false,"tenantIds":["30663132-6464-6665-3032-326466613934"],
                 "headers":{"Authorization":"ingress-key"}}"""));
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        ObjectNode webhook = merge(wish(), """
                {"description":"ours","data":{"team":"privacy"},"later":[1,{"a":null}],
                 "eventsEnabled":{"user.create":true,"user.delete":false},
                 "headers":{"X-Trace":"on","authorization":"old"},
                 "signatureConfiguration":{"enabled":true,"signingKeyId":"k","later":1}}""");

        assertThat(webhook.at("/data/team").asText()).isEqualTo("privacy");
        assertThat(webhook.path("later"))
                .isEqualTo(json("{\"x\":[1,{\"a\":null}]}").path("x"));
        assertThat(webhook.path("description").asText()).isEqualTo("ours");
        assertThat(webhook.path("eventsEnabled")).isEqualTo(json("{\"user.create\":true,\"user.delete\":true}"));
        assertThat(webhook.path("headers")).isEqualTo(json("{\"X-Trace\":\"on\",\"Authorization\":\"ingress-key\"}"));
        assertThat(webhook.path("signatureConfiguration"))
                .isEqualTo(json("{\"enabled\":true,\"signingKeyId\":\"k\",\"later\":1}"));
    }

    @Test
    void replacesNullsByWhatIsNeeded() {
        ObjectNode webhook = merge(wish(), """
                {"eventsEnabled":null,"headers":null,"tenantIds":null,"connectTimeout":null,"readTimeout":null}""");

        assertThat(webhook.at("/eventsEnabled/user.delete").asBoolean()).isTrue();
        assertThat(webhook.at("/headers/Authorization").asText()).isEqualTo("ingress-key");
        assertThat(webhook.path("tenantIds")).hasSize(1);
        assertThat(webhook.path("readTimeout").asInt()).isEqualTo(2000);
    }

    @Test
    void changesNothingTheSecondTime() {
        var registration = registration(wish());
        ObjectNode registered = registration.merged(json("{}")).put("id", ID.toString());

        assertThat(registration.calls(Optional.of(registered), List.of(tenant(true, "AbsoluteMajority"))))
                .isEmpty();
    }

    @Test
    void namesWhatItChanges() {
        ObjectNode existing =
                merge(wish(), "{}").put("url", "http://old.example.org/").put("readTimeout", 500);

        List<ApiCall> calls = registration(wish()).calls(Optional.of(existing), List.of());

        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst()).hasToString("PUT /api/webhook/" + ID);
        assertThat(calls.getFirst().done()).isEqualTo("Webhook " + ID + " changed: url, readTimeout.");
    }

    @ParameterizedTest
    @CsvSource({"false,AbsoluteMajority", "true,None", "true,Any", "false,None"})
    void switchesTheTenantsEventOnWithTheLevelOfTheWish(boolean enabled, String level) {
        List<ApiCall> calls =
                registration(wish()).calls(Optional.of(merge(wish(), "{}")), List.of(tenant(enabled, level)));

        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst()).hasToString("PATCH /api/tenant/" + TENANT);
        assertThat(calls.getFirst().body()).isEqualTo(json("""
                {"tenant":{"eventConfiguration":{"events":
                  {"user.delete":{"enabled":true,"transactionType":"AbsoluteMajority"}}}}}"""));
    }

    @Test
    void makesTheWebhookBeforeTheTenantSendsTheEvent() {
        assertThat(registration(wish()).calls(Optional.empty(), List.of(tenant(false, "None"))))
                .extracting(ApiCall::toString)
                .containsExactly("POST /api/webhook/" + ID, "PATCH /api/tenant/" + TENANT);
    }

    @Test
    void addsATenantToThoseThatAreListed() {
        ObjectNode webhook = merge(wish(), "{\"global\":true,\"tenantIds\":[\"" + OTHER_TENANT + "\"]}");

        assertThat(webhook.path("tenantIds"))
                .extracting(tenant -> tenant.asText())
                .containsExactly(OTHER_TENANT.toString(), TENANT.toString());
        assertThat(webhook.path("global").asBoolean()).isFalse();
    }

    @Test
    void recognisesAListedTenantInCapitals() {
        ObjectNode existing = json("{\"tenantIds\":[\"AAAAAAAA-0000-0000-0000-000000000001\"]}");
        var wish = new WebhookWish(URL, false, List.of(OTHER_TENANT), API_KEY, null, null, null, null, null);

        assertThat(merge(wish, existing.toString()).path("tenantIds")).hasSize(1);
    }

    @Test
    void listsNoTenantsWhenGlobal() {
        var wish = new WebhookWish(URL, true, List.of(TENANT), API_KEY, null, null, null, null, null);

        ObjectNode webhook = merge(wish, "{\"tenantIds\":[\"" + OTHER_TENANT + "\"]}");

        assertThat(webhook.path("global").asBoolean()).isTrue();
        assertThat(webhook.path("tenantIds")).isEmpty();
    }

    @Test
    void takesTheApiKeyOutOfTheHeaderThatBasicCredentialsNeed() {
        var wish = new WebhookWish(URL, true, List.of(), Map.of(), BASIC, null, null, null, null);

        ObjectNode webhook = merge(wish, "{\"headers\":{\"AUTHORIZATION\":\"old\",\"X-Trace\":\"on\"}}");

        assertThat(webhook.path("httpAuthenticationUsername").asText()).isEqualTo("fusionauth");
        assertThat(webhook.path("httpAuthenticationPassword").asText()).isEqualTo("basic-password");
        assertThat(webhook.path("headers")).isEqualTo(json("{\"X-Trace\":\"on\"}"));
    }

    @Test
    void takesBasicCredentialsOutOfTheHeaderThatTheApiKeyNeeds() {
        ObjectNode webhook =
                merge(wish(), "{\"httpAuthenticationUsername\":\"u\",\"httpAuthenticationPassword\":\"p\"}");

        assertThat(webhook.has("httpAuthenticationUsername")).isFalse();
        assertThat(webhook.has("httpAuthenticationPassword")).isFalse();
    }

    @Test
    void sendsAnApiKeyInItsOwnHeaderNextToBasicCredentials() {
        var wish = new WebhookWish(
                URL, true, List.of(), Map.of("X-Lethe-Key", new Secret("k")), BASIC, null, null, null, null);

        ObjectNode webhook = merge(wish, "{}");

        assertThat(webhook.path("httpAuthenticationUsername").asText()).isEqualTo("fusionauth");
        assertThat(webhook.path("headers")).isEqualTo(json("{\"X-Lethe-Key\":\"k\"}"));
    }

    @Test
    void signsWithTheKeyOfTheWish() {
        var wish = new WebhookWish(URL, true, List.of(), Map.of(), null, SIGNING_KEY, null, null, null);

        ObjectNode webhook = merge(wish, "{\"signatureConfiguration\":{\"enabled\":false,\"later\":1}}");

        assertThat(webhook.path("signatureConfiguration"))
                .isEqualTo(json("{\"enabled\":true,\"later\":1,\"signingKeyId\":\"" + SIGNING_KEY + "\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        // there, wished, registered
        "1500,,2000",
        "2000,,2000",
        "8000,,8000",
        "8000,3000,3000"
    })
    void keepsAReadTimeoutThatIsLongEnough(int there, Integer wished, int registered) {
        var wish = new WebhookWish(URL, true, List.of(), API_KEY, null, null, null, wished, null);

        assertThat(merge(wish, "{\"readTimeout\":" + there + "}")
                        .path("readTimeout")
                        .asInt())
                .isEqualTo(registered);
    }

    @Test
    void printsNoSecret() {
        var wish = new WebhookWish(
                URL, true, List.of(), Map.of("X-Lethe-Key", new Secret("ingress-key")), BASIC, null, null, null, null);

        List<ApiCall> calls = registration(wish).calls(Optional.empty(), List.of());

        assertThat(calls.getFirst().print())
                .contains("\"X-Lethe-Key\" : \"***\"", "\"httpAuthenticationPassword\" : \"***\"", "fusionauth")
                .doesNotContain("ingress-key", "basic-password");
        assertThat(wish.toString() + calls).doesNotContain("ingress-key", "basic-password");
    }

    @Test
    void givesAnIngressAlwaysTheSameWebhook() {
        assertThat(WebhookWish.idFor(URL))
                .isEqualTo(UUID.fromString("280f1d2d-8c0d-3a50-83e2-52f7b09984ca"))
                .isNotEqualTo(WebhookWish.idFor(URI.create("http://lethe.example.org/webhook-user-delete")));
    }

    private static WebhookWish wish() {
        return new WebhookWish(URL, false, List.of(TENANT), API_KEY, null, null, null, null, null);
    }

    private static WebhookRegistration registration(WebhookWish wish) {
        return new WebhookRegistration(ID, wish, TransactionLevel.ABSOLUTE_MAJORITY);
    }

    private static ObjectNode merge(WebhookWish wish, String existing) {
        return registration(wish).merged(json(existing));
    }

    private static ObjectNode tenant(boolean enabled, String level) {
        return json("""
                {"id":"%s","name":"Default","eventConfiguration":{"events":
                  {"user.delete":{"enabled":%s,"transactionType":"%s"}}}}""".formatted(TENANT, enabled, level));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
