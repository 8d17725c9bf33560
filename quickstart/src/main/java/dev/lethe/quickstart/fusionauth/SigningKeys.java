package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fusionauth.jwks.domain.JSONWebKey;
import io.fusionauth.jwt.JWTUtils;
import io.fusionauth.jwt.Signer;
import io.fusionauth.jwt.domain.JWT;
import io.fusionauth.jwt.domain.KeyPair;
import io.fusionauth.jwt.ec.ECSigner;
import io.fusionauth.jwt.hmac.HMACSigner;
import io.fusionauth.jwt.rsa.RSASigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys that sign webhooks and ID tokens. */
final class SigningKeys {
    private static final Set<String> HMACS = Set.of("HS256", "HS384", "HS512");
    private static final int LONGEST_SECRET = 256;

    /** @param publicJwk null for HMAC: its only key is secret */
    private record SigningKey(Signer signer, @Nullable ObjectNode publicJwk, ObjectNode json) {}

    private final Map<UUID, SigningKey> keys = new ConcurrentHashMap<>();

    boolean contains(UUID id) {
        return keys.containsKey(id);
    }

    /** Answers as the API does: with the public key, or an HMAC key's secret. */
    ObjectNode generate(UUID id, JsonNode request, long now) {
        ApiErrors errors = new ApiErrors();
        String algorithm = request.path("algorithm").asText();
        if (algorithm.isBlank()) {
            errors.field("key.algorithm", "blank", "You must specify the [key.algorithm] property.");
        }
        if (request.path("name").asText().isBlank()) {
            errors.field("key.name", "blank", "You must specify the [key.name] property.");
        }
        if (keys.containsKey(id)) {
            errors.field("keyId", "duplicate", "There is a key with this id.");
        }
        errors.throwIfAny();

        SigningKey key = switch (algorithm) {
            case "RS256", "RS384", "RS512" ->
                rsa(algorithm, request.path("length").asInt(2048));
            case "ES256", "ES384", "ES512" -> ec(algorithm);
            case "HS256", "HS384", "HS512" -> hmac(id, algorithm);
            default -> {
                errors.field("key.algorithm", "invalid", "This algorithm is unknown, or not simulated.");
                throw ApiException.badRequest(errors.toJson());
            }
        };
        return added(id, key, request, now);
    }

    /** Takes the secret of an HMAC; other keys are not simulated. */
    ObjectNode importSecret(UUID id, JsonNode request, long now) {
        ApiErrors errors = new ApiErrors();
        String algorithm = request.path("algorithm").asText();
        String secret = request.path("secret").asText();
        if (request.path("name").asText().isBlank()) {
            errors.field("key.name", "blank", "You must specify the [key.name] property.");
        }
        if (!request.path("type").asText().equals("HMAC") || !HMACS.contains(algorithm)) {
            errors.field("key.type", "invalid", "Only secrets of HMACs can be imported here.");
        }
        if (secret.isBlank() || secret.length() > LONGEST_SECRET) {
            errors.field("key.secret", "invalid", "A secret has 1 to " + LONGEST_SECRET + " characters.");
        }
        if (keys.containsKey(id)) {
            errors.field("keyId", "duplicate", "There is a key with this id.");
        }
        errors.throwIfAny();
        return added(id, hmac(request.path("kid").asText(id.toString()), algorithm, secret), request, now);
    }

    private ObjectNode added(UUID id, SigningKey key, JsonNode request, long now) {
        keys.put(id, key);
        ObjectNode answer = Json.object();
        key.json()
                .put("id", id.toString())
                .put("name", request.path("name").asText())
                .put("insertInstant", now);
        answer.set("key", key.json());
        return answer;
    }

    /** The value of {@code X-FusionAuth-Signature-JWT}. */
    String sign(UUID keyId, byte[] body) {
        String hash = Base64.getEncoder().encodeToString(sha256(body));
        return sign(keyId, new JWT().addClaim("request_body_sha256", hash));
    }

    /** A token, signed. */
    String sign(UUID keyId, JWT token) {
        SigningKey key = keys.get(keyId);
        if (key == null) {
            throw new IllegalArgumentException("No key " + keyId);
        }
        return JWT.getEncoder().encode(token, key.signer());
    }

    ObjectNode jwks() {
        ObjectNode json = Json.object();
        json.putArray("keys");
        keys.values().stream()
                .map(SigningKey::publicJwk)
                .filter(jwk -> jwk != null)
                .forEach(json.withArray("keys")::add);
        return json;
    }

    private static SigningKey rsa(String algorithm, int length) {
        KeyPair pair = switch (length) {
            case 3072 -> JWTUtils.generate3072_RSAKeyPair();
            case 4096 -> JWTUtils.generate4096_RSAKeyPair();
            default -> JWTUtils.generate2048_RSAKeyPair();
        };
        String kid = kid(pair);
        Signer signer = switch (algorithm) {
            case "RS256" -> RSASigner.newSHA256Signer(pair.privateKey, kid);
            case "RS384" -> RSASigner.newSHA384Signer(pair.privateKey, kid);
            default -> RSASigner.newSHA512Signer(pair.privateKey, kid);
        };
        return asymmetric(algorithm, "RSA", kid, signer, pair);
    }

    private static SigningKey ec(String algorithm) {
        KeyPair pair = switch (algorithm) {
            case "ES256" -> JWTUtils.generate256_ECKeyPair();
            case "ES384" -> JWTUtils.generate384_ECKeyPair();
            default -> JWTUtils.generate521_ECKeyPair();
        };
        String kid = kid(pair);
        Signer signer = switch (algorithm) {
            case "ES256" -> ECSigner.newSHA256Signer(pair.privateKey, kid);
            case "ES384" -> ECSigner.newSHA384Signer(pair.privateKey, kid);
            default -> ECSigner.newSHA512Signer(pair.privateKey, kid);
        };
        return asymmetric(algorithm, "EC", kid, signer, pair);
    }

    private static SigningKey hmac(UUID id, String algorithm) {
        String secret = switch (algorithm) {
            case "HS256" -> JWTUtils.generateSHA256_HMACSecret();
            case "HS384" -> JWTUtils.generateSHA384_HMACSecret();
            default -> JWTUtils.generateSHA512_HMACSecret();
        };
        return hmac(id.toString(), algorithm, secret);
    }

    private static SigningKey hmac(String kid, String algorithm, String secret) {
        Signer signer = switch (algorithm) {
            case "HS256" -> HMACSigner.newSHA256Signer(secret, kid);
            case "HS384" -> HMACSigner.newSHA384Signer(secret, kid);
            default -> HMACSigner.newSHA512Signer(secret, kid);
        };
        ObjectNode json = Json.object()
                .put("algorithm", algorithm)
                .put("kid", kid)
                .put("secret", secret)
                .put("type", "HMAC");
        return new SigningKey(signer, null, json);
    }

    private static SigningKey asymmetric(String algorithm, String type, String kid, Signer signer, KeyPair pair) {
        ObjectNode json = Json.object()
                .put("algorithm", algorithm)
                .put("kid", kid)
                .put("publicKey", pair.publicKey)
                .put("type", type);
        try {
            ObjectNode jwk = (ObjectNode)
                    Json.read(JSONWebKey.build(pair.publicKey).toJSON().getBytes(StandardCharsets.UTF_8));
            return new SigningKey(
                    signer, jwk.put("alg", algorithm).put("kid", kid).put("use", "sig"), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kid(KeyPair pair) {
        return JWTUtils.generateJWS_kid_S256(JSONWebKey.build(pair.publicKey));
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
