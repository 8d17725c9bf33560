package dev.lethe.ingress;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields of one document by their pointers; what is wrong with them accumulates. A field with a problem reads as null. */
final class EventFields {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final JsonNode document;
    private final List<Problem> problems = new ArrayList<>();

    EventFields(JsonNode document) {
        this.document = document;
    }

    /** The texts that a pointer into the event leads to. Half a surrogate pair would become somebody else's name in a store. */
    List<String> values(EventPointer pointer) {
        List<String> values = pointer.valuesIn(document.path("event"));
        if (!values.stream().allMatch(StandardCharsets.UTF_8.newEncoder()::canEncode)) {
            malformed("/event" + pointer.withoutSelection(), "must be Unicode");
        }
        return values;
    }

    List<Problem> problems() {
        return problems;
    }

    /** A required text. */
    @Nullable
    String text(String pointer) {
        JsonNode field = document.at(pointer);
        if (isAbsent(field)) {
            missing(pointer);
        } else if (!field.isTextual()) {
            malformed(pointer, "must be a text");
        }
        return field.textValue();
    }

    /** A required UUID. */
    @Nullable
    UUID uuid(String pointer) {
        if (isAbsent(document.at(pointer))) {
            missing(pointer);
        }
        return firstUuid(pointer);
    }

    /** The first of several optional UUIDs that is there. */
    @Nullable
    UUID firstUuid(String... pointers) {
        for (String pointer : pointers) {
            JsonNode field = document.at(pointer);
            if (!isAbsent(field)) {
                return uuidIn(field, pointer);
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
        if (field.isIntegralNumber() && field.canConvertToLong()) {
            return Instant.ofEpochMilli(field.longValue());
        }
        malformed(pointer, "must be milliseconds since 1970");
        return null;
    }

    /** Reports a field that has to be there. */
    void missing(String pointer) {
        problems.add(new Problem("[missing]", pointer, "is required"));
    }

    boolean hasProblemAt(String... pointers) {
        return problems.stream()
                .anyMatch(problem -> Stream.of(pointers).anyMatch(pointer -> pointer.equals(problem.pointer())));
    }

    private void malformed(String pointer, String message) {
        var problem = new Problem("[malformed]", pointer, message);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    private @Nullable UUID uuidIn(JsonNode field, String pointer) {
        if (field.isTextual() && UUID_FORM.matcher(field.textValue()).matches()) {
            return UUID.fromString(field.textValue().toLowerCase(Locale.ROOT));
        }
        malformed(pointer, "must be a UUID");
        return null;
    }

    private static boolean isAbsent(JsonNode field) {
        return field.isMissingNode() || field.isNull();
    }
}
