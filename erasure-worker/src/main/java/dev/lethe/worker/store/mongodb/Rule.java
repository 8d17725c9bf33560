package dev.lethe.worker.store.mongodb;

import dev.lethe.config.Section;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is done to the documents of a subject in a collection.
 *
 * @param collection its name
 * @param fields paths of fields that hold an identifier of the subject, each with what it holds; a document is the subject's
 *     if any of them, or an element of an array on the way, is equal
 * @param action what is done
 * @param array for {@link What#PULL}: the array whose elements are the items; every field is the array or below it
 * @param set for {@link What#ANONYMIZE}: what fields become
 * @param unset for {@link What#ANONYMIZE}: fields that are removed
 */
record Rule(
        String collection,
        Map<String, Identifier> fields,
        What action,
        String array,
        Map<String, String> set,
        List<String> unset) {
    private static final Pattern PATH =
            Pattern.compile("(?!\\d+(\\.|$))[^.$\\x00][^.\\x00]*(\\.(?!\\d+(\\.|$))[^.$\\x00][^.\\x00]*)*");

    Rule {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        unset = List.copyOf(unset);
    }

    /** An identifier by its name, and as what a field holds it. */
    record Identifier(String name, IdentifierType type) {}

    /** What is done to an item. */
    enum What {
        /** The document goes. */
        DELETE,
        /** The elements of an array go, the document stays. */
        PULL,
        /** The document stays, some of its fields get other values or go. */
        ANONYMIZE
    }

    static Rule read(String collection, Section section) {
        Map<String, String> subject = section.textByName("subject");
        Section types = section.section("types");
        var fields = new LinkedHashMap<String, Identifier>();
        subject.forEach((field, identifier) ->
                fields.put(field, new Identifier(identifier, types.choice(field, IdentifierType.STRING))));
        var rule = new Rule(
                collection,
                fields,
                section.choice("action", What.DELETE),
                section.text("array", ""),
                section.textByName("set"),
                section.texts("unset"));
        rule.report(section);
        return rule;
    }

    private void report(Section section) {
        if (fields.isEmpty()) {
            section.problem("subject", "must name a field and its identifier, such as { customerId: userId }");
        }
        if (action == What.PULL) {
            if (array.isEmpty()) {
                section.problem("array", "must name the array whose elements are the subject's");
            } else if (!fields.keySet().stream()
                    .allMatch(field -> field.equals(array) || field.startsWith(array + "."))) {
                section.problem("subject", "must name fields of the array's elements, such as " + array + ".userId");
            }
        } else if (!array.isEmpty()) {
            section.problem("array", "goes with action: pull");
        }
        if (action == What.ANONYMIZE) {
            if (set.isEmpty() && unset.isEmpty()) {
                section.problem("set", "must say what fields become, or unset which of them go");
            }
        } else if (!set.isEmpty() || !unset.isEmpty()) {
            section.problem(set.isEmpty() ? "unset" : "set", "goes with action: anonymize");
        }
        var paths = new ArrayList<>(fields.keySet());
        paths.addAll(set.keySet());
        paths.addAll(unset);
        if (!array.isEmpty()) {
            paths.add(array);
        }
        paths.stream()
                .filter(path -> !PATH.matcher(path).matches())
                .distinct()
                .forEach(path -> section.problem(
                        path, "is no path of a field, such as address.city, without operators and positions"));
        paths.clear();
        paths.addAll(set.keySet());
        paths.addAll(unset);
        for (String path : paths) {
            if (path.equals("_id")
                    || paths.stream().anyMatch(other -> path.startsWith(other + "."))
                    || paths.indexOf(path) != paths.lastIndexOf(path)) {
                section.problem(
                        set.containsKey(path) ? "set" : "unset",
                        "can't change " + path + ": _id never changes, and no field changes twice");
            }
        }
    }

    /** Why this subject can't be looked up: a code; empty if it can. One field with an identifier that it has will do. */
    Optional<String> unfit(Subject subject) {
        if (fields.values().stream()
                .allMatch(identifier -> subject.values(identifier.name()).isEmpty())) {
            return Optional.of("UNRESOLVED");
        }
        boolean invalid = fields.values().stream()
                .anyMatch(identifier -> subject.values(identifier.name()).stream()
                        .anyMatch(value -> !identifier.type().holds(value)));
        return invalid ? Optional.of("INVALID_IDENTIFIER") : Optional.empty();
    }

    /** What one of the fields holds. */
    Identifier held(String field) {
        return Objects.requireNonNull(fields.get(field));
    }

    Action published() {
        return action == What.ANONYMIZE ? Action.ANONYMIZE : Action.DELETE;
    }

    TargetOutcome outcome(long items) {
        return action == What.ANONYMIZE
                ? TargetOutcome.anonymized(collection, items)
                : TargetOutcome.deleted(collection, items);
    }

    String path() {
        var ways = new ArrayList<String>();
        fields.forEach((field, identifier) -> ways.add(field + " = " + identifier.name()));
        String whole = collection + " where " + String.join(" or ", ways);
        return action == What.PULL ? "elements of " + array + " in " + whole : whole;
    }

    /** A field that leads to the subject and is neither changed nor removed. */
    Optional<String> remainingLink() {
        return action == What.ANONYMIZE
                ? fields.keySet().stream()
                        .filter(field -> !set.containsKey(field) && !unset.contains(field))
                        .findFirst()
                : Optional.empty();
    }

    @Override
    public String toString() {
        return collection + " " + action.name().toLowerCase(Locale.ROOT);
    }
}
