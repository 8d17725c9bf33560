package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.opensearch.ErasurePlan.Target;
import java.util.List;

/** What is asked of the cluster, as JSON. Values are values of it, never part of a query's text or of a script. */
final class Queries {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sets and removes fields by their path, wherever objects and lists of objects lead. */
    private static final String ANONYMIZE = """
            void put(def node, List path, int at, boolean remove, def value) {
              if (node instanceof List) {
                for (def element : node) { put(element, path, at, remove, value); }
              } else if (node instanceof Map) {
                String rest = path[at];
                for (int i = at + 1; i < path.size(); i++) {
                  if (node.containsKey(rest)) { put(node[rest], path, i, remove, value); }
                  rest = rest + '.' + path[i];
                }
                if (remove) { node.remove(rest); }
                else if (at == path.size() - 1 || node.containsKey(rest)) { node[rest] = value; }
              }
            }
            for (def change : params.changes) {
              put(ctx._source, change.path, 0, change.remove, change.value);
            }
            """;

    private Queries() {}

    /** The documents of any of the subjects. */
    static ObjectNode documents(Target target, List<Subject> subjects) {
        ObjectNode query = JSON.createObjectNode();
        ArrayNode should = query.putObject("bool").putArray("should");
        target.index().subject().forEach((field, identifier) -> {
            ArrayNode values = JSON.createArrayNode();
            subjects.forEach(subject -> subject.values(identifier).forEach(values::add));
            if (!values.isEmpty()) {
                should.addObject().putObject("terms").set(field, values);
            }
        });
        return query;
    }

    /** Finds them one by one, each with what tells whose it is and that it is unchanged. */
    static String find(Target target, List<Subject> subjects, int most) {
        ObjectNode search = JSON.createObjectNode();
        search.put("size", most)
                .put("track_total_hits", true)
                .put("seq_no_primary_term", true)
                .put("_source", false)
                .set("query", documents(target, subjects));
        search.putArray("sort").add("_doc");
        ArrayNode fields = search.putArray("docvalue_fields");
        target.index().subject().keySet().forEach(fields::add);
        return lines(header(target), search);
    }

    /** Counts them for each subject. */
    static String count(Target target, List<Subject> subjects) {
        ObjectNode search = JSON.createObjectNode();
        search.put("size", 0).put("track_total_hits", true).set("query", documents(target, subjects));
        ArrayNode filters = search.putObject("aggs")
                .putObject("subjects")
                .putObject("filters")
                .putArray("filters");
        subjects.forEach(subject -> filters.add(documents(target, List.of(subject))));
        return lines(header(target), search);
    }

    private static ObjectNode header(Target target) {
        return JSON.createObjectNode()
                .put("index", target.name())
                .put("ignore_unavailable", false)
                .put("allow_no_indices", false);
    }

    /** One document of a bulk request, which fails if it was changed since it was found. */
    static String change(Target target, JsonNode hit) {
        ObjectNode document = JSON.createObjectNode();
        document.set("_index", hit.path("_index"));
        document.set("_id", hit.path("_id"));
        document.set("if_seq_no", hit.path("_seq_no"));
        document.set("if_primary_term", hit.path("_primary_term"));
        if (hit.has("_routing")) {
            document.set("routing", hit.path("_routing"));
        }
        ObjectNode action = JSON.createObjectNode();
        if (!target.index().anonymize()) {
            action.set("delete", document);
            return lines(action);
        }
        action.set("update", document);
        ObjectNode update = JSON.createObjectNode();
        update.set("script", script(target));
        return lines(action, update);
    }

    /** The body of a delete or update by query. */
    static String changeAll(Target target, List<Subject> subjects) {
        ObjectNode body = JSON.createObjectNode();
        body.set("query", documents(target, subjects));
        if (target.index().anonymize()) {
            body.set("script", script(target));
        }
        return body.toString();
    }

    private static ObjectNode script(Target target) {
        ObjectNode script = JSON.createObjectNode().put("lang", "painless").put("source", ANONYMIZE);
        ArrayNode changes = script.putObject("params").putArray("changes");
        target.index()
                .set()
                .forEach((path, value) -> change(changes, path, false).put("value", value));
        target.index().unset().forEach(path -> change(changes, path, true));
        return script;
    }

    private static ObjectNode change(ArrayNode changes, String path, boolean remove) {
        ObjectNode change = changes.addObject().put("remove", remove);
        ArrayNode names = change.putArray("path");
        for (String name : path.split("\\.", -1)) {
            names.add(name);
        }
        return change;
    }

    private static String lines(JsonNode... lines) {
        var text = new StringBuilder();
        for (JsonNode line : lines) {
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
