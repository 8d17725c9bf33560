package dev.lethe.worker.store.redis;

import dev.lethe.worker.store.Template;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A template with {@code *} in it, filled with the identifiers of one subject. What an identifier contains stands for itself.
 *
 * <p>{@code cart:{userId}:*} must not find {@code cart:ada:1:x} for {@code ada} if it can be of somebody called {@code ada:1}.
 * So {@code *} does not reach over the character that separates it from the identifier, unless all identifiers are UUIDs:
 * these have one form, and no longer one begins with it.
 *
 * @param head what a key begins with, up to the first {@code *}
 * @param tail what it ends with, from the last {@code *} on
 * @param glob the same for Redis, which finds these keys and perhaps more
 * @param regex decides
 * @param loose what it would be if {@code *} reached everywhere
 */
record KeyPattern(String head, String tail, String glob, Pattern regex, Pattern loose) {
    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final String ANYTHING = "*";
    /** No byte. */
    private static final String BREAK = "\u0100";

    static boolean isPattern(Template template) {
        return template.literals().stream().anyMatch(literal -> literal.contains(ANYTHING));
    }

    /** What makes the template unfit to tell one subject's keys from another's. */
    static Optional<String> problemOf(Template template) {
        List<String> literals = template.literals();
        for (int i = 0; i < literals.size(); i++) {
            if ((i > 0 && literals.get(i).startsWith(ANYTHING))
                    || (i < literals.size() - 1 && literals.get(i).endsWith(ANYTHING))) {
                return Optional.of("\"" + template.text()
                        + "\" finds keys of others, too; put a separator between the identifier and *");
            }
        }
        return Optional.empty();
    }

    static KeyPattern of(Template template, List<String> values) {
        boolean uniform = values.stream().allMatch(value -> UUID.matcher(value).matches());
        var glob = new StringBuilder();
        var regex = new StringBuilder();
        var loose = new StringBuilder();
        var shape = new StringBuilder();
        for (int i = 0; i < template.literals().size(); i++) {
            if (i > 0) {
                literally(Bytes.of(values.get(i - 1)), glob, regex, loose, shape);
            }
            String literal = Bytes.of(template.literals().get(i));
            boolean first = true;
            for (String piece : literal.split("\\*", -1)) {
                if (!first) {
                    glob.append('*');
                    regex.append(uniform ? "." : reach(literal, i > 0, i < values.size()))
                            .append('*');
                    loose.append(".*");
                    shape.append(BREAK);
                }
                literally(piece, glob, regex, loose, shape);
                first = false;
            }
        }
        return new KeyPattern(
                shape.substring(0, shape.indexOf(BREAK)),
                shape.substring(shape.lastIndexOf(BREAK) + 1),
                glob.toString(),
                Pattern.compile(regex.toString(), Pattern.DOTALL),
                Pattern.compile(loose.toString(), Pattern.DOTALL));
    }

    private static void literally(
            String bytes, StringBuilder glob, StringBuilder regex, StringBuilder loose, StringBuilder shape) {
        glob.append(escaped(bytes));
        regex.append(Pattern.quote(bytes));
        loose.append(Pattern.quote(bytes));
        shape.append(bytes);
    }

    /** What a {@code *} of this literal may stand for: not for what separates it from the identifiers at its sides. */
    private static String reach(String literal, boolean behindIdentifier, boolean beforeIdentifier) {
        var separators = new StringBuilder();
        if (behindIdentifier) {
            separators.append("\\x%02x".formatted((int) literal.charAt(0)));
        }
        if (beforeIdentifier) {
            separators.append("\\x%02x".formatted((int) literal.charAt(literal.length() - 1)));
        }
        return "[^" + separators + "]";
    }

    /** Bytes in which Redis' pattern matching sees nothing but themselves. */
    static String escaped(String bytes) {
        return bytes.replaceAll("[*?\\[\\]\\\\^-]", "\\\\$0");
    }

    boolean matches(String key) {
        return regex.matcher(key).matches();
    }

    /** Whether it may be of this subject, or of one whose identifier goes on behind a separator. */
    boolean isInDoubt(String key) {
        return !matches(key) && loose.matcher(key).matches();
    }

    /** Finds every key that any of the patterns may match, whoever is looked for. */
    static String commonGlob(List<Target> targets) {
        List<String> starts = targets.stream()
                .filter(target -> target.kind() == Target.Kind.PATTERN)
                .map(target -> target.lookups().getFirst().template().literals().getFirst())
                .map(literal -> literal.substring(0, (literal + ANYTHING).indexOf(ANYTHING)))
                .distinct()
                .toList();
        return starts.size() == 1 ? escaped(Bytes.of(starts.getFirst())) + ANYTHING : ANYTHING;
    }

    /** Whether the key could be somebody's. */
    static boolean hasForm(Target target, String key) {
        String regex = target.lookups().getFirst().template().literals().stream()
                .map(literal -> Arrays.stream(literal.split("\\*", -1))
                        .map(piece -> Pattern.quote(Bytes.of(piece)))
                        .collect(Collectors.joining(".*")))
                .collect(Collectors.joining(".+"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(key).matches();
    }
}
