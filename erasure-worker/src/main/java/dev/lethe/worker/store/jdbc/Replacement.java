package dev.lethe.worker.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a value of an anonymized row becomes: null, or a text with the placeholders {@code {subjectKey}}, {@code {hash}} (the
 * keyed hash of what was there) and {@code {uuid}} (a new one for each row).
 *
 * @param parts in order; empty for null
 */
record Replacement(List<Part> parts) {
    private static final Replacement NULL = new Replacement(List.of());
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    /** A piece of the new value. */
    sealed interface Part {
        /** Text, as it stands; may be empty. */
        record Constant(String text) implements Part {}

        /** The pseudonym of the subject: 22 characters. */
        record SubjectKey() implements Part {}

        /** HMAC-SHA256 of the old value: 64 hexadecimal digits. */
        record Hash() implements Part {}

        /** A random UUID: 36 characters. */
        record Uuid() implements Part {}
    }

    Replacement {
        parts = List.copyOf(parts);
    }

    /** @throws IllegalArgumentException if there is a placeholder of another name */
    static Replacement parse(Optional<String> template) {
        if (template.isEmpty()) {
            return NULL;
        }
        var parts = new ArrayList<Part>();
        Matcher placeholder = PLACEHOLDER.matcher(template.get());
        int from = 0;
        while (placeholder.find()) {
            constant(template.get().substring(from, placeholder.start()), parts);
            parts.add(
                    switch (placeholder.group(1)) {
                        case "subjectKey" -> new Part.SubjectKey();
                        case "hash" -> new Part.Hash();
                        case "uuid" -> new Part.Uuid();
                        default ->
                            throw new IllegalArgumentException(
                                    "knows the placeholders {subjectKey}, {hash} and {uuid}, not "
                                            + placeholder.group());
                    });
            from = placeholder.end();
        }
        if (parts.isEmpty()) {
            parts.add(new Part.Constant(template.get()));
        } else {
            constant(template.get().substring(from), parts);
        }
        return new Replacement(parts);
    }

    private static void constant(String text, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Part.Constant(text));
        }
    }

    boolean isNull() {
        return parts.isEmpty();
    }

    /** The text, if it is the same for every row. */
    Optional<String> constant() {
        return parts.size() == 1 && parts.getFirst() instanceof Part.Constant constant
                ? Optional.of(constant.text())
                : Optional.empty();
    }

    boolean hashes() {
        return parts.stream().anyMatch(Part.Hash.class::isInstance);
    }

    /** Whether it is another one for every row. */
    boolean isRandom() {
        return parts.stream().anyMatch(Part.Uuid.class::isInstance);
    }

    boolean namesSubject() {
        return parts.stream().anyMatch(Part.SubjectKey.class::isInstance);
    }

    /** Whether a row tells by this column that it has been anonymized: its new value is known beforehand. */
    boolean isForeseeable() {
        return !hashes() && !isRandom();
    }

    /** A regular expression that the new value matches as a whole. */
    String form() {
        return parts.stream()
                .map(part -> switch (part) {
                    case Part.Constant constant -> literally(constant.text());
                    case Part.SubjectKey key -> "[A-Za-z0-9_-]{22}";
                    case Part.Hash hash -> "[0-9a-f]{64}";
                    case Part.Uuid uuid -> "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
                })
                .collect(Collectors.joining("", "^", "$"));
    }

    private static String literally(String text) {
        return text.replaceAll("([^\\w\\s])", "\\\\$1");
    }

    /** How many characters the new value has. */
    int length() {
        return parts.stream()
                .mapToInt(part -> switch (part) {
                    case Part.Constant constant ->
                        constant.text().codePointCount(0, constant.text().length());
                    case Part.SubjectKey key -> 22;
                    case Part.Hash hash -> 64;
                    case Part.Uuid uuid -> 36;
                })
                .sum();
    }
}
