package dev.lethe.ingress.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import io.fusionauth.jwt.domain.Algorithm;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The signature that FusionAuth puts on a webhook: a JWT whose claim {@code request_body_sha256} is the SHA-256 of the
 * raw body, in standard Base64 with padding.
 *
 * @see <a href="https://fusionauth.io/docs/extend/events-and-webhooks/signing">FusionAuth: Signing Webhooks</a>
 */
final class SignatureAuthentication implements Authentication {
    static final String HEADER = "X-FusionAuth-Signature-JWT";

    /** Where a call keeps what its signature says, from its headers to its body. */
    private static final String SIGNED_CLAIMS = SignatureAuthentication.class.getName();

    private static final Duration JWKS_TIMEOUT = Duration.ofSeconds(5);

    /** How far FusionAuth's clock may be from this one. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final Set<Algorithm> algorithms;
    private final Map<String, VerificationKey> configured;
    private final Optional<JwksKeys> published;
    private final InstantSource clock;

    SignatureAuthentication(SignatureConfig config, InstantSource clock) {
        this.algorithms = config.algorithms();
        this.configured = config.keys();
        this.published = config.jwks().map(jwks -> new JwksKeys(new JwksEndpoint(jwks, JWKS_TIMEOUT), clock));
        this.clock = clock;
    }

    @Override
    public Optional<Refusal> refusal(Context call) {
        Optional<String> token = RequestHeader.only(call, HEADER);
        if (token.isEmpty()) {
            return Optional.of(Refusal.SIGNATURE_MISSING);
        }
        try {
            call.attribute(SIGNED_CLAIMS, signedClaims(token.get()));
            return Optional.empty();
        } catch (SignatureRefusedException e) {
            return Optional.of(e.refusal());
        }
    }

    @Override
    public Optional<Refusal> refusal(Context call, byte[] body) {
        JsonNode claims = call.attribute(SIGNED_CLAIMS);
        return claims != null && areOf(claims, body) ? Optional.empty() : Optional.of(Refusal.SIGNATURE_BODY);
    }

    /** Both of the above, for a token that is in no call. */
    Optional<Refusal> refusal(String compact, byte[] body) {
        try {
            return areOf(signedClaims(compact), body) ? Optional.empty() : Optional.of(Refusal.SIGNATURE_BODY);
        } catch (SignatureRefusedException e) {
            return Optional.of(e.refusal());
        }
    }

    private JsonNode signedClaims(String compact) throws SignatureRefusedException {
        SignedToken token = SignedToken.parse(compact);
        verifySignature(token);
        JsonNode claims = token.claims();
        verifyTime(claims);
        return claims;
    }

    private void verifySignature(SignedToken token) throws SignatureRefusedException {
        byte[] signature = token.signatureBytes();
        Algorithm algorithm = algorithms.stream()
                .filter(allowed -> allowed.name().equals(token.algorithm()))
                .findAny()
                .orElseThrow(() -> new SignatureRefusedException(Refusal.SIGNATURE_ALGORITHM));
        VerificationKey key = find(token.kid()).orElseThrow(() -> new SignatureRefusedException(Refusal.SIGNATURE_KEY));
        if (!key.algorithms().contains(algorithm)) {
            throw new SignatureRefusedException(Refusal.SIGNATURE_ALGORITHM);
        }
        if (!key.verifies(algorithm, token.signingInput(), signature)) {
            throw new SignatureRefusedException(Refusal.SIGNATURE_INVALID);
        }
    }

    private Optional<VerificationKey> find(String kid) {
        return Optional.ofNullable(configured.get(kid)).or(() -> published.flatMap(keys -> keys.find(kid)));
    }

    /** FusionAuth gives its signatures no time; should it begin to, it counts. */
    private void verifyTime(JsonNode claims) throws SignatureRefusedException {
        long now = clock.instant().getEpochSecond();
        JsonNode until = claims.path("exp");
        JsonNode from = claims.path("nbf");
        boolean over = !until.isMissingNode() && !(until.isNumber() && now - SKEW.toSeconds() < until.doubleValue());
        boolean early = !from.isMissingNode() && !(from.isNumber() && now + SKEW.toSeconds() >= from.doubleValue());
        if (over || early) {
            throw new SignatureRefusedException(Refusal.SIGNATURE_EXPIRED);
        }
    }

    private static boolean areOf(JsonNode claims, byte[] body) {
        JsonNode signed = claims.path("request_body_sha256");
        byte[] expected = Base64.getEncoder().encode(sha256(body));
        return signed.isTextual()
                && MessageDigest.isEqual(signed.textValue().getBytes(StandardCharsets.UTF_8), expected);
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public List<String> problems() {
        // Even if there are configured keys: whoever configured a JWKS may sign with a key of it.
        return published.map(JwksKeys::problems).orElse(List.of());
    }

    @Override
    public void close() {
        published.ifPresent(JwksKeys::close);
    }
}
