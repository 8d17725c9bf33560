package dev.lethe.ingress.authentication;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lethe.config.ConfigException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AuthenticationIT {
    private static final byte[] BODY = "{\"event\":{}}".getBytes(UTF_8);
    private static final SigningKey KEY = SigningKey.ec("webhook");

    private static final Door API_KEYS = door("apiKeys: [old key, new-key]");
    private static final Door API_KEYS_ELSEWHERE = door("{ apiKeyHeader: X-API-Key, apiKeys: [key] }");
    private static final Door BASIC = door("basic: { username: fusionauth, passwords: ['old:pässword', new] }");
    private static final Door SIGNATURE = door("signature: { keys: { webhook: { pem: '${PEM}' } } }");
    private static final Door EVERYTHING = door("""
            apiKeyHeader: X-API-Key
            apiKeys: [key]
            basic: { username: fusionauth, passwords: new }
            signature: { keys: { webhook: { pem: '${PEM}' } } }
            """);

    @AfterAll
    static void closeDoors() {
        Stream.of(API_KEYS, API_KEYS_ELSEWHERE, BASIC, SIGNATURE, EVERYTHING).forEach(Door::close);
    }

    static Stream<Arguments> calls() {
        String signature = "X-FusionAuth-Signature-JWT";
        String known = basic("fusionauth:new");
        String signed = KEY.sign(BODY);
        String signedElse = KEY.sign(new byte[0]);
        return Stream.of(
                // API keys
                call(API_KEYS, "in", "the old key", "Authorization", "old key"),
                call(API_KEYS, "in", "the new key", "authorization", "new-key"),
                call(API_KEYS, "API_KEY", "no key"),
                call(API_KEYS, "API_KEY", "an empty key", "Authorization", ""),
                call(API_KEYS, "API_KEY", "another key", "Authorization", "new-kez"),
                call(API_KEYS, "API_KEY", "the beginning of a key", "Authorization", "new-ke"),
                call(API_KEYS, "API_KEY", "a key and more", "Authorization", "new-keyy"),
                call(API_KEYS, "API_KEY", "a key in another case", "Authorization", "New-Key"),
                call(API_KEYS, "API_KEY", "a key with a scheme", "Authorization", "Bearer new-key"),
                call(API_KEYS, "API_KEY", "both keys in one header", "Authorization", "old key, new-key"),
                call(API_KEYS, "API_KEY", "a key twice", "Authorization", "new-key", "Authorization", "new-key"),
                call(API_KEYS, "API_KEY", "a key in another header", "X-API-Key", "new-key"),
                call(API_KEYS_ELSEWHERE, "in", "the key in its header", "x-api-key", "key"),
                call(API_KEYS_ELSEWHERE, "API_KEY", "the key in Authorization", "Authorization", "key"),
                // HTTP Basic
                call(BASIC, "in", "the old password", "Authorization", basic("fusionauth:old:pässword")),
                call(BASIC, "in", "the new password", "Authorization", known),
                call(BASIC, "in", "the scheme in another case", "Authorization", known.replace("Basic", "bASIC")),
                call(BASIC, "BASIC", "no credentials"),
                call(BASIC, "BASIC", "another password", "Authorization", basic("fusionauth:nev")),
                call(BASIC, "BASIC", "another name", "Authorization", basic("fusionaut:new")),
                call(BASIC, "BASIC", "no password", "Authorization", basic("fusionauth:")),
                call(BASIC, "BASIC", "no colon", "Authorization", basic("fusionauth")),
                call(BASIC, "BASIC", "nothing", "Authorization", "Basic"),
                call(BASIC, "BASIC", "nothing after a space", "Authorization", "Basic "),
                call(BASIC, "BASIC", "padding alone", "Authorization", "Basic ===="),
                call(BASIC, "BASIC", "no Base64", "Authorization", "Basic fusionauth:new"),
                call(BASIC, "BASIC", "half a Base64 unit", "Authorization", "Basic Z"),
                call(
                        BASIC,
                        "BASIC",
                        "another charset",
                        "Authorization",
                        basic("fusionauth:old:pässword".getBytes(ISO_8859_1))),
                call(BASIC, "BASIC", "malformed UTF-8", "Authorization", basic(new byte[] {'f', ':', (byte) 0xc3})),
                call(BASIC, "BASIC", "another scheme", "Authorization", known.replace("Basic", "Bearer")),
                call(BASIC, "BASIC", "no scheme", "Authorization", known.substring("Basic ".length())),
                call(BASIC, "BASIC", "more behind it", "Authorization", known + " x"),
                call(BASIC, "BASIC", "twice", "Authorization", known, "Authorization", known),
                // The signature
                call(SIGNATURE, "in", "the signature", signature, signed),
                call(SIGNATURE, "SIGNATURE_MISSING", "no signature"),
                call(SIGNATURE, "SIGNATURE_MISSING", "two signatures", signature, signed, signature, signed),
                call(SIGNATURE, "SIGNATURE_MALFORMED", "two signatures in one", signature, signed + ", " + signed),
                call(SIGNATURE, "SIGNATURE_MALFORMED", "no JWT", signature, "x"),
                call(SIGNATURE, "SIGNATURE_MALFORMED", "a signature cut off", signature, signed.substring(0, 100)),
                call(SIGNATURE, "SIGNATURE_BODY", "the signature of another body", signature, signedElse),
                // All together
                call(EVERYTHING, "in", "everything", "X-API-Key", "key", "Authorization", known, signature, signed),
                call(EVERYTHING, "API_KEY", "without the key", "Authorization", known, signature, signed),
                call(EVERYTHING, "BASIC", "without the password", "X-API-Key", "key", signature, signed),
                call(EVERYTHING, "SIGNATURE_MISSING", "unsigned", "X-API-Key", "key", "Authorization", known));
    }

    @ParameterizedTest(name = "{2}: {1}", autoCloseArguments = false)
    @MethodSource("calls")
    void whoIsLetIn(Door door, String expected, String name, List<String> headers)
            throws IOException, InterruptedException {
        assertThat(door.knock(BODY, headers)).isEqualTo(expected);
    }

    private static Arguments call(Door door, String expected, String name, String... headers) {
        return arguments(door, expected, name, List.of(headers));
    }

    private static String basic(String credentials) {
        return basic(credentials.getBytes(UTF_8));
    }

    private static String basic(byte[] credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static Door door(String yaml) {
        try {
            return new Door(
                    Configured.from(yaml, Map.of("PEM", KEY.publicPem())).open(InstantSource.system()));
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }
}
