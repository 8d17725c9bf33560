package dev.lethe.worker.store.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A service that sends newsletters and surveys, and erases people from both when it is asked as docs/http-store.md has it. It
 * can be cut off, and keeps what it holds.
 */
final class NewsService implements AutoCloseable {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4vZ0F2";
    static final String FORMER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDjZ1k";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> IDENTIFIER_BY_TARGET =
            Map.of("subscriptions", "email", "surveys", "userId");

    private final List<Item> items = new ArrayList<>();
    private final Map<String, ObjectNode> doneById = new HashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<InetSocketAddress> callers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final SSLContext tls;
    private ExecutorService threads;
    private HttpServer server;
    private int port;
    private volatile Function<Request, Reply> script = request -> null;

    /** Something that the service holds of some people. */
    private record Item(String target, Set<String> owners) {
        boolean isOf(JsonNode subject) {
            return Stream.of(subject.path("identifiers").path(IDENTIFIER_BY_TARGET.get(target)))
                    .flatMap(values -> Stream.iterate(0, i -> i < values.size(), i -> i + 1)
                            .map(values::get))
                    .anyMatch(value -> owners.contains(value.asText()));
        }
    }

    record Request(String method, String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().getFirst())
                    .findFirst()
                    .orElse(null);
        }

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    record Reply(int status, Map<String, String> headers, String body) {
        static Reply of(int status) {
            return new Reply(status, Map.of(), "");
        }

        static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body);
        }

        Reply with(String header, String value) {
            var all = new HashMap<>(headers);
            all.put(header, value);
            return new Reply(status, all, body);
        }
    }

    NewsService() {
        this(null);
    }

    /** @param tls what it speaks TLS with, and demands a client's certificate by; null for plain HTTP */
    NewsService(SSLContext tls) {
        this.tls = tls;
        listen(0);
    }

    private void listen(int wanted) {
        try {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted);
            server = tls == null ? HttpServer.create(address, 1_000) : https(address);
            threads = Executors.newVirtualThreadPerTaskExecutor();
            server.setExecutor(threads);
            server.createContext("/", this::receive);
            server.start();
            port = server.getAddress().getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpsServer https(InetSocketAddress address) throws IOException {
        HttpsServer https = HttpsServer.create(address, 1_000);
        https.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters demanding = getSSLContext().getDefaultSSLParameters();
                demanding.setNeedClientAuth(true);
                parameters.setSSLParameters(demanding);
            }
        });
        return https;
    }

    String url(String path) {
        return (tls == null ? "http" : "https") + "://localhost:" + port + path;
    }

    /** Answers instead of the service where it does not give null. */
    void script(Function<Request, Reply> newScript) {
        script = newScript;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Those that were about somebody. */
    List<Request> erasures() {
        return requests.stream()
                .filter(request -> request.path().equals("/erasures"))
                .filter(request -> !request.json().path("subjects").isEmpty())
                .toList();
    }

    int mostUnderWay() {
        return mostUnderWay.get();
    }

    /** How many connections requests came over. */
    int connections() {
        return callers.size();
    }

    synchronized void subscribe(String... emails) {
        items.add(new Item("subscriptions", Set.of(emails)));
    }

    synchronized void survey(String... userIds) {
        items.add(new Item("surveys", Set.of(userIds)));
    }

    synchronized List<String> contents() {
        return items.stream()
                .map(item -> item.target() + item.owners().stream().sorted().toList())
                .sorted()
                .toList();
    }

    void cutOff() {
        server.stop(0);
        threads.shutdownNow();
    }

    void bringBack() {
        listen(port);
    }

    private void receive(HttpExchange exchange) throws IOException {
        callers.add(exchange.getRemoteAddress());
        try (exchange) {
            Reply reply = replyTo(exchange);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        }
    }

    /** A request counts as under way until its answer begins: a caller may send the next one before this thread is done. */
    private Reply replyTo(HttpExchange exchange) throws IOException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            var request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            Reply scripted = script.apply(request);
            return scripted == null ? answer(request) : scripted;
        } finally {
            underWay.decrementAndGet();
        }
    }

    private Reply answer(Request request) {
        if (!Set.of("/erasures", "/counts").contains(request.path())) {
            return Reply.of(404);
        }
        if (!request.method().equals("POST")) {
            return Reply.of(405);
        }
        if (!isSigned(request)) {
            return Reply.of(401);
        }
        ObjectNode body = JSON.createObjectNode();
        body.putArray("targets").add("subscriptions").add("surveys");
        var results = body.putArray("results");
        results.addAll(
                request.path().equals("/counts")
                        ? counts(request.json().path("subjects"))
                        : erase(request.json().path("subjects")));
        return Reply.of(200, body.toString());
    }

    static boolean isSigned(Request request) {
        try {
            new Webhook(SECRET)
                    .verify(
                            request.body(),
                            Map.of(
                                    "webhook-id", List.of(String.valueOf(request.header("webhook-id"))),
                                    "webhook-timestamp", List.of(String.valueOf(request.header("webhook-timestamp"))),
                                    "webhook-signature", List.of(String.valueOf(request.header("webhook-signature")))));
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    private synchronized List<ObjectNode> counts(JsonNode subjects) {
        var results = new ArrayList<ObjectNode>();
        subjects.forEach(subject -> {
            ObjectNode result =
                    JSON.createObjectNode().put("key", subject.path("key").asText());
            ObjectNode counted = result.putObject("items");
            for (String target : List.of("subscriptions", "surveys")) {
                counted.put(
                        target,
                        items.stream()
                                .filter(item -> item.target().equals(target) && item.isOf(subject))
                                .count());
            }
            results.add(result);
        });
        return results;
    }

    /** What has been done under an id is not done again: the answer may have got lost. */
    private synchronized List<ObjectNode> erase(JsonNode subjects) {
        List<ObjectNode> results = counts(subjects);
        for (int i = 0; i < results.size(); i++) {
            String id = subjects.get(i).path("id").asText();
            ObjectNode before = doneById.putIfAbsent(id, results.get(i));
            if (before != null) {
                results.set(i, before);
            }
        }
        subjects.forEach(subject -> items.removeIf(item -> item.isOf(subject)));
        return results;
    }

    @Override
    public void close() {
        cutOff();
    }
}
