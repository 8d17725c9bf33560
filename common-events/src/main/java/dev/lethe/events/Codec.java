package dev.lethe.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.lethe.events.UnreadableRecordException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the wire format, version 1, as {@code erasure-request-v1.schema.json} and {@code erasure-outcome-v1.schema.json}
 * describe it. Readers ignore unknown fields and refuse unknown versions. Stateless and safe for any thread.
 */
public final class Codec {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfigDefaults(Codec::refuseOtherTypes)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(32).build());
    }

    private Codec() {}

    // Jackson would read 6.9 items as 6, status 6 as the seventh constant, and 5 as a text.
    private static void refuseOtherTypes(MutableCoercionConfig config) {
        config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
    }

    public static byte[] encode(ErasureRequest request) {
        return write(request);
    }

    public static byte[] encode(Outcome outcome) {
        return write(outcome);
    }

    /**
     * Reads a request; its seal is not looked at.
     *
     * @param value null for a record that has none
     * @throws UnreadableRecordException if this is no request of version 1
     */
    public static ErasureRequest decodeRequest(byte @Nullable [] value) throws UnreadableRecordException {
        if (value == null) {
            throw new UnreadableRecordException(Reason.UNDECODABLE);
        }
        return read(value, ErasureRequest.class);
    }

    /** @throws UnreadableRecordException if this is no outcome of version 1 */
    public static Outcome decodeOutcome(byte[] value) throws UnreadableRecordException {
        return read(value, Outcome.class);
    }

    static byte[] encode(Subject.Plaintext plaintext) {
        return write(plaintext);
    }

    static Subject.Plaintext decodePlaintext(byte[] plaintext) throws UnreadableRecordException {
        try {
            JsonNode tree = JSON.readTree(plaintext);
            if (!tree.isObject()) {
                throw new UnreadableRecordException(Reason.UNDECODABLE);
            }
            return JSON.treeToValue(tree, Subject.Plaintext.class);
        } catch (IOException e) {
            throw new UnreadableRecordException(Reason.UNDECODABLE);
        }
    }

    private static byte[] write(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(byte[] value, Class<T> type) throws UnreadableRecordException {
        try {
            JsonNode tree = JSON.readTree(value);
            JsonNode version = tree.path("version");
            if (!version.isInt()) {
                throw new UnreadableRecordException(Reason.UNDECODABLE);
            }
            if (version.intValue() != ErasureRequest.VERSION) {
                throw new UnreadableRecordException(Reason.UNKNOWN_VERSION);
            }
            return JSON.treeToValue(tree, type);
        } catch (IOException e) {
            throw new UnreadableRecordException(Reason.UNDECODABLE);
        }
    }
}
