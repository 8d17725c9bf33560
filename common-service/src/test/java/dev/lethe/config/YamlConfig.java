package dev.lethe.config;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A configuration file for tests, without the file.
 *
 * @param text the YAML
 * @param environment the variables that it can refer to
 */
public record YamlConfig(String text, Map<String, String> environment) {
    public static YamlConfig yaml(String text) {
        return new YamlConfig(text, Map.of());
    }

    public YamlConfig with(String variable, String value) {
        return new YamlConfig(text, Map.of(variable, value));
    }

    public <T> ConfigFile<T> read(Function<Section, T> reader) throws ConfigException {
        return ConfigFile.parse("lethe.yaml", text, environment, reader);
    }

    /** What the service would be configured with. */
    public <T> T value(Function<Section, T> reader) throws ConfigException {
        return read(reader).config();
    }

    /** A service that is configured with one text. */
    public String text(String key) throws ConfigException {
        return read(section -> section.text(key)).config();
    }

    /** What is wrong with it, without the heading. */
    public List<String> problems(Function<Section, ?> reader) {
        var thrown = assertThatExceptionOfType(ConfigException.class)
                .as("reading %s", text)
                .isThrownBy(() -> read(reader))
                .actual();
        List<String> lines = thrown.getMessage().lines().map(String::strip).toList();
        return lines.subList(1, lines.size());
    }
}
