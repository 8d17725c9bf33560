package dev.lethe.worker.deadletter;

import dev.lethe.events.Outcome;
import dev.lethe.events.Subject;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Why a human gives a dead letter up. It is kept for good, so it must not name the person whom it is about. */
public record Reason(String text) {
    private static final Pattern EMAIL = Pattern.compile("\\S@\\S");
    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}-?(?:\\p{XDigit}{4}-?){3}\\p{XDigit}{12}");

    /** @throws IllegalArgumentException if it can't be kept; the message says why, without repeating it */
    public Reason {
        text = text.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a reason must say something");
        }
        if (text.codePointCount(0, text.length()) > Outcome.LONGEST_REASON) {
            throw new IllegalArgumentException("a reason has at most " + Outcome.LONGEST_REASON + " characters");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a reason is one line, without control characters");
        }
        if (EMAIL.matcher(text).find()) {
            throw new IllegalArgumentException("a reason must not hold an e-mail address: it is kept for good");
        }
        if (UUID.matcher(text).find()) {
            throw new IllegalArgumentException("a reason must not hold anybody's id (a UUID): it is kept for good");
        }
    }

    /** Whether it holds an identifier of this person, as a word, in whatever case. */
    public boolean names(Subject subject) {
        return Stream.concat(
                        Stream.of(subject.userId()),
                        subject.identifiers().values().stream().flatMap(List::stream))
                .anyMatch(identifier -> Pattern.compile(
                                "(?<![\\p{L}\\p{N}])" + Pattern.quote(identifier) + "(?![\\p{L}\\p{N}])",
                                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(text)
                        .find());
    }
}
