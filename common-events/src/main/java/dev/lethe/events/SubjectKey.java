package dev.lethe.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The pseudonym of a data subject: a keyed hash that record keys, logs, metrics and outcomes may carry, because nobody
 * without the {@linkplain Keys#subjectKey secret} can tell whose it is.
 *
 * @param value 22 characters of base64url, that is 128 bits
 */
public record SubjectKey(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{22}");

    @JsonCreator
    public SubjectKey {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a subject key has 22 characters of base64url");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
