package dev.lethe.worker.store.s3;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Keys that belong to a subject: one for each value of its identifiers, or all that begin alike.
 *
 * @param template the key or the beginning of it; taken literally, as are the values that are filled in
 * @param isPrefix whether it is a beginning
 */
record Target(Template template, boolean isPrefix) {
    /** <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html">Naming Amazon S3 objects</a>. */
    private static final int LONGEST_KEY = 1024;

    private static final String DELIMITER = "/";

    String name() {
        return template.text();
    }

    /**
     * What makes it lead to other people's objects. Each placeholder ends at a {@code /}, which none of its values contains;
     * only the last one of a whole key may end otherwise, as what is behind it is the end of the key.
     */
    Optional<String> problem() {
        List<String> behind = template.literals().subList(1, template.literals().size());
        List<String> bounded = isPrefix ? behind : behind.subList(0, behind.size() - 1);
        if (bounded.stream().allMatch(literal -> literal.startsWith(DELIMITER))) {
            return Optional.empty();
        }
        return Optional.of("\"" + name() + "\" must have a / right behind "
                + (isPrefix
                        ? "each placeholder, or uploads/ada would"
                        : "each placeholder but the last, or two people may")
                + (isPrefix ? " be the beginning of uploads/ada2 as well" : " share a key"));
    }

    /** Why this subject can't be looked up: a code; empty if it can. */
    Optional<String> unfit(Subject subject) {
        if (!template.isResolvedBy(subject)) {
            return Optional.of("UNRESOLVED");
        }
        boolean invalid = values(subject).anyMatch(value -> !isFit(value))
                || keys(subject).stream().anyMatch(Target::isTooLong);
        return invalid ? Optional.of("INVALID_IDENTIFIER") : Optional.empty();
    }

    /** The keys, or their beginnings, each once. */
    List<String> keys(Subject subject) {
        return template.expand(subject, UnaryOperator.identity());
    }

    boolean holds(String listed, String key) {
        return isPrefix ? key.startsWith(listed) : key.equals(listed);
    }

    private Stream<String> values(Subject subject) {
        return template.identifiers().stream().flatMap(name -> subject.values(name).stream());
    }

    /**
     * In a path segment of its own it must be one: neither several nor, for whoever writes paths, another one's. XML 1.0, in
     * which S3 takes and gives keys, has no place for some characters.
     */
    private boolean isFit(String value) {
        boolean segment = isPrefix || template.literals().size() > 2;
        return Xml.canHold(value)
                && !(segment && (value.contains(DELIMITER) || value.equals(".") || value.equals("..")));
    }

    private static boolean isTooLong(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY;
    }

    String path() {
        return isPrefix ? "every key that begins with " + name() : "the key " + name();
    }
}
