package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An index of profiles. */
public final class OpenSearchSide implements Side {
    private final OpenSearch server;

    public OpenSearchSide(Path directory) {
        try {
            server = new OpenSearch(Files.createDirectories(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.call("PUT", "/profiles", "{\"mappings\":{\"properties\":{\"owner\":{\"type\":\"keyword\"}}}}");
    }

    @Override
    public String name() {
        return "opensearch";
    }

    @Override
    public String configuration() {
        return ("{ type: opensearch, url: \"%s\", username: %s, password: %s,"
                        + " indices: { profiles: { subject: { owner: userId } } } }")
                .formatted(server.url(), OpenSearch.USER, OpenSearch.PASSWORD);
    }

    @Override
    public void plant(List<Subject> subjects) {
        var documents = new ArrayList<Map.Entry<String, ? extends JsonNode>>();
        subjects.forEach(subject -> documents.add(Map.entry("profiles", profile(subject))));
        server.create(documents);
    }

    private static ObjectNode profile(Subject subject) {
        return JsonNodeFactory.instance.objectNode().put("owner", subject.userId());
    }

    @Override
    public List<String> contents() {
        return server.documents("profiles");
    }

    @Override
    public void cutOff() {
        server.cutOff();
    }

    @Override
    public void bringBack() {
        server.bringBack();
    }

    @Override
    public void close() {
        server.close();
    }
}
