package dev.lethe.ledger.keys;

import com.google.crypto.tink.subtle.Ed25519Sign;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import dev.lethe.cli.JsonText;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.keys.SecretFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/** The private keys with which the ledger signs checkpoints and certificates: the first signs, the others are kept for their public halves. Safe for any thread. */
public final class LedgerKeys {
    private final List<OctetKeyPair> keys;

    private LedgerKeys(List<OctetKeyPair> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Something is wrong with a file of keys; the message repeats nothing of it. */
    public static final class LedgerKeysException extends MisconfiguredException {
        private static final long serialVersionUID = 1;

        LedgerKeysException(String message) {
            super(message);
        }
    }

    /** A new key, in memory. */
    public static LedgerKeys create() {
        return new LedgerKeys(List.of(generate()));
    }

    /** Reads the file of private keys. */
    public static LedgerKeys load(Path file) throws LedgerKeysException {
        try {
            List<OctetKeyPair> keys = PublicKeys.keys(Files.readString(file));
            if (!keys.stream().allMatch(OctetKeyPair::isPrivate)) {
                throw new LedgerKeysException(
                        "the file " + file + " has public keys, and the ledger needs the private ones");
            }
            return new LedgerKeys(keys);
        } catch (NoSuchFileException e) {
            throw new LedgerKeysException(
                    "there is no file " + file + " with the ledger's keys; restore it from its backup, or, if"
                            + " there has never been one, make it with 'lethe ledger-keys create'");
        } catch (IOException e) {
            throw new LedgerKeysException("the file " + file + " can't be read; check its owner and permissions");
        } catch (IllegalArgumentException e) {
            throw new LedgerKeysException("the file " + file + " holds no keys of a ledger: " + e.getMessage());
        }
    }

    /**
     * Makes a file with a new key, readable by its owner only, and one with the public half. Neither may be there: what a
     * file of public keys names was signed by keys that no other file names.
     */
    public static LedgerKeys create(Path file, Path publicFile) throws LedgerKeysException {
        LedgerKeys keys = create();
        if (Files.exists(publicFile)) {
            throw new LedgerKeysException(
                    "the file " + publicFile + " of public keys is there already, and is left as it is: what was"
                            + " signed with these keys is checked by it. Move it away, or name"
                            + " another one");
        }
        try {
            SecretFile.create(file, keys.format());
        } catch (FileAlreadyExistsException e) {
            throw new LedgerKeysException("the file " + file + " is there already, and is left as it is;"
                    + " 'lethe ledger-keys rotate' adds a new key to it");
        } catch (IOException e) {
            throw new LedgerKeysException("the file " + file + " can't be written; is its folder there and writable?");
        }
        keys.publish(publicFile);
        return keys;
    }

    /** Puts a new key before the others. The file is replaced in one step. */
    public static LedgerKeys rotate(Path file, Path publicFile) throws LedgerKeysException {
        var all = new ArrayList<OctetKeyPair>();
        all.add(generate());
        all.addAll(load(file).keys);
        var rotated = new LedgerKeys(all);
        try {
            SecretFile.replace(file, rotated.format());
        } catch (IOException e) {
            throw new LedgerKeysException("the file " + file + " can't be replaced, and is as it was");
        }
        rotated.publish(publicFile);
        return rotated;
    }

    /** The public halves, for whoever checks. */
    public PublicKeys publicKeys() {
        return new PublicKeys(keys);
    }

    /** A JWS of that type over these bytes, with the key in force. */
    public JWSObject sign(String type, byte[] payload) {
        OctetKeyPair key = keys.getFirst();
        var header = new JWSHeader.Builder(JWSAlgorithm.Ed25519)
                .type(new JOSEObjectType(type))
                .keyID(key.getKeyID())
                .build();
        var signed = new JWSObject(header, new Payload(payload));
        try {
            signed.sign(new Ed25519Signer(key));
            return signed;
        } catch (JOSEException e) {
            throw new IllegalStateException("a key that was read can sign", e);
        }
    }

    /** An Ed25519 signature over these bytes, with the key in force. */
    public byte[] sign(byte[] bytes) {
        try {
            return new Ed25519Sign(keys.getFirst().getDecodedD()).sign(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was read can sign", e);
        }
    }

    /** How many there are. */
    public int size() {
        return keys.size();
    }

    @Override
    public String toString() {
        return "LedgerKeys[" + keys.getFirst().getKeyID() + ", size=" + keys.size() + "]";
    }

    private static OctetKeyPair generate() {
        try {
            return new OctetKeyPairGenerator(Curve.Ed25519)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("this Java runtime lacks Ed25519", e);
        }
    }

    private String format() {
        return format(keys);
    }

    static String format(List<OctetKeyPair> keys) {
        return JsonText.of(new JWKSet(List.<JWK>copyOf(keys)).toJSONObject(false)) + "\n";
    }

    private void publish(Path file) throws LedgerKeysException {
        try {
            Files.writeString(file, publicKeys().format());
        } catch (IOException e) {
            throw new LedgerKeysException("the file " + file + " of the public keys can't be written, and that of the"
                    + " private ones is made; 'lethe ledger-keys rotate' writes both");
        }
    }
}
