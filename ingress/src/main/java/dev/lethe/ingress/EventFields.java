package dev.lethe.ingress;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of one document by their pointers; what is wrong with them accumulates. A field with a problem reads as null. */
final class EventFields {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final JsonNode document;
    private final List<Problem> problems = new ArrayList<>();

    EventFields(JsonNode document) {
        this.document = document;
    }

    JsonNode event() {
        return document.path("event");
    }

    List<Problem> problems() {
        return problems;
    }

    /** A required text. */
    @Nullable
    String text(String pointer) {
        JsonNode field = document.at(pointer);
        if (isAbsent(field)) {
            return missing(pointer);
        }
        return field.isTextual() ? field.asText() : malformed(pointer, "must be a text");
    }

    /** A required UUID. */
    @Nullable
    UUID uuid(String pointer) {
        return isAbsent(document.at(pointer)) ? missing(pointer) : firstUuid(pointer);
    }

    /** The first of several optional UUIDs that is there. */
    @Nullable
    UUID firstUuid(String... pointers) {
        for (String pointer : pointers) {
            JsonNode field = document.at(pointer);
            if (!isAbsent(field)) {
                return field.isTextual() && UUID_FORM.matcher(field.asText()).matches()
                        ? UUID.fromString(field.asText().toLowerCase(Locale.ROOT))
                        : malformed(pointer, "must be a UUID");
            }
        }
        return null;
    }

    /** An optional instant, in milliseconds since 1970. */
    @Nullable
    Instant instant(String pointer) {
        JsonNode field = document.at(pointer);
        if (isAbsent(field)) {
            return null;
        }
        try {
            return field.canConvertToLong() && field.isIntegralNumber()
                    ? Instant.ofEpochMilli(field.longValue())
                    : malformed(pointer, "must be milliseconds since 1970");
        } catch (DateTimeException e) {
            return malformed(pointer, "must be milliseconds since 1970");
        }
    }

    /** Reports a field that has to be there. */
    <T> @Nullable T missing(String pointer) {
        if (problems.stream().noneMatch(problem -> problem.pointer().equals(pointer))) {
            problems.add(new Problem("[missing]", pointer, "is required"));
        }
        return null;
    }

    private <T> @Nullable T malformed(String pointer, String message) {
        problems.add(new Problem("[malformed]", pointer, message));
        return null;
    }

    private static boolean isAbsent(JsonNode field) {
        return field.isMissingNode() || field.isNull();
    }
}
