package dev.lethe.ledger.keys;

import com.google.crypto.tink.subtle.Ed25519Verify;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.lethe.config.MisconfiguredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.List;

/**
 * Public Ed25519 keys as a JWK set ({@code {"keys":[…]}}): the one in force and those that were before it. No secret.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8037">RFC 8037</a>
 */
public final class PublicKeys {
    /** How many bytes an Ed25519 signature has. */
    public static final int SIGNATURE_LENGTH = 64;

    private final List<OctetKeyPair> keys;

    PublicKeys(List<OctetKeyPair> keys) {
        this.keys = keys.stream().map(OctetKeyPair::toPublicJWK).toList();
    }

    /** @throws MisconfiguredException if there is no such file, or it is none of public keys */
    public static PublicKeys load(Path file) throws MisconfiguredException {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new LedgerKeys.LedgerKeysException("the file " + file + " can't be read");
        } catch (IllegalArgumentException e) {
            throw new LedgerKeys.LedgerKeysException(
                    "the file " + file + " holds no public keys of a ledger: " + e.getMessage());
        }
    }

    /** @throws IllegalArgumentException if it is no JWK set of Ed25519 keys, or a private key is among them */
    public static PublicKeys parse(String text) {
        List<OctetKeyPair> keys = keys(text);
        if (keys.stream().anyMatch(OctetKeyPair::isPrivate)) {
            throw new IllegalArgumentException("there is a private key in it, which nobody needs for checking");
        }
        return new PublicKeys(keys);
    }

    static List<OctetKeyPair> keys(String text) {
        try {
            List<JWK> all = JWKSet.parse(text).getKeys();
            if (all.isEmpty()) {
                throw new IllegalArgumentException("there is no key in it");
            }
            return all.stream().map(PublicKeys::ed25519).toList();
        } catch (ParseException e) {
            throw new IllegalArgumentException("it is no JWK set");
        }
    }

    private static OctetKeyPair ed25519(JWK key) {
        if (key instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
            return pair;
        }
        throw new IllegalArgumentException("a key in it is not of the curve Ed25519");
    }

    /** The set as text, for a file that can be given to anybody. */
    public String format() {
        return LedgerKeys.format(keys);
    }

    /** The 32 bytes of each, the one in force first. */
    public List<byte[]> raw() {
        return keys.stream().map(OctetKeyPair::getDecodedX).toList();
    }

    /** What names the key in force: its thumbprint. */
    public String id() {
        return keys.getFirst().getKeyID();
    }

    /** Whether one of these keys signed it. */
    public boolean verifies(JWSObject signed) {
        return keys.stream().anyMatch(key -> verifies(key, signed));
    }

    private static boolean verifies(OctetKeyPair key, JWSObject signed) {
        try {
            return signed.verify(new Ed25519Verifier(key));
        } catch (JOSEException e) {
            return false;
        }
    }

    /** Whether this signature over these bytes is of this key. */
    public static boolean verifies(byte[] key, byte[] signature, byte[] bytes) {
        try {
            new Ed25519Verify(key).verify(signature, bytes);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
