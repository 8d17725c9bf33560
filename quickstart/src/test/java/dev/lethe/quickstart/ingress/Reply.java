package dev.lethe.quickstart.ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An answer as it came over the wire.
 *
 * @param headers by name in lower case
 * @param took from the start of the request to the last byte of the answer
 */
record Reply(int status, Map<String, String> headers, String body, Duration took) {
    private static final ObjectMapper JSON = new ObjectMapper();

    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + body, e);
        }
    }

    /** The word that a 200 says, or code and pointer of every problem. */
    List<String> says() {
        JsonNode json = json();
        if (json.has("status")) {
            return List.of(json.path("status").asText());
        }
        return json.path("errors")
                .valueStream()
                .map(error -> (error.path("code").asText() + " "
                                + error.path("pointer").asText(""))
                        .strip())
                .toList();
    }

    boolean isAccepted() {
        return status == 200 && says().equals(List.of("accepted"));
    }

    /** Whether the record may be in the log although the caller was told to come again. */
    boolean isOutcomeUnknown() {
        return status == 503 && says().equals(List.of("[unavailable]"));
    }
}
