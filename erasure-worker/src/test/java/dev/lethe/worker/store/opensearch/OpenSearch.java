package dev.lethe.worker.store.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A real OpenSearch in a JVM of its own, which ends with this one, and in front of it a proxy that demands a login, can be
 * cut off, and remembers what was called.
 */
final class OpenSearch implements AutoCloseable {
    static final String USER = "lethe";
    static final String PASSWORD = "s3cret";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LIBRARIES = Path.of("..", "opensearch-node", "target", "lib");
    private static final String LOGIN =
            "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final int nodePort;
    private final Process node;
    private ExecutorService threads;
    private HttpServer proxy;
    private int port;
    private volatile int refusal;

    /** @param directory holds its data and its log */
    OpenSearch(Path directory) {
        assertThat(LIBRARIES).as("built by mvn package of opensearch-node").isDirectory();
        this.nodePort = freePort();
        this.node = start(directory);
        listen(0);
        await().atMost(Duration.ofMinutes(4)).until(this::isUp);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(Path directory) {
        try {
            Path home = Files.createDirectories(directory.resolve("home"));
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            LIBRARIES.toAbsolutePath().normalize() + "/*",
                            "dev.lethe.opensearch.OpenSearchNode",
                            home.toString(),
                            Integer.toString(nodePort))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("opensearch.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isUp() {
        assertThat(node.isAlive()).as("OpenSearch runs").isTrue();
        try {
            HttpRequest health = HttpRequest.newBuilder(node("/_cluster/health?wait_for_status=yellow"))
                    .build();
            return http.send(health, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private URI node(String path) {
        return URI.create("http://127.0.0.1:" + nodePort + path);
    }

    String url() {
        return "http://localhost:" + port;
    }

    /** Calls the node itself, which has to do it. */
    JsonNode call(String method, String path, String body) {
        var response = tryCall(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls the node itself. */
    HttpResponse<String> tryCall(String method, String path, String body) {
        try {
            return http.send(
                    HttpRequest.newBuilder(node(path))
                            .timeout(Duration.ofMinutes(1))
                            .header("Content-Type", "application/json")
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts in documents, each into an index, which no search finds until a refresh. */
    void create(List<Map.Entry<String, ? extends JsonNode>> documents) {
        var lines = new StringBuilder();
        documents.forEach(document -> lines.append("{\"create\":{\"_index\":\"")
                .append(document.getKey())
                .append("\"}}\n")
                .append(document.getValue())
                .append('\n'));
        assertThat(call("POST", "/_bulk", lines.toString()).path("errors").asBoolean())
                .isFalse();
    }

    /** Every document, in an order of its own. */
    List<String> documents(String indices) {
        call("POST", "/" + indices + "/_refresh", "");
        var documents = new ArrayList<String>();
        call("GET", "/" + indices + "/_search?size=10000", "")
                .path("hits")
                .path("hits")
                .forEach(hit -> documents.add(hit.path("_index").asText() + hit.path("_source")));
        return documents.stream().sorted().toList();
    }

    long count(String indices) {
        call("POST", "/" + indices + "/_refresh", "");
        return call("GET", "/" + indices + "/_count", "").path("count").asLong();
    }

    void clear(String indices) {
        call("POST", "/" + indices + "/_refresh", "");
        call(
                "POST",
                "/" + indices + "/_delete_by_query?refresh=true&conflicts=proceed",
                "{\"query\":{\"match_all\":{}}}");
    }

    /** Method and path of what came through the proxy, in order. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    void forgetCalls() {
        calls.clear();
    }

    /** Answers everything with this status; 0 to stop that. */
    void refuse(int status) {
        refusal = status;
    }

    private void listen(int wanted) {
        try {
            proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 1_000);
            threads = Executors.newVirtualThreadPerTaskExecutor();
            proxy.setExecutor(threads);
            proxy.createContext("/", this::pass);
            proxy.start();
            port = proxy.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!LOGIN.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            if (refusal > 0) {
                exchange.sendResponseHeaders(refusal, -1);
                return;
            }
            calls.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            node(exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            if (type != null) {
                request.header("Content-Type", type);
            }
            var response = http.send(request.build(), BodyHandlers.ofByteArray());
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
            exchange.sendResponseHeaders(
                    response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(response.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void cutOff() {
        proxy.stop(0);
        threads.shutdownNow();
    }

    void bringBack() {
        listen(port);
    }

    @Override
    public void close() {
        cutOff();
        node.destroyForcibly();
    }
}
