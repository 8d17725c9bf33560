package dev.lethe.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fills {@code ${NAME}}, {@code ${NAME:-default}} and {@code ${file:/path}} in a configured value. As in a shell, the
 * default stands in for a variable that is empty, too. A file's content counts without its surrounding white space, as
 * mounted secrets tend to end in a line break.
 */
final class Interpolation {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", Pattern.DOTALL);
    private static final String FILE = "file:";

    private final Map<String, String> environment;

    Interpolation(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * A filled value.
     *
     * @param text the value with every reference replaced
     * @param sources where its parts come from, such as {@code ${KAFKA}}; empty if it stands in the file as it is
     */
    record Filled(String text, Set<String> sources) {}

    /** @throws IllegalArgumentException if a reference leads nowhere; the message names the reference alone */
    Filled fill(String value) {
        var sources = new LinkedHashSet<String>();
        var matcher = REFERENCE.matcher(value);
        var text = new StringBuilder();
        while (matcher.find()) {
            String reference = matcher.group(1);
            matcher.appendReplacement(text, "");
            text.append(resolve(reference, sources));
        }
        return new Filled(matcher.appendTail(text).toString(), sources);
    }

    private String resolve(String reference, Set<String> sources) {
        if (reference.startsWith(FILE)) {
            sources.add("${" + reference + "}");
            return contentOf(reference.substring(FILE.length()));
        }
        var variable = VARIABLE.matcher(reference);
        if (!variable.matches()) {
            throw new IllegalArgumentException(
                    "${" + reference + "} is neither ${NAME}, ${NAME:-default} nor ${file:PATH}");
        }
        String name = variable.group(1);
        String set = environment.get(name);
        String fallback = variable.group(2);
        if (fallback != null && (set == null || set.isEmpty())) {
            return fallback;
        }
        if (set == null) {
            throw new IllegalArgumentException("the environment variable " + name + " is not set");
        }
        sources.add("${" + name + "}");
        return set;
    }

    private static String contentOf(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + path + " can't be read");
        }
    }
}
