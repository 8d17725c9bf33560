package dev.lethe.ledger.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationErrorResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.lethe.events.Keys;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sign-in by OpenID Connect: authorization code with PKCE (RFC 7636), a state that is bound to the browser, and a nonce. ID
 * tokens have to be signed with a key that the provider publishes. Safe for any thread.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html">OpenID Connect Core 1.0</a>
 */
public final class OpenId {
    /** Where the provider sends people back to. */
    public static final String CALLBACK = "/console/sign-in/callback";

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ONGOING = Duration.ofMinutes(10);
    private static final Duration METADATA_FRESH = Duration.ofHours(1);
    private static final int MOST_ONGOING = 10_000;
    private static final int MOST_BYTES = 256 * 1024;
    private static final String TENANT_CLAIM = "tid";
    private static final Logger log = LoggerFactory.getLogger(OpenId.class);

    /** A sign-in that has begun. */
    private record Ongoing(State state, Nonce nonce, CodeVerifier verifier, String returnTo, Instant since) {}

    /** What the provider says of itself, and how its tokens are checked. */
    private record Provider(OIDCProviderMetadata metadata, IDTokenValidator validator, Instant since) {}

    /**
     * Somebody who has signed in.
     *
     * @param returnTo where in the console they wanted to go
     */
    public record Arrival(Person person, String returnTo) {}

    private final OpenIdConfig config;
    private final URI callback;
    private final Keys keys;
    private final Supplier<String> secrets;
    private final InstantSource clock;
    private final boolean secure;
    private final String cookie;
    private final Map<String, Ongoing> ongoing = new ConcurrentHashMap<>();
    private volatile @Nullable Provider provider;

    OpenId(
            OpenIdConfig config,
            URI publicUrl,
            boolean secure,
            Keys keys,
            Supplier<String> secrets,
            InstantSource clock) {
        this.config = config;
        this.callback = publicUrl.resolve(CALLBACK);
        this.secure = secure;
        this.keys = keys;
        this.secrets = secrets;
        this.clock = clock;
        this.cookie = secure ? "__Host-lethe-sign-in" : "lethe-sign-in";
    }

    /** Begins a sign-in for this browser, and says where it goes on. */
    public URI begin(Context ctx, String returnTo) throws SignInFailedException {
        Provider known = provider();
        var started = new Ongoing(new State(), new Nonce(), new CodeVerifier(), returnTo, clock.instant());
        String id = secrets.get();
        ongoing.values().removeIf(this::isOver);
        if (ongoing.size() >= MOST_ONGOING) {
            throw new SignInFailedException("Too many are signing in at once. Try again in a few minutes.");
        }
        ongoing.put(id, started);
        ctx.cookie(cookie(id, (int) ONGOING.toSeconds()));
        var scope = new Scope("openid");
        config.scopes().forEach(scope::add);
        return new AuthenticationRequest.Builder(ResponseType.CODE, scope, new ClientID(config.clientId()), callback)
                .endpointURI(config.authorizationEndpoint()
                        .orElseGet(() -> known.metadata().getAuthorizationEndpointURI()))
                .state(started.state())
                .nonce(started.nonce())
                .codeChallenge(started.verifier(), CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /** Ends a sign-in with what the provider has sent the browser back with. */
    public Arrival finish(Context ctx) throws SignInFailedException {
        String id = ctx.cookie(cookie);
        ctx.cookie(cookie("", 0));
        Ongoing started = id == null ? null : ongoing.remove(id);
        if (started == null || isOver(started)) {
            throw new SignInFailedException("This sign-in has not begun in this browser, or took too long. Try again.");
        }
        AuthorizationCode code = codeOf(ctx, started);
        IDTokenClaimsSet claims = claimsOf(code, started);
        return new Arrival(personOf(claims), started.returnTo());
    }

    private AuthorizationCode codeOf(Context ctx, Ongoing started) throws SignInFailedException {
        try {
            AuthenticationResponse response =
                    AuthenticationResponseParser.parse(callback, Map.copyOf(ctx.queryParamMap()));
            if (!started.state().equals(response.getState())) {
                throw new SignInFailedException("This is the answer to another sign-in. Try again.");
            }
            if (response instanceof AuthenticationErrorResponse refused) {
                log.warn(
                        "Sign-in refused by the provider: {}",
                        refused.getErrorObject().getCode());
                throw new SignInFailedException("The identity provider refused the sign-in.");
            }
            AuthorizationCode code = response.toSuccessResponse().getAuthorizationCode();
            if (code == null) {
                throw new SignInFailedException("The identity provider sent no code.");
            }
            return code;
        } catch (ParseException e) {
            throw new SignInFailedException("The identity provider's answer can't be understood.");
        }
    }

    private IDTokenClaimsSet claimsOf(AuthorizationCode code, Ongoing started) throws SignInFailedException {
        Provider known = provider();
        var client = new ClientSecretBasic(
                new ClientID(config.clientId()),
                new Secret(config.clientSecret().reveal()));
        HTTPRequest request = new TokenRequest.Builder(
                        known.metadata().getTokenEndpointURI(),
                        client,
                        new AuthorizationCodeGrant(code, callback, started.verifier()))
                .build()
                .toHTTPRequest();
        bound(request);
        try {
            TokenResponse response = OIDCTokenResponseParser.parse(request.send());
            if (!(response instanceof OIDCTokenResponse granted)) {
                log.warn(
                        "The provider gives no token: {}",
                        response.toErrorResponse().getErrorObject().getCode());
                throw new SignInFailedException("The identity provider did not accept its own code.");
            }
            return known.validator().validate(granted.getOIDCTokens().getIDToken(), started.nonce());
        } catch (IOException | ParseException | BadJOSEException | JOSEException e) {
            // Its message can repeat the token.
            log.warn("The provider's ID token is not accepted: {}", e.getClass().getSimpleName());
            throw new SignInFailedException("The identity provider's answer is not to be trusted, or did not come.");
        }
    }

    private Person personOf(IDTokenClaimsSet claims) throws SignInFailedException {
        List<String> roles = claims.getStringListClaim(config.rolesClaim());
        Role role = roles == null
                ? null
                : roles.contains(config.operatorRole())
                        ? Role.OPERATOR
                        : roles.contains(config.viewerRole()) ? Role.VIEWER : null;
        // The same pseudonym under which the ledger would know this user's own erasure.
        String actor = keys.subjectKey(
                        claims.getStringClaim(TENANT_CLAIM), claims.getSubject().getValue())
                .value();
        if (role == null) {
            log.warn("Refused: {} has no role here", actor);
            throw new SignInFailedException("You are known, but have no role here. It takes '" + config.viewerRole()
                    + "' or '" + config.operatorRole() + "'.");
        }
        String shown = Optional.ofNullable(claims.getStringClaim("name"))
                .or(() -> Optional.ofNullable(claims.getStringClaim("preferred_username")))
                .or(() -> Optional.ofNullable(claims.getStringClaim("email")))
                .orElse(actor);
        return new Person(actor, shown, role);
    }

    private Provider provider() throws SignInFailedException {
        Provider known = provider;
        if (known == null || clock.instant().isAfter(known.since().plus(METADATA_FRESH))) {
            known = discover();
            provider = known;
        }
        return known;
    }

    private Provider discover() throws SignInFailedException {
        try {
            var request = new HTTPRequest(HTTPRequest.Method.GET, config.discovery());
            bound(request);
            OIDCProviderMetadata metadata =
                    OIDCProviderMetadata.parse(request.send().getBodyAsJSONObject());
            if (!metadata.getIssuer().getValue().equals(config.issuer())) {
                log.warn("access.openid.issuer is not the issuer that the provider says it is");
                throw new SignInFailedException("The identity provider is another than the configured one.");
            }
            var retriever =
                    new DefaultResourceRetriever((int) PATIENCE.toMillis(), (int) PATIENCE.toMillis(), MOST_BYTES);
            var source = JWKSourceBuilder.<SecurityContext>create(
                            metadata.getJWKSetURI().toURL(), retriever)
                    .retrying(true)
                    .build();
            var algorithms = Set.copyOf(JWSAlgorithm.Family.SIGNATURE);
            var validator = new IDTokenValidator(
                    new Issuer(config.issuer()),
                    new ClientID(config.clientId()),
                    new JWSVerificationKeySelector<>(algorithms, source),
                    null);
            return new Provider(metadata, validator, clock.instant());
        } catch (IOException | ParseException e) {
            log.warn(
                    "The identity provider can't be discovered: {}",
                    e.getClass().getSimpleName());
            throw new SignInFailedException("The identity provider does not answer. Try again in a moment.");
        }
    }

    private static void bound(HTTPRequest request) {
        request.setConnectTimeout((int) PATIENCE.toMillis());
        request.setReadTimeout((int) PATIENCE.toMillis());
        request.setFollowRedirects(false);
    }

    private boolean isOver(Ongoing started) {
        return clock.instant().isAfter(started.since().plus(ONGOING));
    }

    private Cookie cookie(String value, int maxAge) {
        return new Cookie(cookie, value, "/", maxAge, secure, true, null, SameSite.LAX);
    }
}
