package dev.lethe.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lethe.config.Interpolation.Filled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a configuration file, read key by key. A value that is missing or wrong becomes a problem of the whole file
 * and reads as a harmless stand-in, so that one run reports everything; {@link ConfigFile#load} throws before anybody can
 * use a stand-in. A key that nobody asks for is a problem too. Not safe for several threads.
 */
public final class Section {
    /** What stands in a {@link ConfigKey} for a key that whoever writes a file chooses. */
    private static final String ANY_NAME = "NAME";

    private final String path;
    private final String shape;
    private final JsonNode node;
    private final Reading reading;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> named = new HashSet<>();

    /** A whole file. */
    Section(JsonNode node, Reading reading) {
        this("", "", node, reading);
    }

    /** @param shape the path, but for names that are chosen */
    private Section(String path, String shape, JsonNode node, Reading reading) {
        this.path = path;
        this.shape = shape;
        this.node = node;
        this.reading = reading;
        reading.opened(this);
    }

    /** What one reading of a file has in common: how references are filled, what is wrong, what is in force, what was asked for. */
    record Reading(
            Interpolation interpolation,
            List<String> problems,
            List<String> effective,
            List<Section> sections,
            Map<String, ConfigKey> keys) {
        Reading(Interpolation interpolation) {
            this(interpolation, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>());
        }

        private void opened(Section section) {
            sections.add(section);
        }
    }

    /** The path of this section, such as {@code stores.shop-db}; empty for the file itself. */
    public String path() {
        return path;
    }

    public boolean has(String key) {
        known.add(key);
        return node.hasNonNull(key);
    }

    /** The keys that are there, for a mapping whose keys are names. */
    public Set<String> keys() {
        var names = new LinkedHashSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        names.stream().filter(known::add).forEach(named::add);
        return names;
    }

    /** A required text, not blank. */
    public String text(String key) {
        asked(key, "text", true, null);
        return read(key, Function.identity()).orElseGet(() -> missing(key, ""));
    }

    public String text(String key, String otherwise) {
        asked(key, "text", false, otherwise);
        return read(key, Function.identity()).orElseGet(() -> byDefault(key, otherwise));
    }

    public Optional<String> optionalText(String key) {
        asked(key, "text", false, null);
        return read(key, Function.identity());
    }

    /** A text that may be empty or blank; none if it is null or absent. */
    public Optional<String> value(String key) {
        asked(key, "text, or null", false, null);
        JsonNode value = node.path(key);
        return value.isTextual() && value.asText().isBlank()
                ? Optional.of(value.asText())
                : read(key, Function.identity());
    }

    /** A required secret, not blank. */
    public Secret secret(String key) {
        asked(key, "secret", true, null);
        return read(key, Secret::new).orElseGet(() -> missing(key, new Secret("")));
    }

    public Optional<Secret> optionalSecret(String key) {
        asked(key, "secret", false, null);
        return read(key, Secret::new);
    }

    public Path path(String key, String otherwise) {
        asked(key, "file", false, otherwise);
        return read(key, Path::of).orElseGet(() -> byDefault(key, Path.of(otherwise)));
    }

    public Optional<Path> optionalPath(String key) {
        asked(key, "file", false, null);
        return read(key, Path::of);
    }

    /** A whole number between {@code least} and {@code most}, both included. */
    public int integer(String key, int otherwise, int least, int most) {
        asked(key, "whole number, %d to %d".formatted(least, most), false, otherwise);
        return read(key, text -> {
                    int number = parse(text, Integer::parseInt, "a whole number");
                    if (number < least || number > most) {
                        throw new IllegalArgumentException("must be between " + least + " and " + most);
                    }
                    return number;
                })
                .orElseGet(() -> byDefault(key, otherwise));
    }

    public boolean flag(String key, boolean otherwise) {
        asked(key, "true or false", false, otherwise);
        return read(key, text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("must be true or false");
                })
                .orElseGet(() -> byDefault(key, otherwise));
    }

    /** A length of time as ISO-8601 writes it ({@code PT30S}), longer than nothing. */
    public Duration duration(String key, Duration otherwise) {
        asked(key, "duration", false, otherwise);
        return read(key, text -> {
                    Duration duration = parse(text, Duration::parse, "a duration such as PT30S");
                    if (duration.isNegative() || duration.isZero()) {
                        throw new IllegalArgumentException("must be longer than nothing");
                    }
                    return duration;
                })
                .orElseGet(() -> byDefault(key, otherwise));
    }

    /** A length of time as ISO-8601 writes it, from none ({@code PT0S}) to {@code most}. */
    public Duration durationUpTo(String key, Duration otherwise, Duration most) {
        asked(key, "duration, PT0S to " + most, false, otherwise);
        return read(key, text -> {
                    Duration duration = parse(text, Duration::parse, "a duration such as PT30S");
                    if (duration.isNegative() || duration.compareTo(most) > 0) {
                        throw new IllegalArgumentException("must be between PT0S and " + most);
                    }
                    return duration;
                })
                .orElseGet(() -> byDefault(key, otherwise));
    }

    /** A length of time on the calendar as ISO-8601 writes it ({@code P1M}), longer than nothing. */
    public Period period(String key, Period otherwise) {
        asked(key, "period", false, otherwise);
        return read(key, Section::longerThanNothing).orElseGet(() -> byDefault(key, otherwise));
    }

    /** A required length of time on the calendar, longer than nothing. */
    public Period period(String key) {
        asked(key, "period", true, null);
        return read(key, Section::longerThanNothing).orElseGet(() -> missing(key, Period.ofDays(1)));
    }

    /** One of an enum's constants, written in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, E otherwise) {
        List<E> constants = List.of(otherwise.getDeclaringClass().getEnumConstants());
        String names = String.join(", ", constants.stream().map(Section::nameOf).toList());
        asked(key, "one of " + names, false, otherwise);
        return read(
                        key,
                        text -> constants.stream()
                                .filter(constant -> nameOf(constant).equals(text))
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException("must be one of " + names)))
                .orElseGet(() -> byDefault(key, otherwise));
    }

    /** A list of texts; a single text is a list of one; empty if absent. */
    public List<String> texts(String key) {
        asked(key, "text, or list of texts", false, null);
        return list(key, Function.identity());
    }

    /** A list of secrets; a single one is a list of one; empty if absent. */
    public List<Secret> secrets(String key) {
        asked(key, "secret, or list of secrets", false, null);
        return list(key, Secret::new);
    }

    /** A mapping of names to texts; empty if absent. */
    public Map<String, String> textByName(String key) {
        Section mapping = section(key);
        var all = new LinkedHashMap<String, String>();
        mapping.keys().forEach(name -> all.put(name, mapping.text(name)));
        return all;
    }

    /** Whether the value of a key is a mapping. */
    public boolean isMapping(String key) {
        return node.path(key).isObject();
    }

    /** A mapping below this one; an empty one if absent. */
    public Section section(String key) {
        known.add(key);
        JsonNode child = node.path(key);
        if (!child.isObject() && !child.isMissingNode() && !child.isNull()) {
            problem(key, "must be a mapping");
            child = MissingNode.getInstance();
        }
        return new Section(pathOf(key), shapeOf(key), child, reading);
    }

    /** A mapping of names to mappings, in the file's order; empty if absent. */
    public Map<String, Section> sectionByName(String key) {
        Section mapping = section(key);
        var all = new LinkedHashMap<String, Section>();
        mapping.keys().forEach(name -> all.put(name, mapping.section(name)));
        return all;
    }

    /**
     * A hash of all values under these keys that have been asked for so far, whatever their order, and wherever they come from. Secrets
     * count as whether they are there.
     *
     * @return {@code sha256:} and 64 hexadecimal digits
     */
    public String fingerprint(Collection<String> keys) {
        List<String> lines = reading.effective().stream()
                .filter(line -> keys.stream().anyMatch(key -> line.matches(Pattern.quote(key) + "[.\\[ ].*")))
                .map(line -> line.substring(0, line.lastIndexOf("  (")))
                .sorted()
                .toList();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Reports what is wrong with a key, beyond its form. */
    public void problem(String key, String message) {
        reading.problems().add(pathOf(key) + ": " + message);
    }

    /** The shapes of what was asked for. */
    Set<String> asked() {
        return shapes(known.stream());
    }

    /** The shapes of what was asked for and is there. */
    Set<String> present() {
        return shapes(known.stream().filter(node::has));
    }

    private Set<String> shapes(Stream<String> keys) {
        return keys.map(this::shapeOf).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    List<String> unknown() {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        names.removeAll(known);
        return names.stream()
                .map(name -> pathOf(name) + ": unknown key" + Suggestion.nearest(name, known))
                .toList();
    }

    private <T> Optional<T> read(String key, Function<String, T> parser) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        return parse(key, value, parser);
    }

    private <T> List<T> list(String key, Function<String, T> parser) {
        JsonNode value = node.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            return parse(key, value, parser).stream().toList();
        }
        var all = new ArrayList<T>();
        for (int i = 0; i < value.size(); i++) {
            parse(key + "[" + i + "]", value.get(i), parser).ifPresent(all::add);
        }
        return all;
    }

    private <T> Optional<T> parse(String key, JsonNode value, Function<String, T> parser) {
        if (!value.isValueNode()) {
            problem(key, "must be a single value");
            return Optional.empty();
        }
        try {
            Filled filled = reading.interpolation().fill(value.asText(""));
            if (filled.text().isBlank()) {
                throw new IllegalArgumentException("must not be empty");
            }
            T parsed = parser.apply(filled.text());
            inForce(key, parsed, filled.sources().isEmpty() ? "file" : String.join(" ", filled.sources()));
            return Optional.of(parsed);
        } catch (IllegalArgumentException e) {
            problem(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private <T> T byDefault(String key, T value) {
        if (!node.hasNonNull(key)) {
            inForce(key, value, "default");
        }
        return value;
    }

    private <T> T missing(String key, T standIn) {
        if (!node.hasNonNull(key)) {
            problem(key, "is required");
        }
        return standIn;
    }

    private void inForce(String key, Object value, String source) {
        reading.effective().add(pathOf(key) + " = " + shown(value) + "  (" + source + ")");
    }

    private void asked(String key, String form, boolean required, @Nullable Object otherwise) {
        known.add(key);
        // A key with a name of one's own is there, or nobody asks for it.
        boolean needed = required && !named.contains(key);
        Optional<String> byDefault = Optional.ofNullable(otherwise).map(Section::shown);
        reading.keys().putIfAbsent(shapeOf(key), new ConfigKey(shapeOf(key), form, needed, byDefault));
    }

    private String pathOf(String key) {
        return below(path, key);
    }

    private String shapeOf(String key) {
        return below(shape, named.contains(key) ? ANY_NAME : key);
    }

    private static String below(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String shown(Object value) {
        return value instanceof Enum<?> constant ? nameOf(constant) : value.toString();
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Period longerThanNothing(String text) {
        Period period = parse(text, Period::parse, "a period such as P1M");
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("must be longer than nothing");
        }
        return period;
    }

    private static <T> T parse(String text, Function<String, T> parser, String expected) {
        try {
            return parser.apply(text);
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException("must be " + expected);
        }
    }
}
