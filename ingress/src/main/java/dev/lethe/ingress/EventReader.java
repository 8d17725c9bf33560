package dev.lethe.ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lethe.ingress.WebhookEvent.Ignored;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads the body of a webhook call, and keeps only what stores need.
 *
 * @see <a href="https://fusionauth.io/docs/extend/events-and-webhooks/events/user-delete">FusionAuth: user.delete</a>
 */
final class EventReader {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(64)
                        .maxStringLength(1 << 20)
                        .maxNumberLength(100)
                        .build());
    }

    /** What FusionAuth sends after its commit, if it does: not for users who are deleted in bulk. */
    private static final String COMPLETE = "user.delete.complete";

    private final EventsConfig config;
    private final Confirmation confirmation;

    EventReader(EventsConfig config, Confirmation confirmation) {
        this.config = config;
        this.confirmation = confirmation;
    }

    /** @throws RefusedException with every problem at once */
    WebhookEvent read(byte[] body) throws RefusedException {
        var fields = new EventFields(parse(body));
        String type = fields.text("/event/type");
        boolean asks = type == null || config.types().contains(type);
        boolean completes = !asks && confirmation == Confirmation.REQUIRED && COMPLETE.equals(type);
        if (!asks && !completes) {
            return new Ignored(Ignored.Reason.TYPE);
        }
        UUID tenantId = fields.firstUuid("/event/tenantId", "/event/user/tenantId");
        if (tenantId != null && !config.isOurs(tenantId)) {
            return new Ignored(Ignored.Reason.TENANT);
        }
        if (tenantId == null
                && !config.tenants().isEmpty()
                && !fields.hasProblemAt("/event/tenantId", "/event/user/tenantId")) {
            fields.missing("/event/tenantId");
        }
        UUID id = fields.uuid("/event/id");
        // Never the event's own id: samples exist in which it is the only one.
        UUID userId = fields.firstUuid("/event/user/id", "/event/linkedObjectId");
        if (userId == null && !fields.hasProblemAt("/event/user/id", "/event/linkedObjectId")) {
            fields.missing("/event/user/id");
        }
        if (completes && id != null && userId != null && fields.problems().isEmpty()) {
            return new WebhookEvent.Completion(id, tenantId, userId.toString());
        }
        Instant createdAt = fields.instant("/event/createInstant");
        Map<String, List<String>> identifiers = identifiersIn(fields);
        if (type == null || id == null || userId == null || !fields.problems().isEmpty()) {
            throw RefusedException.invalid(fields.problems());
        }
        return new WebhookEvent.Deletion(id, type, tenantId, createdAt, userId.toString(), identifiers);
    }

    private Map<String, List<String>> identifiersIn(EventFields fields) {
        var found = new LinkedHashMap<String, List<String>>();
        config.identifiers().forEach((name, pointers) -> {
            List<String> values = pointers.stream()
                    .flatMap(pointer -> fields.values(pointer).stream())
                    .distinct()
                    .toList();
            if (!values.isEmpty()) {
                found.put(name, values);
            }
        });
        return found;
    }

    private static JsonNode parse(byte[] body) throws RefusedException {
        JsonNode document = tree(textOf(body));
        if (!document.isObject()) {
            throw RefusedException.invalidJson("must be a JSON object");
        }
        return document;
    }

    // Left to itself, the parser would guess at UTF-16 and UTF-32, too.
    private static String textOf(byte[] body) throws RefusedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw RefusedException.invalidJson("is not UTF-8");
        }
    }

    private static JsonNode tree(String text) throws RefusedException {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw RefusedException.invalidJson(
                    at == null
                            ? "is not JSON"
                            : "is not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr());
        }
    }
}
