package dev.lethe.ingress.authentication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A JWS in compact form (RFC 7515), read but not verified. Strict where readers differ, because whatever two of them
 * understand differently is a way past one of them: no name twice, nothing after the JSON, UTF-8, one form of Base64.
 *
 * @param algorithm what the token says of itself; not to be believed before it is allowed
 * @param kid which key it says it is signed with
 * @param signingInput what is signed: header and payload, encoded
 * @param payload the claims, encoded
 * @param signature the signature, encoded
 */
record SignedToken(String algorithm, String kid, String signingInput, String payload, String signature) {
    /** A signature by the largest usual key, RSA with 4096 bits, makes a token of about 900 characters. */
    static final int LONGEST = 4096;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static SignedToken parse(String compact) throws SignatureRefusedException {
        if (compact.length() > LONGEST) {
            throw malformed();
        }
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw malformed();
        }
        JsonNode header = json(parts[0]);
        if (header.has("crit")) {
            // "Critical" extensions must be understood, and none is: RFC 7515, 4.1.11.
            throw malformed();
        }
        return new SignedToken(text(header, "alg"), text(header, "kid"), parts[0] + "." + parts[1], parts[1], parts[2]);
    }

    byte[] signatureBytes() throws SignatureRefusedException {
        return decode(signature);
    }

    /** The claims, an object. Worth something only after the signature was verified. */
    JsonNode claims() throws SignatureRefusedException {
        return json(payload);
    }

    private static String text(JsonNode header, String name) throws SignatureRefusedException {
        JsonNode value = header.path(name);
        if (!value.isTextual()) {
            throw malformed();
        }
        return value.textValue();
    }

    private static JsonNode json(String encoded) throws SignatureRefusedException {
        try {
            var utf8 = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(decode(encoded)));
            JsonNode json = JSON.readTree(utf8.toString());
            if (!json.isObject()) {
                throw malformed();
            }
            return json;
        } catch (CharacterCodingException | JsonProcessingException e) {
            throw malformed();
        }
    }

    private static byte[] decode(String encoded) throws SignatureRefusedException {
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(encoded);
            // The decoder takes padding, and bits that mean nothing; RFC 7515 has one encoding for one content.
            if (!Base64.getUrlEncoder().withoutPadding().encodeToString(decoded).equals(encoded)) {
                throw malformed();
            }
            return decoded;
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static SignatureRefusedException malformed() {
        return new SignatureRefusedException(Refusal.SIGNATURE_MALFORMED);
    }
}
