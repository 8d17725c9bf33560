package dev.lethe.ledger.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lethe.ledger.api.Problem.Invalid;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The JSON object that a program has sent, read field by field. What is missing or wrong is collected, so that one answer names
 * it all; a value is never repeated, since it can be somebody's.
 */
final class Document {
    /** Longer than any identifier that a store knows. */
    private static final int MOST_CHARACTERS = 1024;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode tree;
    private final List<Invalid> problems = new ArrayList<>();
    private final Set<String> asked = new TreeSet<>();

    private Document(JsonNode tree) {
        this.tree = tree;
    }

    /** @throws InvalidDocumentException if it is no JSON object, or not said to be JSON */
    static Document of(Context ctx) throws InvalidDocumentException {
        String contentType = ctx.header("Content-Type");
        String mediaType = contentType == null ? "" : contentType.split(";", 2)[0].strip();
        if (!mediaType.equalsIgnoreCase("application/json")) {
            throw new InvalidDocumentException(
                    Problem.of(415, "Another media type is needed", "Send application/json."));
        }
        try {
            JsonNode tree = JSON.readTree(ctx.bodyAsBytes());
            if (tree == null || !tree.isObject()) {
                throw invalid(List.of(new Invalid("", "must be an object")));
            }
            return new Document(tree);
        } catch (JsonProcessingException e) {
            throw invalid(List.of(new Invalid("", "is not JSON")));
        } catch (IOException e) {
            throw invalid(List.of(new Invalid("", "can't be read")));
        }
    }

    private static InvalidDocumentException invalid(List<Invalid> problems) {
        return new InvalidDocumentException(Problem.invalid(problems));
    }

    /** A text that has to be there; a harmless stand-in if it is not. */
    String text(String field) {
        Optional<String> text = optionalText(field);
        if (text.isEmpty() && !tree.hasNonNull(field)) {
            problem("/" + field, "is required");
        }
        return text.orElse("-");
    }

    Optional<String> optionalText(String field) {
        asked.add(field);
        JsonNode value = tree.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : text("/" + field, value);
    }

    Optional<UUID> optionalUuid(String field) {
        return optionalText(field).flatMap(text -> {
            try {
                return Optional.of(UUID.fromString(text));
            } catch (IllegalArgumentException e) {
                problem("/" + field, "must be a UUID");
                return Optional.empty();
            }
        });
    }

    Optional<Instant> optionalInstant(String field) {
        return optionalText(field).flatMap(text -> {
            try {
                return Optional.of(java.time.OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException e) {
                problem("/" + field, "must be a date and time as RFC 3339 writes them");
                return Optional.empty();
            }
        });
    }

    /** Names, each with a text or a list of texts. */
    Map<String, List<String>> textsByName(String field) {
        asked.add(field);
        var all = new LinkedHashMap<String, List<String>>();
        JsonNode mapping = tree.path(field);
        if (mapping.isMissingNode() || mapping.isNull()) {
            return all;
        }
        if (!mapping.isObject()) {
            problem("/" + field, "must be an object");
            return all;
        }
        mapping.propertyStream().forEach(entry -> {
            String pointer =
                    "/" + field + "/" + entry.getKey().replace("~", "~0").replace("/", "~1");
            var values = new ArrayList<String>();
            if (entry.getValue().isArray()) {
                for (int i = 0; i < entry.getValue().size(); i++) {
                    text(pointer + "/" + i, entry.getValue().get(i)).ifPresent(values::add);
                }
            } else {
                text(pointer, entry.getValue()).ifPresent(values::add);
            }
            all.put(entry.getKey(), values);
        });
        return all;
    }

    private Optional<String> text(String pointer, JsonNode value) {
        if (!value.isTextual() || value.asText().isBlank()) {
            problem(pointer, "must be a text that is not blank");
            return Optional.empty();
        }
        if (value.asText().length() > MOST_CHARACTERS) {
            problem(pointer, "must have at most " + MOST_CHARACTERS + " characters");
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    void problem(String pointer, String detail) {
        problems.add(new Invalid(pointer, detail));
    }

    /** Throws everything that is wrong; a field that nobody asked for is wrong as well. */
    void demandValid() throws InvalidDocumentException {
        tree.fieldNames().forEachRemaining(name -> {
            if (!asked.contains(name)) {
                problem("/" + name.replace("~", "~0").replace("/", "~1"), "is not known; take it out");
            }
        });
        if (!problems.isEmpty()) {
            throw invalid(problems);
        }
    }
}
