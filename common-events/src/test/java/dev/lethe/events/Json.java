package dev.lethe.events;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A record's value as a tree that tests tear at, with a mapper that knows nothing of the codec's settings. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode tree(byte[] json) {
        try {
            return (ObjectNode) MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode value(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode text(String text) {
        return MAPPER.getNodeFactory().textNode(text);
    }

    static byte[] bytes(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The place of every field, at any level, such as {@code /trigger/source}. */
    static List<JsonPointer> fields(JsonNode tree) {
        var fields = new ArrayList<JsonPointer>();
        collect(tree, JsonPointer.empty(), fields);
        return fields;
    }

    /** Every object in it, itself included. */
    static List<ObjectNode> objects(JsonNode tree) {
        var objects = new ArrayList<ObjectNode>();
        if (tree instanceof ObjectNode object) {
            objects.add(object);
        }
        tree.forEach(child -> objects.addAll(objects(child)));
        return objects;
    }

    static ObjectNode with(ObjectNode tree, JsonPointer field, JsonNode value) {
        ObjectNode copy = tree.deepCopy();
        if (copy.at(field.head()) instanceof ObjectNode parent) {
            parent.set(field.last().getMatchingProperty(), value);
        } else {
            throw new IllegalArgumentException("no object holds " + field);
        }
        return copy;
    }

    static ObjectNode without(ObjectNode tree, JsonPointer field) {
        ObjectNode copy = tree.deepCopy();
        if (copy.at(field.head()) instanceof ObjectNode parent) {
            parent.remove(field.last().getMatchingProperty());
        }
        return copy;
    }

    private static void collect(JsonNode tree, JsonPointer at, List<JsonPointer> fields) {
        tree.fieldNames().forEachRemaining(name -> {
            JsonPointer field = at.appendProperty(name);
            fields.add(field);
            collect(tree.get(name), field, fields);
        });
    }
}
