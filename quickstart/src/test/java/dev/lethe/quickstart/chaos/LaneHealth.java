package dev.lethe.quickstart.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.StreamSupport;

/** What a worker says of its lanes on its management port. */
record LaneHealth(JsonNode lanes, List<String> metrics) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** How many batches a lane has worked off, and how many records were in them. */
    record Batches(long number, double records) {
        Batches since(Batches before) {
            return new Batches(number - before.number, records - before.records);
        }

        double average() {
            return records / number;
        }
    }

    static LaneHealth of(Service worker) throws IOException, InterruptedException {
        return new LaneHealth(
                new JsonMapper().readTree(get(worker, "/health/lanes")),
                get(worker, "/metrics").lines().toList());
    }

    /** {@code running}, {@code idle} or {@code holding}. */
    String state(String lane) {
        return StreamSupport.stream(lanes.path("lanes").spliterator(), false)
                .filter(entry -> entry.path("name").asText().equals(lane))
                .map(entry -> entry.path("state").asText())
                .findFirst()
                .orElseThrow();
    }

    Batches batches(String lane) {
        return new Batches(
                (long) metric("lethe_lane_batch_records_count", lane), metric("lethe_lane_batch_records_sum", lane));
    }

    private double metric(String name, String lane) {
        return metrics.stream()
                .filter(line -> line.startsWith(name + "{") && line.contains("lane=\"" + lane + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private static String get(Service worker, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + worker.managementPort() + path);
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
