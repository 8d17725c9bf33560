package dev.lethe.worker.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.worker.status.LaneHealth.Because;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of one of its lanes: {@code GET /health/lanes} on its management port.
 *
 * @param group its consumer group; several lanes can share one
 * @param because why it holds; null if it does not
 */
public record ReportedLane(String group, @Nullable Because because) {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Asks a worker.
     *
     * @param worker such as {@code http://worker-1:8081}
     * @throws IOException if it does not answer, or not as a worker does
     */
    public static List<ReportedLane> ask(URI worker) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(withoutSlash(worker) + "/health/lanes"))
                    .timeout(PATIENCE)
                    .build();
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            JsonNode lanes = JSON.readTree(answer.body()).path("lanes");
            if (!lanes.isArray()) {
                throw new IOException("HTTP " + answer.statusCode() + " without lanes");
            }
            var reported = new ArrayList<ReportedLane>();
            lanes.forEach(lane -> reported.add(read(lane)));
            return reported;
        }
    }

    private static ReportedLane read(JsonNode lane) {
        boolean holds = lane.path("state").asText().equalsIgnoreCase("holding");
        return new ReportedLane(
                lane.path("group").asText(),
                holds
                        ? new Because(
                                instant(lane.path("since")),
                                lane.path("code").asText(),
                                lane.path("message").asText())
                        : null);
    }

    private static @Nullable Instant instant(JsonNode node) {
        try {
            return Instant.parse(node.asText());
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String withoutSlash(URI worker) {
        String text = worker.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
