package dev.lethe.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A controller's address that is called back. */
final class CallbackReceiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String origin;
    private final HttpServer server;
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile int answer = 202;
    private volatile String refused = "none";

    /** @param status what it was answered */
    record Call(String path, byte[] body, String domain, String signature, String contentType, int status) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        String field(String name) {
            return json().path(name).asText();
        }
    }

    CallbackReceiver() throws IOException {
        this("http://127.0.0.1", HttpServer.create(anyPort(), 0));
    }

    private CallbackReceiver(String origin, HttpServer server) {
        this.origin = origin;
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/callbacks", exchange -> {
            byte[] said = exchange.getRequestBody().readAllBytes();
            int status = new String(said, UTF_8).contains(refused) ? 404 : answer;
            var headers = exchange.getRequestHeaders();
            calls.add(new Call(
                    exchange.getRequestURI().getPath(),
                    said,
                    headers.getFirst("X-OpenDSR-Processor-Domain"),
                    headers.getFirst("X-OpenDSR-Signature"),
                    headers.getFirst("Content-Type"),
                    status));
            if (status / 100 == 3) {
                exchange.getResponseHeaders().add("Location", url("elsewhere"));
            }
            byte[] body = "thank you".getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** One that shows a certificate for {@code localhost}. */
    static CallbackReceiver withTls(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new CallbackReceiver("https://localhost", server);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The address, with a secret in it. */
    String url(String name) {
        return origin + ":" + server.getAddress().getPort() + "/callbacks/" + name + "?token=s3cret";
    }

    void answer(int status) {
        answer = status;
    }

    /** Answers 404 to what is about that request. */
    void refuse(String subjectRequestId) {
        refused = subjectRequestId;
    }

    /** What was called about that request and taken, in the order in which it came. */
    List<Call> taken(String subjectRequestId) {
        return of(subjectRequestId).stream()
                .filter(call -> call.status() / 100 == 2)
                .toList();
    }

    /** All that was called about that request. */
    List<Call> of(String subjectRequestId) {
        return calls.stream()
                .filter(call -> call.field("subject_request_id").equals(subjectRequestId))
                .toList();
    }

    /** Whether the address was ever called to which it has sent callers on. */
    boolean wasFollowed() {
        return calls.stream().anyMatch(call -> call.path().endsWith("/elsewhere"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
