package dev.lethe.ingress.authentication;

import static dev.lethe.ingress.authentication.SigningKey.base64Url;
import static dev.lethe.ingress.authentication.SigningKey.claim;
import static dev.lethe.ingress.authentication.SigningKey.claims;
import static dev.lethe.ingress.authentication.SigningKey.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lethe.config.ConfigException;
import io.fusionauth.jwt.hmac.HMACSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureAuthenticationTest {
    /** Its hash has both characters in which the two alphabets of Base64 differ. */
    private static final byte[] BODY =
            "{\"event\":{\"id\":3,\"type\":\"user.delete\"}}".getBytes(StandardCharsets.UTF_8);

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static final SigningKey RSA = SigningKey.rsa("rsa");
    private static final SigningKey EC = SigningKey.ec("ec");
    private static final SigningKey ED = SigningKey.ed("ed");
    private static final String SECRET = "a secret of thirty-two characters, at least";
    private static final SigningKey HMAC = SigningKey.secret("hmac", SECRET);
    private static final SigningKey STRANGER = SigningKey.rsa("stranger");

    private static final String ONE = RSA.sign(BODY);

    private static final SignatureAuthentication EVERY_KIND = verifying("""
            keys:
              rsa: { pem: "${RSA}" }
              ec: { pem: "${EC}" }
              ed: { pem: "${ED}" }
              hmac: { secret: "${SECRET}" }
            """);
    private static final SignatureAuthentication ONLY_RS256 =
            verifying("{ algorithms: [RS256], keys: { rsa: { pem: '${RSA}' } } }");
    private static final SignatureAuthentication ONLY_RS512 =
            verifying("{ algorithms: [RS512], keys: { rsa: { pem: '${RSA}' } } }");

    static Stream<Arguments> signaturesOfFusionAuth() {
        return Stream.of(
                arguments("RS256", RSA.sign(BODY)),
                arguments("ES256", EC.sign(BODY)),
                arguments("Ed25519", ED.sign(BODY)),
                arguments("HS256 with a configured secret", HMAC.sign(BODY)),
                arguments("without typ", RSA.token("{\"alg\":\"RS256\",\"kid\":\"rsa\"}", claims(BODY))),
                arguments("not yet over", RSA.token(RSA.header(), withTime("exp", NOW.plusSeconds(1)))),
                arguments("from now on", RSA.token(RSA.header(), withTime("nbf", NOW))),
                arguments("with a clock that is ahead", RSA.token(RSA.header(), withTime("nbf", NOW.plusSeconds(59)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signaturesOfFusionAuth")
    void aSignatureOfFusionAuthPasses(String name, String token) {
        assertThat(EVERY_KIND.refusal(token, BODY)).isEmpty();
    }

    static Stream<Arguments> everythingElse() {
        String valid = RSA.sign(BODY);
        String[] part = valid.split("\\.");
        String unpaddedHash = Base64.getEncoder().withoutPadding().encodeToString(sha256(BODY));
        var publicKeyAsSecret = new SigningKey("rsa", "", HMACSigner.newSHA256Signer(RSA.publicPem(), "rsa"));
        return Stream.of(
                // Of an algorithm that nobody agreed on
                refused("alg none", base64Url("{\"alg\":\"none\",\"kid\":\"rsa\"}") + "." + part[1] + ".", "ALGORITHM"),
                refused("alg none with a signature", RSA.token(alg("none"), claims(BODY)), "ALGORITHM"),
                refused("alg None", RSA.token(alg("None"), claims(BODY)), "ALGORITHM"),
                refused("alg in another case", RSA.token(alg("rs256"), claims(BODY)), "ALGORITHM"),
                refused("alg unknown", RSA.token(alg("RS1"), claims(BODY)), "ALGORITHM"),
                refused("HMAC with the public key as secret", publicKeyAsSecret.sign(BODY), "ALGORITHM"),
                refused("an RSA key's kid with ES256", EC.token(alg("ES256"), claims(BODY)), "ALGORITHM"),
                refused(
                        "a curve's kid with another curve's algorithm",
                        EC.token(alg("ES384", "ec"), claims(BODY)),
                        "ALGORITHM"),
                // Of a key that nobody agreed on
                refused("unknown kid", STRANGER.sign(BODY), "KEY"),
                refused("kid in another case", RSA.token(alg("RS256", "RSA"), claims(BODY)), "KEY"),
                refused("empty kid", RSA.token(alg("RS256", ""), claims(BODY)), "KEY"),
                refused("another's key under a known kid", STRANGER.token(RSA.header(), claims(BODY)), "INVALID"),
                refused(
                        "a key that the token brings along",
                        STRANGER.token(
                                "{\"alg\":\"RS256\",\"kid\":\"rsa\",\"jwk\":" + STRANGER.jwk() + "}", claims(BODY)),
                        "INVALID"),
                // Of another content than was signed
                refused("claims exchanged", part[0] + "." + base64Url(claims(new byte[0])) + "." + part[2], "INVALID"),
                refused("an empty signature", part[0] + "." + part[1] + ".", "INVALID"),
                refused("half a signature", valid.substring(0, valid.length() - 174), "INVALID"),
                refused("an ECDSA signature of zeros", zeros(EC.sign(BODY), 64), "INVALID"),
                refused("an ECDSA signature of a byte", zeros(EC.sign(BODY), 1), "INVALID"),
                refused("an Ed25519 signature of zeros", zeros(ED.sign(BODY), 64), "INVALID"),
                // Of another form than the one
                refused("empty", "", "MALFORMED"),
                refused("dots", "..", "MALFORMED"),
                refused("no signature part", part[0] + "." + part[1], "MALFORMED"),
                refused("a fourth part", valid + "." + part[2], "MALFORMED"),
                refused("too long", RSA.token(RSA.header(), " ".repeat(4096) + claims(BODY)), "MALFORMED"),
                refused("a signature with padding", valid + "==", "MALFORMED"),
                refused(
                        "a signature in other bits that mean the same",
                        valid.substring(0, valid.length() - 1) + next(valid),
                        "MALFORMED"),
                refused("standard Base64", valid.replace(part[2], "+" + part[2].substring(1)), "MALFORMED"),
                refused("a header that is no JSON", RSA.token("RS256", claims(BODY)), "MALFORMED"),
                refused("a header that is a list", RSA.token("[]", claims(BODY)), "MALFORMED"),
                refused(
                        "a header with a second alg",
                        RSA.token("{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"rsa\"}", claims(BODY)),
                        "MALFORMED"),
                refused(
                        "a header with a second kid",
                        RSA.token("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"\\u006bid\":\"ec\"}", claims(BODY)),
                        "MALFORMED"),
                refused("a header with more behind it", RSA.token(RSA.header() + "{}", claims(BODY)), "MALFORMED"),
                refused(
                        "a header in UTF-16",
                        RSA.signed(base64Url(RSA.header().getBytes(StandardCharsets.UTF_16BE)) + "." + part[1]),
                        "MALFORMED"),
                refused("no alg", RSA.token("{\"kid\":\"rsa\"}", claims(BODY)), "MALFORMED"),
                refused("no kid", RSA.token("{\"alg\":\"RS256\"}", claims(BODY)), "MALFORMED"),
                refused(
                        "a kid that is a number",
                        RSA.token("{\"alg\":\"RS256\",\"kid\":1}", claims(BODY)),
                        "MALFORMED"),
                refused(
                        "crit",
                        RSA.token("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"b64\"],\"b64\":false}", claims(BODY)),
                        "MALFORMED"),
                refused(
                        "an empty crit",
                        RSA.token("{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":null}", claims(BODY)),
                        "MALFORMED"),
                refused("claims that are no JSON", RSA.token(RSA.header(), "?"), "MALFORMED"),
                refused("claims that are a text", RSA.token(RSA.header(), "\"request_body_sha256\""), "MALFORMED"),
                refused("claims that are nothing", RSA.token(RSA.header(), ""), "MALFORMED"),
                refused(
                        "claims that are no UTF-8",
                        RSA.signed(part[0] + "." + base64Url(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})),
                        "MALFORMED"),
                refused(
                        "two hashes, the right one last",
                        RSA.token(RSA.header(), twoHashes("wrong", hash())),
                        "MALFORMED"),
                refused(
                        "two hashes, the right one first",
                        RSA.token(RSA.header(), twoHashes(hash(), "wrong")),
                        "MALFORMED"),
                refused("the right hash twice", RSA.token(RSA.header(), twoHashes(hash(), hash())), "MALFORMED"),
                refused(
                        "the hash again, escaped",
                        RSA.token(RSA.header(), twoHashes(hash(), hash()).replaceFirst("_", "\\\\u005f")),
                        "MALFORMED"),
                // Of another body, or of another time
                refused("no hash", RSA.token(RSA.header(), "{}"), "BODY"),
                refused("a hash that is null", RSA.token(RSA.header(), "{\"request_body_sha256\":null}"), "BODY"),
                refused(
                        "a hash in a list",
                        RSA.token(RSA.header(), "{\"request_body_sha256\":[\"" + hash() + "\"]}"),
                        "BODY"),
                refused("an empty hash", RSA.token(RSA.header(), claim("")), "BODY"),
                refused(
                        "a hash in hex",
                        RSA.token(RSA.header(), claim(HexFormat.of().formatHex(sha256(BODY)))),
                        "BODY"),
                refused(
                        "a hash in Base64 for URLs",
                        RSA.token(RSA.header(), claim(Base64.getUrlEncoder().encodeToString(sha256(BODY)))),
                        "BODY"),
                refused("a hash without padding", RSA.token(RSA.header(), claim(unpaddedHash)), "BODY"),
                refused("a hash with space", RSA.token(RSA.header(), claim(hash() + " ")), "BODY"),
                refused("of another body", RSA.sign("{}".getBytes(StandardCharsets.UTF_8)), "BODY"),
                refused("of an empty body", RSA.sign(new byte[0]), "BODY"),
                refused("over for a minute", RSA.token(RSA.header(), withTime("exp", NOW.minusSeconds(60))), "EXPIRED"),
                refused("not yet", RSA.token(RSA.header(), withTime("nbf", NOW.plusSeconds(61))), "EXPIRED"),
                refused("over at a time that is no number", RSA.token(RSA.header(), "{\"exp\":\"never\"}"), "EXPIRED"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everythingElse")
    void everythingElseIsRefused(String name, String token, Refusal refusal) {
        assertThat(EVERY_KIND.refusal(token, BODY)).contains(refusal);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signaturesOfFusionAuth")
    void anAlgorithmThatIsNotListedIsRefused(String name, String token) {
        assertThat(ONLY_RS512.refusal(token, BODY)).contains(Refusal.SIGNATURE_ALGORITHM);
    }

    @Property
    void aChangedCharacterIsNeverAccepted(
            @ForAll @IntRange(max = 10_000) int position, @ForAll @CharRange(from = '!', to = '~') char other) {
        var token = new StringBuilder(ONE);
        int index = position % token.length();
        if (token.charAt(index) == other) {
            return;
        }
        token.setCharAt(index, other);

        assertThat(ONLY_RS256.refusal(token.toString(), BODY)).isPresent();
    }

    @Property
    void aPieceIsNeverAccepted(
            @ForAll @IntRange(max = 10_000) int from, @ForAll @IntRange(min = 1, max = 10_000) int length) {
        int begin = from % ONE.length();
        int cut = Math.min(length, ONE.length() - begin);
        String token = ONE.substring(0, begin) + ONE.substring(begin + cut);

        assertThat(ONLY_RS256.refusal(token, BODY)).isPresent();
    }

    @Property
    void noTextIsAccepted(@ForAll @StringLength(max = 5000) String token) {
        assertThat(EVERY_KIND.refusal(token, BODY)).isPresent();
    }

    @Property
    void noHeaderAndClaimsOfAnAttackerAreAccepted(@ForAll String header, @ForAll String claims) {
        assertThat(EVERY_KIND.refusal(STRANGER.token(header, claims), BODY)).isPresent();
    }

    @Property
    void noSignatureThatIsMadeUpIsAccepted(@ForAll("kinds") SigningKey key, @ForAll byte[] signature) {
        String token = base64Url(key.header()) + "." + base64Url(claims(BODY)) + "." + base64Url(signature);

        assertThat(EVERY_KIND.refusal(token, BODY)).contains(Refusal.SIGNATURE_INVALID);
    }

    @Provide
    Arbitrary<SigningKey> kinds() {
        return Arbitraries.of(RSA, EC, ED, HMAC);
    }

    @Property
    void noOtherBodyIsAccepted(@ForAll byte[] body) {
        assertThat(ONLY_RS256.refusal(ONE, body)).contains(Refusal.SIGNATURE_BODY);
    }

    private static Arguments refused(String name, String token, String code) {
        return arguments(name, token, Refusal.valueOf("SIGNATURE_" + code));
    }

    private static String alg(String algorithm) {
        return alg(algorithm, "rsa");
    }

    private static String alg(String algorithm, String kid) {
        return "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}";
    }

    private static String hash() {
        return Base64.getEncoder().encodeToString(sha256(BODY));
    }

    private static String twoHashes(String one, String other) {
        return "{\"request_body_sha256\":\"" + one + "\",\"request_body_sha256\":\"" + other + "\"}";
    }

    private static String withTime(String claim, Instant time) {
        return claims(BODY).replace("}", ",\"" + claim + "\":" + time.getEpochSecond() + "}");
    }

    private static String zeros(String token, int length) {
        return token.substring(0, token.lastIndexOf('.') + 1) + base64Url(new byte[length]);
    }

    /** The last character of a 256-byte signature has four bits that mean nothing. */
    private static char next(String token) {
        return (char) (token.charAt(token.length() - 1) + 1);
    }

    private static SignatureAuthentication verifying(String yaml) {
        try {
            return new SignatureAuthentication(
                    Configured.signature(
                            yaml,
                            Map.of(
                                    "RSA",
                                    RSA.publicPem(),
                                    "EC",
                                    EC.publicPem(),
                                    "ED",
                                    ED.publicPem(),
                                    "SECRET",
                                    SECRET)),
                    InstantSource.fixed(NOW));
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }
}
