package dev.lethe.events;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One person is to be erased everywhere: the value of {@code erasure.requests}, {@code erasure.intents} and the retry topics.
 *
 * @param requestId the id of the event that caused it, so that a repeated event is the same request
 * @param requestedAt when Lethe accepted it
 * @param dueBy when it has to be done: GDPR article 12(3) allows one month
 * @param trigger what caused it
 * @param subject who, sealed
 */
public record ErasureRequest(
        UUID requestId, Instant requestedAt, Instant dueBy, Trigger trigger, SealedSubject subject) {
    /** The version of the wire format that this code writes, and the only one that it reads. */
    public static final int VERSION = 1;

    public ErasureRequest {
        Objects.requireNonNull(requestId);
        Objects.requireNonNull(requestedAt);
        Objects.requireNonNull(dueBy);
        Objects.requireNonNull(trigger);
        Objects.requireNonNull(subject);
    }

    @JsonProperty(index = 0, access = JsonProperty.Access.READ_ONLY)
    int version() {
        return VERSION;
    }

    /**
     * Who is to be erased, for those who hold the keys.
     *
     * @param key the pseudonym
     * @param sealed base64 of the AEAD ciphertext
     */
    public record SealedSubject(SubjectKey key, String sealed) {
        public SealedSubject {
            Objects.requireNonNull(key);
            Objects.requireNonNull(sealed);
        }

        @Override
        public String toString() {
            return "SealedSubject[" + key + "]";
        }
    }

    /**
     * The associated data of the seal. It binds every clear field, not the request id alone, so that no changed byte of a
     * record can be read as another request. A line each; none of the fields can hold a line break.
     */
    static byte[] associatedData(
            UUID requestId, Instant requestedAt, Instant dueBy, Trigger trigger, SubjectKey subjectKey) {
        return String.join(
                        "\n",
                        requestId.toString(),
                        requestedAt.toString(),
                        dueBy.toString(),
                        trigger.source(),
                        trigger.type(),
                        trigger.eventId().toString(),
                        textOf(trigger.tenantId()),
                        textOf(trigger.createdAt()),
                        subjectKey.value())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String textOf(@Nullable Object optional) {
        return optional == null ? "" : optional.toString();
    }
}
