package dev.lethe.ingress.authentication;

import dev.lethe.config.Secret;
import io.fusionauth.jwks.domain.JSONWebKey;
import io.fusionauth.jwt.Verifier;
import io.fusionauth.jwt.domain.Algorithm;
import io.fusionauth.jwt.ec.ECVerifier;
import io.fusionauth.jwt.ed.EdDSAVerifier;
import io.fusionauth.jwt.hmac.HMACVerifier;
import io.fusionauth.jwt.json.Mapper;
import io.fusionauth.jwt.rsa.RSAVerifier;
import io.fusionauth.pem.domain.PEM;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.EnumSet;
import java.util.Set;

/**
 * A key that shows who signed, with the algorithms that it is good for. The key's kind decides on them, never a token:
 * so a public key is never used as the secret of an HMAC.
 */
record VerificationKey(Verifier verifier, Set<Algorithm> algorithms) {
    /** What FusionAuth signs with and whose keys can be public. */
    static final Set<Algorithm> PUBLIC_ALGORITHMS = Set.of(
            Algorithm.RS256,
            Algorithm.RS384,
            Algorithm.RS512,
            Algorithm.ES256,
            Algorithm.ES384,
            Algorithm.ES512,
            Algorithm.Ed25519);

    /** What FusionAuth signs with if the key is a secret. */
    static final Set<Algorithm> SECRET_ALGORITHMS = Set.of(Algorithm.HS256, Algorithm.HS384, Algorithm.HS512);

    private static final Set<Algorithm> RSA_ALGORITHMS = Set.of(Algorithm.RS256, Algorithm.RS384, Algorithm.RS512);
    private static final int SMALLEST_RSA_BITS = 2048;

    VerificationKey {
        algorithms = Set.copyOf(algorithms);
    }

    /** A public key or certificate in PEM. */
    static VerificationKey ofPem(String pem) throws UnusableKeyException {
        PEM decoded;
        try {
            decoded = PEM.decode(pem);
        } catch (RuntimeException e) {
            throw new UnusableKeyException("is no public key in PEM");
        }
        if (decoded.privateKey != null) {
            throw new UnusableKeyException(
                    "is a private key, which nobody but FusionAuth should have; give the public key");
        }
        if (decoded.publicKey == null) {
            throw new UnusableKeyException("is no public key in PEM");
        }
        return of(decoded.publicKey);
    }

    /** A key of a JWKS. One that holds a secret is refused: whoever reads it could sign. */
    static VerificationKey ofJwk(String json) throws UnusableKeyException {
        try {
            JSONWebKey jwk = Mapper.deserialize(json.getBytes(StandardCharsets.UTF_8), JSONWebKey.class);
            if (jwk.use != null && !jwk.use.equals("sig")) {
                throw new UnusableKeyException("is not for signatures");
            }
            VerificationKey key = of(JSONWebKey.parse(jwk));
            return jwk.alg == null ? key : key.onlyWith(jwk.alg);
        } catch (RuntimeException e) {
            throw new UnusableKeyException("is no public RSA, EC or Ed25519 key");
        }
    }

    /** The secret of an HMAC, as FusionAuth shows it. It has to be as long as the hash: RFC 7518, 3.2. */
    static VerificationKey ofSecret(Secret secret) throws UnusableKeyException {
        byte[] bytes = secret.reveal().getBytes(StandardCharsets.UTF_8);
        if (secret.reveal().contains("-----BEGIN")) {
            throw new UnusableKeyException("is PEM, whose public part anybody could sign with; give it as pem");
        }
        var algorithms = EnumSet.noneOf(Algorithm.class);
        if (bytes.length >= 32) {
            algorithms.add(Algorithm.HS256);
        }
        if (bytes.length >= 48) {
            algorithms.add(Algorithm.HS384);
        }
        if (bytes.length >= 64) {
            algorithms.add(Algorithm.HS512);
        }
        if (algorithms.isEmpty()) {
            throw new UnusableKeyException("is too short: HS256 takes 32 bytes, HS384 48, HS512 64");
        }
        return new VerificationKey(HMACVerifier.newVerifier(bytes), algorithms);
    }

    private static VerificationKey of(PublicKey key) throws UnusableKeyException {
        return switch (key) {
            case RSAPublicKey rsa -> new VerificationKey(RSAVerifier.newVerifier(checked(rsa)), RSA_ALGORITHMS);
            case ECPublicKey ec -> new VerificationKey(ECVerifier.newVerifier(ec), Set.of(algorithmOf(ec)));
            case EdECPublicKey ed -> new VerificationKey(EdDSAVerifier.newVerifier(ed), Set.of(algorithmOf(ed)));
            default -> throw new UnusableKeyException("is neither an RSA, EC nor Ed25519 key");
        };
    }

    private static RSAPublicKey checked(RSAPublicKey key) throws UnusableKeyException {
        int bits = key.getModulus().bitLength();
        if (bits < SMALLEST_RSA_BITS) {
            throw new UnusableKeyException("is too small: RSA takes " + SMALLEST_RSA_BITS + " bits, it has " + bits);
        }
        if (!key.getAlgorithm().equals("RSA")) {
            throw new UnusableKeyException("is for RSASSA-PSS, which FusionAuth does not sign webhooks with");
        }
        return key;
    }

    private static Algorithm algorithmOf(EdECPublicKey key) throws UnusableKeyException {
        if (!key.getParams().getName().equals("Ed25519")) {
            throw new UnusableKeyException("is on another curve than Ed25519");
        }
        return Algorithm.Ed25519;
    }

    /** RFC 7518, 3.4: each algorithm has its curve. */
    private static Algorithm algorithmOf(ECPublicKey key) throws UnusableKeyException {
        return switch (key.getParams().getCurve().getField().getFieldSize()) {
            case 256 -> Algorithm.ES256;
            case 384 -> Algorithm.ES384;
            case 521 -> Algorithm.ES512;
            default -> throw new UnusableKeyException("is on another curve than P-256, P-384 or P-521");
        };
    }

    private VerificationKey onlyWith(Algorithm algorithm) throws UnusableKeyException {
        if (!algorithms.contains(algorithm)) {
            throw new UnusableKeyException("is for " + algorithm.name() + ", which such a key can't do");
        }
        return new VerificationKey(verifier, Set.of(algorithm));
    }

    boolean verifies(Algorithm algorithm, String signingInput, byte[] signature) {
        try {
            verifier.verify(algorithm, signingInput.getBytes(StandardCharsets.US_ASCII), signature);
            return true;
        } catch (RuntimeException e) {
            // A wrong signature; or, from the cryptography below, one whose bytes are no signature at all.
            return false;
        }
    }
}
