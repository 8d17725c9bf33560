package dev.lethe.quickstart.newsletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One subject of a request.
 *
 * @param key its pseudonym, which the answer repeats
 * @param id of this erasure; the same when it is asked again
 */
record Asked(String key, String id, List<String> userIds, List<String> emails) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty if the body is not what docs/http-store.md describes. */
    static Optional<List<Asked>> parse(byte[] body, String type) {
        try {
            JsonNode request = JSON.readTree(body);
            if (request == null
                    || !request.path("type").asText().equals(type)
                    || !request.path("subjects").isArray()) {
                return Optional.empty();
            }
            var asked = new ArrayList<Asked>();
            request.path("subjects")
                    .forEach(subject -> asked.add(new Asked(
                            subject.path("key").asText(),
                            subject.path("id").asText(),
                            texts(subject.at("/identifiers/userId")),
                            texts(subject.at("/identifiers/email")))));
            return asked.stream().allMatch(one -> one.isWhole(type)) ? Optional.of(asked) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isWhole(String type) {
        return !key.isEmpty() && !userIds.isEmpty() && (!id.isEmpty() || !type.equals(NewsletterService.ERASURE));
    }

    private static List<String> texts(JsonNode values) {
        var texts = new ArrayList<String>();
        values.forEach(value -> texts.add(value.asText()));
        return List.copyOf(texts);
    }

    @Override
    public String toString() {
        return "Asked[" + key + "]";
    }
}
