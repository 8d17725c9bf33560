package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fusionauth.jwt.domain.JWT;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.commons.text.StringEscapeUtils;
import org.jspecify.annotations.Nullable;

/** Applications, and signing in to them by OpenID Connect: the authorization code grant with PKCE, and nothing else. */
final class SignIns {
    private static final String METHOD = "S256";
    private static final int CODE_SECONDS = 60;
    private static final int TOKEN_SECONDS = 3600;
    /** The parameters that the form has to bring back. */
    private static final List<String> PARAMETERS = List.of(
            "client_id",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method");

    private record Application(UUID id, String secret, List<String> redirects, UUID keyId) {}

    private record Code(
            Application application, ObjectNode user, String redirect, String challenge, String nonce, Instant until) {}

    private final Map<UUID, Application> applications = new ConcurrentHashMap<>();
    private final Map<UUID, String> passwords = new ConcurrentHashMap<>();
    private final Map<UUID, Map<UUID, List<String>>> roles = new ConcurrentHashMap<>();
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final Users users;
    private final SigningKeys keys;
    private final Supplier<String> issuer;
    private final InstantSource clock;

    /** @param issuer what it calls itself in tokens */
    SignIns(Users users, SigningKeys keys, Supplier<String> issuer, InstantSource clock) {
        this.users = users;
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
    }

    void install(RoutesConfig routes) {
        routes.get("/.well-known/openid-configuration", this::discover);
        routes.get("/.well-known/openid-configuration/{tenant}", this::discover);
        routes.get("/oauth2/authorize", this::ask);
        routes.post("/oauth2/authorize", this::authorize);
        routes.post("/oauth2/token", this::token);
    }

    ObjectNode createApplication(UUID id, JsonNode request) {
        JsonNode oauth = request.path("oauthConfiguration");
        ApiErrors errors = new ApiErrors();
        if (request.path("name").asText().isBlank()) {
            errors.field("application.name", "blank", "You must specify the [application.name] property.");
        }
        Optional<UUID> key =
                Ids.parse(request.at("/jwtConfiguration/idTokenKeyId").asText());
        if (key.isEmpty() || !keys.contains(key.get())) {
            errors.field(
                    "application.jwtConfiguration.idTokenKeyId",
                    "invalid",
                    "Only keys that were generated are simulated.");
        }
        if (applications.containsKey(id)) {
            errors.field("applicationId", "duplicate", "There is an application with this id.");
        }
        errors.throwIfAny();
        var redirects = new ArrayList<String>();
        oauth.path("authorizedRedirectURLs").forEach(redirect -> redirects.add(redirect.asText()));
        String secret = oauth.path("clientSecret").asText(UUID.randomUUID().toString());
        applications.put(id, new Application(id, secret, redirects, key.orElseThrow()));
        ObjectNode answer = Json.object();
        ObjectNode application = answer.putObject("application").put("id", id.toString());
        application
                .putObject("oauthConfiguration")
                .put("clientId", id.toString())
                .put("clientSecret", secret);
        return answer;
    }

    /** Notes with what a user signs in, and what they may. */
    void register(UUID userId, JsonNode request) {
        if (request.at("/user/password").isTextual()) {
            passwords.put(userId, request.at("/user/password").asText());
        }
        var granted = new ArrayList<String>();
        request.at("/registration/roles").forEach(role -> granted.add(role.asText()));
        Ids.parse(request.at("/registration/applicationId").asText())
                .ifPresent(application -> roles.computeIfAbsent(userId, id -> new ConcurrentHashMap<>())
                        .put(application, granted));
    }

    /** By the address at which it is asked: in a network of containers that is another than for browsers. */
    private void discover(Context context) {
        String url = context.scheme() + "://" + context.host();
        ObjectNode json = Json.object()
                .put("issuer", issuer.get())
                .put("authorization_endpoint", url + "/oauth2/authorize")
                .put("token_endpoint", url + "/oauth2/token")
                .put("jwks_uri", url + "/.well-known/jwks.json");
        json.putArray("response_types_supported").add("code");
        json.putArray("subject_types_supported").add("public");
        json.putArray("id_token_signing_alg_values_supported").add("RS256").add("ES256");
        json.putArray("code_challenge_methods_supported").add(METHOD);
        json.putArray("scopes_supported").add("openid");
        answer(context, json);
    }

    private void ask(Context context) {
        if (application(context.queryParam("client_id"), context.queryParam("redirect_uri"))
                .isEmpty()) {
            context.status(HttpStatus.BAD_REQUEST).result("This application or its redirect is not known.");
            return;
        }
        form(context, "");
    }

    private void form(Context context, String problem) {
        var hidden = new StringBuilder();
        for (String parameter : PARAMETERS) {
            hidden.append("<input type=\"hidden\" name=\"%s\" value=\"%s\">"
                    .formatted(parameter, StringEscapeUtils.escapeHtml4(value(context, parameter))));
        }
        context.html("""
                <!doctype html><html lang="en"><title>Login</title><h1>Login</h1><p>%s</p>
                <form method="post" action="/oauth2/authorize">%s
                <label>Email or username <input name="loginId" autocomplete="username"></label>
                <label>Password <input name="password" type="password" autocomplete="current-password"></label>
                <button>Submit</button></form></html>
                """.formatted(problem, hidden));
    }

    private void authorize(Context context) {
        Optional<Application> application =
                application(context.formParam("client_id"), context.formParam("redirect_uri"));
        if (application.isEmpty()) {
            context.status(HttpStatus.BAD_REQUEST).result("This application or its redirect is not known.");
            return;
        }
        if (!value(context, "code_challenge_method").equals(METHOD)
                || value(context, "code_challenge").isEmpty()) {
            back(context, "error=invalid_request");
            return;
        }
        Optional<ObjectNode> user = userOf(value(context, "loginId"), value(context, "password"));
        if (user.isEmpty()) {
            context.status(HttpStatus.UNAUTHORIZED);
            form(context, "Invalid login credentials.");
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(
                code,
                new Code(
                        application.get(),
                        user.get(),
                        value(context, "redirect_uri"),
                        value(context, "code_challenge"),
                        value(context, "nonce"),
                        clock.instant().plusSeconds(CODE_SECONDS)));
        back(context, "code=" + code);
    }

    private static void back(Context context, String result) {
        context.redirect(
                value(context, "redirect_uri") + "?" + result + "&state="
                        + URLEncoder.encode(value(context, "state"), StandardCharsets.UTF_8),
                HttpStatus.FOUND);
    }

    private void token(Context context) {
        Code code = codes.remove(value(context, "code"));
        if (code == null || !isClient(context, code.application())) {
            context.status(code == null ? HttpStatus.BAD_REQUEST : HttpStatus.UNAUTHORIZED);
            answer(context, Json.object().put("error", code == null ? "invalid_grant" : "invalid_client"));
            return;
        }
        if (clock.instant().isAfter(code.until())
                || !code.redirect().equals(value(context, "redirect_uri"))
                || !code.challenge().equals(challenge(value(context, "code_verifier")))) {
            context.status(HttpStatus.BAD_REQUEST);
            answer(context, Json.object().put("error", "invalid_grant"));
            return;
        }
        answer(
                context,
                Json.object()
                        .put("access_token", UUID.randomUUID().toString())
                        .put("token_type", "Bearer")
                        .put("expires_in", TOKEN_SECONDS)
                        .put("id_token", idToken(code)));
    }

    private String idToken(Code code) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC);
        UUID userId = UUID.fromString(code.user().path("id").asText());
        UUID application = code.application().id();
        JWT token = new JWT()
                .setIssuer(issuer.get())
                .setSubject(userId.toString())
                .setAudience(application.toString())
                .setIssuedAt(now)
                .setExpiration(now.plusSeconds(TOKEN_SECONDS))
                .addClaim("nonce", code.nonce())
                .addClaim("applicationId", application.toString())
                .addClaim("tid", code.user().path("tenantId").asText())
                .addClaim("email", code.user().path("email").asText())
                .addClaim("roles", roles.getOrDefault(userId, Map.of()).getOrDefault(application, List.of()));
        return keys.sign(code.application().keyId(), token);
    }

    private Optional<ObjectNode> userOf(String loginId, String password) {
        return users.all()
                .filter(user -> user.path("email").asText().equalsIgnoreCase(loginId)
                        || user.path("username").asText().equalsIgnoreCase(loginId))
                .filter(user -> password.equals(
                        passwords.get(UUID.fromString(user.path("id").asText()))))
                .findFirst();
    }

    private Optional<Application> application(@Nullable String clientId, @Nullable String redirect) {
        return Optional.ofNullable(clientId)
                .flatMap(Ids::parse)
                .map(applications::get)
                .filter(application -> application.redirects().contains(String.valueOf(redirect)));
    }

    private static boolean isClient(Context context, Application application) {
        String expected = Base64.getEncoder()
                .encodeToString((application.id() + ":" + application.secret()).getBytes(StandardCharsets.UTF_8));
        return ("Basic " + expected).equals(context.header("Authorization"));
    }

    private static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every Java", e);
        }
    }

    private static String value(Context context, String name) {
        String value = context.formParam(name);
        if (value == null) {
            value = context.queryParam(name);
        }
        return value == null ? "" : value;
    }

    private static void answer(Context context, ObjectNode json) {
        context.contentType("application/json").result(Json.write(json));
    }
}
