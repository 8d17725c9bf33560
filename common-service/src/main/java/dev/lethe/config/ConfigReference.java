package dev.lethe.config;

import dev.lethe.config.Section.Reading;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a reader asks a file for.
 *
 * @param keys every key with a value of its own, in the order in which it was asked for
 * @param untried what it asked for and the file does not have: were it there, the reader might ask for more
 */
public record ConfigReference(List<ConfigKey> keys, Set<String> untried) {
    public ConfigReference {
        keys = List.copyOf(keys);
        untried = Set.copyOf(untried);
    }

    /**
     * Reads a file that has as many keys as there are.
     *
     * @throws ConfigException if anything is wrong with it
     */
    public static ConfigReference of(String yaml, Map<String, String> environment, Function<Section, ?> reader)
            throws ConfigException {
        var reading = new Reading(new Interpolation(environment));
        Object unused = ConfigFile.read("the example", yaml, reader::apply, reading);
        var untried = new LinkedHashSet<String>();
        reading.sections().forEach(section -> untried.addAll(section.asked()));
        reading.sections().forEach(section -> untried.removeAll(section.present()));
        return new ConfigReference(List.copyOf(reading.keys().values()), untried);
    }
}
