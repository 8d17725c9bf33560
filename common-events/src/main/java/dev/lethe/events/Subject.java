package dev.lethe.events;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A data subject in the clear, as stores need it. Exists in memory only: on the wire it is {@linkplain Keys#seal sealed}, and
 * {@link #toString} tells which identifiers there are, never what they are.
 *
 * @param key the pseudonym
 * @param userId the identity provider's id of the user, not blank
 * @param tenantId the tenant the user belonged to, if the provider named one
 * @param identifiers further identifiers by name ({@code email}, {@code username}, …), each with at least one value
 */
public record Subject(
        SubjectKey key, String userId, @Nullable String tenantId, Map<String, List<String>> identifiers) {
    /** The name under which {@link #values} knows the user id. */
    public static final String USER_ID = "userId";

    /** The name under which {@link #values} knows the tenant id. */
    public static final String TENANT_ID = "tenantId";

    public Subject {
        Objects.requireNonNull(key);
        identifiers = checked(userId, tenantId, identifiers);
    }

    /** The values of one identifier, {@code userId} and {@code tenantId} included; empty if the subject has none. */
    public List<String> values(String identifier) {
        return switch (identifier) {
            case USER_ID -> List.of(userId);
            case TENANT_ID -> tenantId == null ? List.of() : List.of(tenantId);
            default -> identifiers.getOrDefault(identifier, List.of());
        };
    }

    /** The same person with the identifiers of both: what several requests for one person know together. */
    public Subject mergedWith(Subject other) {
        if (!key.equals(other.key)) {
            throw new IllegalArgumentException("only what is known of one and the same subject can be merged");
        }
        var merged = new LinkedHashMap<>(identifiers);
        other.identifiers.forEach((name, values) -> merged.merge(name, values, (mine, theirs) -> {
            var all = new LinkedHashSet<>(mine);
            all.addAll(theirs);
            return List.copyOf(all);
        }));
        return new Subject(key, userId, tenantId, merged);
    }

    @Override
    public String toString() {
        return "Subject[" + key + ", identifiers=" + identifiers.keySet() + "]";
    }

    private static Map<String, List<String>> checked(
            String userId, @Nullable String tenantId, Map<String, List<String>> identifiers) {
        requireText(userId);
        if (tenantId != null) {
            requireText(tenantId);
        }
        var copy = new LinkedHashMap<String, List<String>>();
        identifiers.forEach((name, values) -> {
            values.forEach(Subject::requireText);
            if (!values.isEmpty()) {
                copy.put(name, List.copyOf(values));
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static void requireText(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("an identifier must not be blank");
        }
    }

    /** What is sealed: everything but the key, which stands beside it. Checked when it is read, as a subject is. */
    record Plaintext(String userId, @Nullable String tenantId, Map<String, List<String>> identifiers) {
        Plaintext {
            identifiers = checked(userId, tenantId, identifiers);
        }

        static Plaintext of(Subject subject) {
            return new Plaintext(subject.userId, subject.tenantId, subject.identifiers);
        }

        Subject with(SubjectKey key) {
            return new Subject(key, userId, tenantId, identifiers);
        }

        @Override
        public String toString() {
            return "Plaintext[redacted]";
        }
    }
}
