package dev.lethe.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lethe.config.Section.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A configuration as it was read.
 *
 * @param config what the service is configured with
 * @param effective every value in force with its source, a line each, secrets as {@code ***}
 */
public record ConfigFile<T>(T config, List<String> effective) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    public ConfigFile {
        effective = List.copyOf(effective);
    }

    /**
     * Reads a YAML file.
     *
     * @param file the file
     * @param environment fills {@code ${NAME}}
     * @param reader turns the file into the configuration, asking for every key that there is
     * @throws ConfigException with all problems at once
     */
    public static <T> ConfigFile<T> load(Path file, Map<String, String> environment, Function<Section, T> reader)
            throws ConfigException {
        try {
            return parse(file.toString(), Files.readString(file), environment, reader);
        } catch (IOException e) {
            throw new ConfigException(file.toString(), List.of("the file can't be read; name it with --config FILE"));
        }
    }

    /** Reads YAML that is no file; {@code name} stands for it in messages. */
    public static <T> ConfigFile<T> parse(
            String name, String yaml, Map<String, String> environment, Function<Section, T> reader)
            throws ConfigException {
        var reading = new Reading(new Interpolation(environment));
        return new ConfigFile<>(read(name, yaml, reader, reading), reading.effective());
    }

    static <T> T read(String name, String yaml, Function<Section, T> reader, Reading reading) throws ConfigException {
        Section root = new Section(tree(name, yaml), reading);
        T config = null;
        try {
            config = reader.apply(root);
        } catch (IllegalArgumentException e) {
            // A stand-in can trip a check of its own; what made it necessary is reported below.
            if (reading.problems().isEmpty()) {
                reading.problems().add(String.valueOf(e.getMessage()));
            }
        }
        var problems = new ArrayList<>(reading.problems());
        reading.sections().forEach(section -> problems.addAll(section.unknown()));
        if (config == null || !problems.isEmpty()) {
            throw new ConfigException(name, problems);
        }
        return config;
    }

    private static JsonNode tree(String name, String yaml) throws ConfigException {
        try (JsonParser parser = YAML.createParser(yaml)) {
            JsonNode tree = parser.nextToken() == null ? NODES.nullNode() : node(parser);
            if (parser.nextToken() != null) {
                throw new ConfigException(name, List.of("must be a single YAML document"));
            }
            if (tree.isNull()) {
                return MissingNode.getInstance();
            }
            if (!tree.isObject()) {
                throw new ConfigException(name, List.of("must be a mapping"));
            }
            return tree;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new ConfigException(name, List.of("not YAML" + where));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Scalars as they are written: to YAML the password 0123 is the number 83, and 1.10 the same as 1.1.
    private static JsonNode node(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var mapping = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    mapping.set(key, node(parser));
                }
                yield mapping;
            }
            case START_ARRAY -> {
                var list = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(node(parser));
                }
                yield list;
            }
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.textNode(parser.getText());
        };
    }
}
