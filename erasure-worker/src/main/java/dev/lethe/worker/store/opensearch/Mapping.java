package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.worker.store.opensearch.OpenSearchStoreConfig.Index;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the mapping of an index says about the fields that lead to a subject. Only a keyword compares exactly, and only if
 * every value is indexed, as it is.
 */
final class Mapping {
    private final String name;
    private final List<String> obstacles = new ArrayList<>();
    private final Map<String, Integer> longest = new HashMap<>();

    /** @param name as the configuration has it */
    Mapping(String name) {
        this.name = name;
    }

    /** Looks at one of the indices that the name stands for. */
    void see(String concrete, JsonNode mappings, Index index) {
        for (String field : index.subject().keySet()) {
            problem(mappings, field)
                    .ifPresent(problem -> obstacles.add(
                            "index \"" + concrete + "\" of \"" + name + "\", field \"" + field + "\": " + problem));
        }
    }

    private Optional<String> problem(JsonNode mappings, String path) {
        JsonNode field = mappings;
        String[] names = path.split("\\.", -1);
        for (int i = 0; i < names.length; i++) {
            JsonNode parent = field;
            field = parent.path("properties").path(names[i]);
            if (field.isMissingNode()) {
                field = parent.path("fields").path(names[i]);
            }
            if (field.path("type").asText().equals("nested")) {
                return Optional.of("is in nested documents, which are not found by it; index it at the top, too");
            }
        }
        Optional<String> problem = ofField(field);
        if (problem.isEmpty()) {
            longest.merge(path, field.path("ignore_above").asInt(Integer.MAX_VALUE), Math::min);
        }
        return problem;
    }

    private Optional<String> ofField(JsonNode field) {
        String type = field.path("type").asText();
        if (field.isMissingNode() || (type.isEmpty() && !field.has("properties"))) {
            return Optional.of("is not mapped: nothing could be found by it");
        }
        if (!type.equals("keyword")) {
            return Optional.of("is of type " + (type.isEmpty() ? "object" : type) + ", which does not compare exactly"
                    + hint(field));
        }
        if (field.has("normalizer")) {
            return Optional.of("has a normalizer, so that other people's values compare as equal");
        }
        if (!field.path("index").asBoolean(true) || !field.path("doc_values").asBoolean(true)) {
            return Optional.of("is not indexed, or without doc_values: nothing could be found by it");
        }
        return Optional.empty();
    }

    private static String hint(JsonNode field) {
        var keywords = new ArrayList<String>();
        field.path("fields").properties().forEach(sub -> {
            if (sub.getValue().path("type").asText().equals("keyword")) {
                keywords.add(sub.getKey());
            }
        });
        return keywords.isEmpty()
                ? ": add a field of type keyword, and fill it"
                : ": use its field ." + keywords.getFirst();
    }

    List<String> obstacles() {
        return List.copyOf(obstacles);
    }

    /** How many characters a value of each field may have, so that it is surely indexed ({@code ignore_above}). */
    Map<String, Integer> longest() {
        return Map.copyOf(longest);
    }
}
