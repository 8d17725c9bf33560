package dev.lethe.ingress.authentication;

import io.fusionauth.jwks.domain.JSONWebKey;
import io.fusionauth.jwt.JWTUtils;
import io.fusionauth.jwt.Signer;
import io.fusionauth.jwt.domain.KeyPair;
import io.fusionauth.jwt.ec.ECSigner;
import io.fusionauth.jwt.ed.EdDSASigner;
import io.fusionauth.jwt.hmac.HMACSigner;
import io.fusionauth.jwt.rsa.RSASigner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Signs webhooks as FusionAuth does, and as only an attacker would. */
record SigningKey(String kid, String publicPem, Signer signer) {

    static SigningKey rsa(String kid) {
        KeyPair pair = JWTUtils.generate2048_RSAKeyPair();
        return new SigningKey(kid, pair.publicKey, RSASigner.newSHA256Signer(pair.privateKey, kid));
    }

    static SigningKey ec(String kid) {
        KeyPair pair = JWTUtils.generate256_ECKeyPair();
        return new SigningKey(kid, pair.publicKey, ECSigner.newSHA256Signer(pair.privateKey, kid));
    }

    static SigningKey ed(String kid) {
        KeyPair pair = JWTUtils.generate_ed25519_EdDSAKeyPair();
        return new SigningKey(kid, pair.publicKey, EdDSASigner.newSigner(pair.privateKey, kid));
    }

    static SigningKey secret(String kid, String secret) {
        return new SigningKey(kid, "", HMACSigner.newSHA256Signer(secret, kid));
    }

    /** The header's value for a body, as FusionAuth makes it. */
    String sign(byte[] body) {
        return token(header(), claims(body));
    }

    String header() {
        return "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}"
                .formatted(signer.getAlgorithm().name(), kid);
    }

    static String claims(byte[] body) {
        return claim(Base64.getEncoder().encodeToString(sha256(body)));
    }

    static String claim(String hash) {
        return "{\"request_body_sha256\":\"" + hash + "\"}";
    }

    /** A token that is signed correctly, whatever its parts say. */
    String token(String header, String claims) {
        return signed(base64Url(header) + "." + base64Url(claims));
    }

    String signed(String signingInput) {
        return signingInput + "." + base64Url(signer.sign(signingInput));
    }

    String jwk() {
        var jwk = JSONWebKey.build(publicPem);
        jwk.kid = kid;
        jwk.use = "sig";
        jwk.alg = signer.getAlgorithm();
        return jwk.toJSON();
    }

    static String base64Url(String text) {
        return base64Url(text.getBytes(StandardCharsets.UTF_8));
    }

    static String base64Url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
