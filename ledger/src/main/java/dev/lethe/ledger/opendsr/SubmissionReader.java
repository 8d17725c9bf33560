package dev.lethe.ledger.opendsr;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads a request field by field. What is missing, wrong or not supported is collected, so that one answer names it all, and never a value.
 * Fields that the specification does not have are left alone: a later version may.
 */
final class SubmissionReader {
    /** Longer than any identifier that a store knows. */
    private static final int MOST_CHARACTERS = 1024;

    private static final Pattern UUID_4 =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final Set<String> TYPES = Set.of("access", "portability", "erasure");
    private static final Set<String> FORMATS = Set.of("raw", "sha1", "md5", "sha256");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode body;
    private final ControllerConfig controller;
    private final String domain;
    private final List<Fault> faults = new ArrayList<>();

    private SubmissionReader(JsonNode body, ControllerConfig controller, String domain) {
        this.body = body;
        this.controller = controller;
        this.domain = domain;
    }

    /**
     * @param domain the processor's
     * @param former whether it came by a route of OpenGDPR, which knew one regulation alone
     * @throws RefusedRequestException if anything is wrong with it
     */
    static Submission read(byte[] body, ControllerConfig controller, String domain, boolean former)
            throws RefusedRequestException {
        var reader = new SubmissionReader(object(body), controller, domain);
        Submission submission = reader.submission(former);
        if (!reader.faults.isEmpty()) {
            throw RefusedRequestException.of(reader.faults);
        }
        return submission;
    }

    /** The id by which a controller knows a request, if it has the form of one. */
    static Optional<UUID> subjectRequestId(String text) {
        return UUID_4.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    private static JsonNode object(byte[] body) throws RefusedRequestException {
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (IOException e) {
            throw RefusedRequestException.of(List.of(Fault.invalid("", "is not JSON.")));
        }
        if (!tree.isObject()) {
            throw RefusedRequestException.of(List.of(Fault.invalid("", "must be a JSON object.")));
        }
        return tree;
    }

    private Submission submission(boolean former) {
        version();
        UUID id = id();
        oneOf(body, "subject_request_type", "subject_request_type", TYPES, "erasure");
        String regulation = former && body.path("regulation").isMissingNode() ? "gdpr" : regulation();
        Instant submitted = submitted();
        Map<String, List<String>> identifiers = identifiers();
        extensions();
        String userId = identifiers.getOrDefault("userId", List.of("-")).getFirst();
        identifiers.remove("userId");
        return new Submission(id, regulation, submitted, userId, identifiers, callbacks());
    }

    private void version() {
        JsonNode version = body.path("api_version");
        if (!version.isMissingNode()
                && !(version.isTextual() && version.asText().matches("[12](\\.[0-9]{1,3})?"))) {
            faults.add(Fault.unsupported("api_version", "must be 2.0, or left out"));
        }
    }

    private UUID id() {
        Optional<String> text = text(body, "subject_request_id", "subject_request_id");
        Optional<UUID> id = text.flatMap(SubmissionReader::subjectRequestId);
        if (text.isPresent() && id.isEmpty()) {
            faults.add(Fault.invalid("subject_request_id", "must be a UUID of version 4, in lower case"));
        }
        return id.orElse(new UUID(0, 0));
    }

    private String regulation() {
        Optional<String> text = text(body, "regulation", "regulation");
        if (text.isPresent() && !Set.of("gdpr", "ccpa").contains(text.get())) {
            faults.add(Fault.unsupported("regulation", "must be gdpr or ccpa"));
        }
        return text.orElse("gdpr");
    }

    private Instant submitted() {
        Optional<String> text = text(body, "submitted_time", "submitted_time");
        try {
            return text.map(it -> OffsetDateTime.parse(it).toInstant()).orElse(Instant.EPOCH);
        } catch (DateTimeException e) {
            faults.add(Fault.invalid("submitted_time", "must be a date and time as RFC 3339 writes them"));
            return Instant.EPOCH;
        }
    }

    /** By our names. */
    private Map<String, List<String>> identifiers() {
        Map<String, Set<String>> found = new LinkedHashMap<>();
        int before = faults.size();
        JsonNode identities = body.path("subject_identities");
        if (identities.isMissingNode() || identities.isNull()) {
            faults.add(Fault.required("subject_identities"));
        } else if (!identities.isArray()) {
            faults.add(Fault.invalid("subject_identities", "must be an array"));
        } else {
            for (int i = 0; i < identities.size(); i++) {
                identity("subject_identities[" + i + "]", identities.get(i), found);
            }
            if (found.getOrDefault("userId", Set.of()).size() != 1 && faults.size() == before) {
                faults.add(Fault.invalid(
                        "subject_identities",
                        "must have exactly one of type " + controller.userIdType() + ": a person is known by it"));
            }
        }
        var all = new LinkedHashMap<String, List<String>>();
        found.forEach((name, values) -> all.put(name, List.copyOf(values)));
        return all;
    }

    private void identity(String field, JsonNode identity, Map<String, Set<String>> found) {
        if (!identity.isObject()) {
            faults.add(Fault.invalid(field, "must be an object"));
            return;
        }
        Optional<String> type = text(identity, "identity_type", field + ".identity_type");
        Optional<String> value = text(identity, "identity_value", field + ".identity_value");
        oneOf(identity, "identity_format", field + ".identity_format", FORMATS, "raw");
        Optional<String> name = type.map(it -> controller.identities().get(it));
        if (type.isPresent() && name.isEmpty()) {
            faults.add(Fault.unsupported(
                    field + ".identity_type",
                    "must be one of "
                            + String.join(", ", controller.identities().keySet())));
        }
        if (name.isPresent() && value.isPresent()) {
            found.computeIfAbsent(name.get(), any -> new LinkedHashSet<>()).add(value.get());
        }
    }

    private List<Callback> callbacks() {
        JsonNode urls = body.path("status_callback_urls");
        if (urls.isMissingNode() || urls.isNull()) {
            return List.of();
        }
        if (!urls.isArray()) {
            faults.add(Fault.invalid("status_callback_urls", "must be an array"));
            return List.of();
        }
        Set<Callback> callbacks = new LinkedHashSet<>();
        for (int i = 0; i < urls.size(); i++) {
            String url = urls.get(i).asText();
            Optional<Callback> known = controller.callbacks().stream()
                    .filter(callback -> callback.url().toString().equals(url))
                    .findFirst();
            known.ifPresent(callbacks::add);
            if (known.isEmpty()) {
                faults.add(Fault.unsupported(
                        "status_callback_urls[" + i + "]",
                        "must be an address that is configured for this controller, character by character"));
            }
        }
        return List.copyOf(callbacks);
    }

    /** Ours would say what to do beyond the specification, and there is nothing. */
    private void extensions() {
        JsonNode extensions = body.path("extensions");
        if (!extensions.isMissingNode() && !extensions.isNull() && !extensions.isObject()) {
            faults.add(Fault.invalid("extensions", "must be an object"));
        } else if (extensions.has(domain)) {
            faults.add(Fault.unsupported("extensions", "must have nothing for " + domain + ", which has no extension"));
        }
    }

    private void oneOf(JsonNode object, String name, String field, Set<String> known, String supported) {
        Optional<String> text = text(object, name, field);
        if (text.isPresent() && !text.get().equals(supported)) {
            String detail = "must be " + supported;
            faults.add(
                    known.contains(text.get())
                            ? Fault.unsupported(field, detail + ": nothing else is supported")
                            : Fault.invalid(field, detail));
        }
    }

    private Optional<String> text(JsonNode object, String name, String field) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            faults.add(Fault.required(field));
            return Optional.empty();
        }
        if (!value.isTextual() || value.asText().isBlank()) {
            faults.add(Fault.invalid(field, "must be a text that is not blank"));
            return Optional.empty();
        }
        if (value.asText().length() > MOST_CHARACTERS) {
            faults.add(Fault.invalid(field, "must have at most " + MOST_CHARACTERS + " characters"));
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }
}
