package dev.lethe.worker.store;

import dev.lethe.config.Section;
import dev.lethe.config.Suggestion;
import dev.lethe.events.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configured text with placeholders for identifiers of the subject, such as {@code cart:{userId}:*}. A brace of the text
 * itself is doubled: {@code cart:{{{userId}}}} is a user id in braces. What is around the placeholders keeps the meaning that
 * the store gives it; the values that are filled in are escaped for that store.
 */
public final class Template {
    /** What an ingress keeps unless it is told otherwise; under another name it can keep anything. */
    private static final List<String> USUAL =
            List.of(Subject.USER_ID, Subject.TENANT_ID, "email", "username", "phoneNumber");

    private static final Pattern PART = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");

    private final String text;
    /** One more than {@link #names}: what is before, between and behind the placeholders. */
    private final List<String> literals;

    private final List<String> names;

    private Template(String text, List<String> literals, List<String> names) {
        this.text = text;
        this.literals = List.copyOf(literals);
        this.names = List.copyOf(names);
    }

    /** @throws IllegalArgumentException with what is wrong and what to do, if a placeholder is malformed, unknown or missing */
    public static Template parse(String text) {
        var literals = new ArrayList<String>();
        var names = new ArrayList<String>();
        var literal = new StringBuilder();
        Matcher part = PART.matcher(text);
        int end = 0;
        for (; part.find(); end = part.end()) {
            literal.append(text, end, part.start());
            switch (part.group()) {
                case "{{" -> literal.append('{');
                case "}}" -> literal.append('}');
                case "{", "}" ->
                    throw new IllegalArgumentException("\"" + text + "\" has a single " + part.group() + "; write "
                            + part.group().repeat(2) + " for one that is no placeholder's");
                default -> {
                    names.add(checked(part.group(1)));
                    literals.add(literal.toString());
                    literal.setLength(0);
                }
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is the same for everybody; name an identifier, such as {userId}");
        }
        literals.add(literal.append(text.substring(end)).toString());
        return new Template(text, literals, names);
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "{" + name + "} is no placeholder; write an identifier such as {userId}, or" + " {{" + name
                            + "}} for the text itself");
        }
        if (!USUAL.contains(name)) {
            USUAL.stream().filter(usual -> isMisspelt(name, usual)).findFirst().ifPresent(usual -> {
                throw new IllegalArgumentException("{" + name + "} is no identifier, did you mean {" + usual + "}?");
            });
        }
        return name;
    }

    /** An ingress can be told to keep {@code email2} or {@code customerNumber}, so only a slip of the pen is refused. */
    private static boolean isMisspelt(String name, String usual) {
        String bare = name.replaceAll("[_.-]", "").toLowerCase(Locale.ROOT);
        return !name.startsWith(usual) && Suggestion.distance(bare, usual.toLowerCase(Locale.ROOT)) <= 1;
    }

    /** A list of templates, or a single one; empty if absent. What is wrong is reported to the section. */
    public static List<Template> readList(Section section, String key) {
        return section.texts(key).stream()
                .flatMap(text -> read(section, key, text).stream())
                .toList();
    }

    /** A mapping of names to templates, in the file's order; empty if absent. What is wrong is reported to the section. */
    public static Map<String, Template> readByName(Section section, String key) {
        Section mapping = section.section(key);
        var all = new LinkedHashMap<String, Template>();
        mapping.keys().forEach(name -> readOptional(mapping, name).ifPresent(template -> all.put(name, template)));
        return all;
    }

    /** A template; empty if absent. What is wrong is reported to the section. */
    public static Optional<Template> readOptional(Section section, String key) {
        return section.optionalText(key).flatMap(text -> read(section, key, text));
    }

    private static Optional<Template> read(Section section, String key, String text) {
        try {
            return Optional.of(parse(text));
        } catch (IllegalArgumentException e) {
            section.problem(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** As it is configured. */
    public String text() {
        return text;
    }

    /** What is before the first placeholder. */
    public String prefix() {
        return literals.getFirst();
    }

    /** The text around the placeholders; at least one part, each possibly empty. */
    public List<String> literals() {
        return literals;
    }

    /** What each placeholder names, in order. */
    public List<String> names() {
        return names;
    }

    public Set<String> identifiers() {
        return new LinkedHashSet<>(names);
    }

    /** Whether the subject has every identifier; without one, a store's answer is {@code UNRESOLVED}. */
    public boolean isResolvedBy(Subject subject) {
        return names.stream().noneMatch(name -> subject.values(name).isEmpty());
    }

    /**
     * The texts for one subject, each once: more than one where it has several values of an identifier, none where it lacks
     * one.
     *
     * @param escape makes the store take a value literally
     */
    public List<String> expand(Subject subject, UnaryOperator<String> escape) {
        return fillings(subject).stream()
                .map(values -> filled(values, escape))
                .distinct()
                .toList();
    }

    /** The text with these values in the placeholders, as they are. */
    public String filled(List<String> values) {
        return filled(values, UnaryOperator.identity());
    }

    private String filled(List<String> values, UnaryOperator<String> escape) {
        var filled = new StringBuilder(literals.getFirst());
        for (int i = 0; i < values.size(); i++) {
            filled.append(escape.apply(values.get(i))).append(literals.get(i + 1));
        }
        return filled.toString();
    }

    /** What can stand in the placeholders for one subject: a value for each, in order. */
    public List<List<String>> fillings(Subject subject) {
        List<List<String>> fillings = List.of(List.of());
        for (String name : names) {
            fillings = fillings.stream()
                    .flatMap(start -> subject.values(name).stream().map(value -> {
                        var longer = new ArrayList<>(start);
                        longer.add(value);
                        return List.copyOf(longer);
                    }))
                    .toList();
        }
        return fillings;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Template template && text.equals(template.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
