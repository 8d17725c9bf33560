package dev.lethe.worker.store.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.Occasion;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Lethe and a service say to each other; docs/http-store.md has it for whoever writes a service. */
final class Messages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpStoreConfig config;

    Messages(HttpStoreConfig config) {
        this.config = config;
    }

    String erasure(List<Asked> asked) {
        ObjectNode body = body("erasure");
        asked.forEach(one -> {
            ObjectNode subject = subject(body, one.subject());
            Occasion occasion = one.occasion();
            subject.put("id", occasion.id())
                    .put("requestedAt", occasion.requestedAt().toString());
            if (occasion.traceparent() != null) {
                subject.put("traceparent", occasion.traceparent());
            }
        });
        return text(body);
    }

    String count(List<Subject> subjects) {
        ObjectNode body = body("count");
        subjects.forEach(subject -> subject(body, subject));
        return text(body);
    }

    private static ObjectNode body(String type) {
        ObjectNode body = JSON.createObjectNode().put("type", type);
        body.putArray("subjects");
        return body;
    }

    private ObjectNode subject(ObjectNode body, Subject subject) {
        ObjectNode node =
                body.withArray("subjects").addObject().put("key", subject.key().value());
        ObjectNode identifiers = node.putObject("identifiers");
        Stream.concat(config.identifiers().stream(), config.optionalIdentifiers().stream())
                .distinct()
                .filter(name -> !subject.values(name).isEmpty())
                .forEach(name -> subject.values(name).forEach(identifiers.withArray(name)::add));
        return node;
    }

    static String text(JsonNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            // Its message may repeat an identifier.
            throw new IllegalStateException("a tree is always written");
        }
    }

    /**
     * The counts of these subjects, in order, each with every target.
     *
     * @throws StoreUnavailableException {@code MISCONFIGURED} if one is missing: 0 would be a guess
     */
    List<Map<String, Long>> items(Answer answer, List<Subject> subjects) throws StoreUnavailableException {
        var byKey = new LinkedHashMap<String, JsonNode>();
        answer.json()
                .path("results")
                .forEach(result -> byKey.put(result.path("key").asText(), result.path("items")));
        var all = new ArrayList<Map<String, Long>>();
        for (Subject subject : subjects) {
            JsonNode items = byKey.get(subject.key().value());
            if (items == null) {
                throw new StoreUnavailableException(
                        "MISCONFIGURED", "the service's answer has no result for some of the subjects");
            }
            var counted = new LinkedHashMap<String, Long>();
            for (String target : config.targets()) {
                JsonNode count = items.path(target);
                if (!count.isIntegralNumber() || !count.canConvertToLong() || count.asLong() < 0) {
                    throw new StoreUnavailableException(
                            "MISCONFIGURED", "the service's answer does not count \"" + target + "\": check targets");
                }
                counted.put(target, count.asLong());
            }
            all.add(counted);
        }
        return all;
    }
}
