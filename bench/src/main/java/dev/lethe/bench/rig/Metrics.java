package dev.lethe.bench.rig;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** What a service says of itself on its management port, at one moment. */
public final class Metrics {
    private final List<String> lines;

    private Metrics(List<String> lines) {
        this.lines = lines;
    }

    static Metrics of(int managementPort) throws IOException, InterruptedException {
        HttpRequest asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/metrics"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return new Metrics(
                    http.send(asked, BodyHandlers.ofString()).body().lines().toList());
        }
    }

    /** The sum of all series of this name whose labels include these. */
    public double sum(String name, String... labels) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The mean of a timer or summary since an earlier moment. */
    public double mean(String name, Metrics since, String... labels) {
        return (sum(name + "_sum", labels) - since.sum(name + "_sum", labels))
                / (sum(name + "_count", labels) - since.sum(name + "_count", labels));
    }
}
