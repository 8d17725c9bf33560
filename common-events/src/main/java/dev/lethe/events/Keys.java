package dev.lethe.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.lethe.events.ErasureRequest.SealedSubject;
import dev.lethe.events.UnreadableRecordException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The two secrets of an installation: a stable one that turns a user into a {@link SubjectKey}, and a rotating Tink keyset
 * (AES256-GCM) that seals subjects. Immutable and safe for any thread.
 *
 * <p>As text, this is the whole key file: {@code {"version":1,"subjectSecret":"<base64>","sealing":{<Tink keyset>}}}.
 */
public final class Keys {
    private static final int SECRET_BYTES = 32;
    private static final int SUBJECT_KEY_BYTES = 16;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Configuration TINK = AeadConfig2026.get();

    private final SecretKeySpec subjectSecret;
    private final KeysetHandle sealing;
    private final Aead aead;

    private Keys(byte[] subjectSecret, KeysetHandle sealing) throws GeneralSecurityException {
        this.subjectSecret = new SecretKeySpec(subjectSecret, "HmacSHA256");
        this.sealing = sealing;
        this.aead = sealing.getPrimitive(TINK, Aead.class);
    }

    /** New secrets, from the platform's secure random source. */
    public static Keys create() {
        try {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            return new Keys(secret, KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, TINK));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks AES-GCM", e);
        }
    }

    /**
     * Reads the text of a key file.
     *
     * @throws IllegalArgumentException if it is none; the message repeats nothing of the text
     */
    public static Keys parse(String text) {
        try {
            JsonNode file = JSON.readTree(text);
            if (file.path("version").asInt() != 1) {
                throw new IllegalArgumentException("not a key file of version 1");
            }
            return new Keys(
                    subjectSecret(file.path("subjectSecret").asText()),
                    TinkJsonProtoKeysetFormat.parseKeyset(
                            file.path("sealing").toString(), TINK, InsecureSecretKeyAccess.get()));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("\"sealing\" is not a Tink keyset for AEAD");
        }
    }

    // The decoder's own message would repeat a character of the secret.
    private static byte[] subjectSecret(String base64) {
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            secret = new byte[0];
        }
        if (secret.length != SECRET_BYTES) {
            throw new IllegalArgumentException("\"subjectSecret\" must be base64 of 32 bytes");
        }
        return secret;
    }

    /** The text of the key file. A secret: for the file alone. */
    public String format() {
        try {
            var file = JSON.createObjectNode()
                    .put("version", 1)
                    .put("subjectSecret", Base64.getEncoder().encodeToString(subjectSecret.getEncoded()));
            file.set(
                    "sealing",
                    JSON.readTree(
                            TinkJsonProtoKeysetFormat.serializeKeyset(sealing, TINK, InsecureSecretKeyAccess.get())));
            return file.toPrettyString() + "\n";
        } catch (GeneralSecurityException | JsonProcessingException e) {
            throw new IllegalStateException("a keyset in memory can always be written", e);
        }
    }

    /** These keys with a new one that seals from now on; the old ones still open what they sealed. */
    public Keys rotated() {
        try {
            var entry = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                    .withRandomId()
                    .makePrimary();
            return new Keys(
                    subjectSecret.getEncoded(),
                    KeysetHandle.newBuilder(sealing)
                            .addEntry(entry)
                            .setConfiguration(TINK)
                            .build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks AES-GCM", e);
        }
    }

    /** The id of the key that seals: names it in messages, and is no secret. */
    public int primaryId() {
        return sealing.getPrimary().getId();
    }

    /** How many sealing keys there are. */
    public int size() {
        return sealing.size();
    }

    /** The pseudonym of a user: the first 128 bits of HMAC-SHA256 over {@code tenantId/userId}. */
    public SubjectKey subjectKey(@Nullable String tenantId, String userId) {
        try {
            Mac mac = Mac.getInstance(subjectSecret.getAlgorithm());
            mac.init(subjectSecret);
            String user = (tenantId == null ? "" : tenantId) + "/" + userId;
            byte[] hash = mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
            return new SubjectKey(
                    Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, SUBJECT_KEY_BYTES)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    /** Makes the request whose subject only the holders of these keys can read. */
    public ErasureRequest seal(UUID requestId, Instant requestedAt, Instant dueBy, Trigger trigger, Subject subject) {
        try {
            byte[] sealed = aead.encrypt(
                    Codec.encode(Subject.Plaintext.of(subject)),
                    ErasureRequest.associatedData(requestId, requestedAt, dueBy, trigger, subject.key()));
            return new ErasureRequest(
                    requestId,
                    requestedAt,
                    dueBy,
                    trigger,
                    new SealedSubject(subject.key(), Base64.getEncoder().encodeToString(sealed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing can't fail for want of anything but AES-GCM", e);
        }
    }

    /** @throws UnreadableRecordException if the key is not here, or any field of the request was changed */
    public Subject open(ErasureRequest request) throws UnreadableRecordException {
        try {
            byte[] plaintext = aead.decrypt(
                    Base64.getDecoder().decode(request.subject().sealed()),
                    ErasureRequest.associatedData(
                            request.requestId(),
                            request.requestedAt(),
                            request.dueBy(),
                            request.trigger(),
                            request.subject().key()));
            return Codec.decodePlaintext(plaintext).with(request.subject().key());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnreadableRecordException(Reason.UNSEALABLE);
        }
    }

    @Override
    public String toString() {
        return "Keys[primary=" + primaryId() + ", size=" + size() + "]";
    }
}
