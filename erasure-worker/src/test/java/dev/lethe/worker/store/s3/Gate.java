package dev.lethe.worker.store.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What S3 does and S3Mock does not, in front of it: asks for an access key, and keeps versions whose retention or legal hold
 * S3Mock knows. Answers as the API reference of S3 says. Everything else passes through, as long as the connection is not cut.
 */
final class Gate implements AutoCloseable {
    static final String ACCESS_KEY = "AKIALETHE";

    private static final Set<String> OF_A_CONNECTION =
            Set.of("host", "connection", "content-length", "expect", "transfer-encoding", "upgrade");

    private final URI server;
    private final S3Client admin;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> broken = new ConcurrentHashMap<>();
    private volatile boolean locks;
    private HttpServer http;
    private int port;

    Gate(URI server, S3Client admin) {
        this.server = server;
        this.admin = admin;
        open();
    }

    private record Refusal(String key, String version, String code) {}

    void open() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = http.getAddress().getPort();
        http.setExecutor(Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("gate-", 0).factory()));
        http.createContext("/", this::pass);
        http.start();
    }

    /** Closes every connection at once, in the middle of whatever is going on, and refuses new ones. */
    void cut() {
        http.stop(0);
    }

    URI url() {
        return URI.create("http://localhost:" + port);
    }

    /** The deletion of this key fails with a code, the request as a whole does not. */
    void breakDown(String key, String code) {
        broken.put(key, code);
    }

    /** Asks S3Mock about the lock of each version from now on. */
    void keepLocked() {
        locks = true;
    }

    void mend() {
        broken.clear();
        locks = false;
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!authorization.contains("Credential=" + ACCESS_KEY + "/")) {
                answer(exchange, 403, "<Error><Code>InvalidAccessKeyId</Code></Error>");
                return;
            }
            if ("delete".equals(exchange.getRequestURI().getRawQuery())) {
                Document asked = parse(body);
                List<Refusal> refusals =
                        refusals(exchange.getRequestURI().getPath().substring(1), asked);
                if (!refusals.isEmpty()) {
                    deleteTheRest(exchange, asked, refusals);
                    return;
                }
            }
            HttpResponse<byte[]> response = forward(exchange, body);
            response.headers().map().forEach((name, values) -> {
                if (!OF_A_CONNECTION.contains(name)) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            boolean empty = response.body().length == 0;
            exchange.sendResponseHeaders(response.statusCode(), empty ? -1 : response.body().length);
            if (!empty) {
                exchange.getResponseBody().write(response.body());
            }
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        URI asked = exchange.getRequestURI();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        var request = HttpRequest.newBuilder(URI.create(server + asked.getRawPath() + query))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private List<Refusal> refusals(String bucket, Document asked) {
        var refusals = new ArrayList<Refusal>();
        for (Element object : objects(asked)) {
            String key = text(object, "Key");
            String version = text(object, "VersionId");
            if (broken.containsKey(key)) {
                refusals.add(new Refusal(key, version, broken.get(key)));
            } else if (isLocked(bucket, key, version)) {
                refusals.add(new Refusal(key, version, "AccessDenied"));
            }
        }
        return refusals;
    }

    private boolean isLocked(String bucket, String key, String version) {
        if (!locks) {
            return false;
        }
        try {
            return admin.getObjectLegalHold(
                                    request -> request.bucket(bucket).key(key).versionId(version))
                            .legalHold()
                            .status()
                    == ObjectLockLegalHoldStatus.ON;
        } catch (S3Exception e) {
            return isRetained(bucket, key, version);
        }
    }

    private boolean isRetained(String bucket, String key, String version) {
        try {
            return admin.getObjectRetention(
                            request -> request.bucket(bucket).key(key).versionId(version))
                    .retention()
                    .retainUntilDate()
                    .isAfter(Instant.now());
        } catch (S3Exception e) {
            return false;
        }
    }

    private void deleteTheRest(HttpExchange exchange, Document asked, List<Refusal> refusals) throws IOException {
        String bucket = exchange.getRequestURI().getPath().substring(1);
        for (Element object : objects(asked)) {
            String key = text(object, "Key");
            String version = text(object, "VersionId");
            if (refusals.stream()
                    .noneMatch(refusal ->
                            refusal.key().equals(key) && refusal.version().equals(version))) {
                admin.deleteObject(request -> request.bucket(bucket).key(key).versionId(version));
            }
        }
        var errors = new StringBuilder();
        refusals.forEach(refusal -> errors.append("<Error><Key>")
                .append(refusal.key())
                .append("</Key><VersionId>")
                .append(refusal.version())
                .append("</VersionId><Code>")
                .append(refusal.code())
                .append("</Code><Message>said by the gate</Message></Error>"));
        answer(
                exchange,
                200,
                "<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + errors + "</DeleteResult>");
    }

    private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
        byte[] body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Document parse(byte[] xml) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }

    private static List<Element> objects(Document asked) {
        var objects = new ArrayList<Element>();
        var nodes = asked.getElementsByTagName("Object");
        for (int i = 0; i < nodes.getLength(); i++) {
            objects.add((Element) nodes.item(i));
        }
        return objects;
    }

    private static String text(Element object, String name) {
        Node node = object.getElementsByTagName(name).item(0);
        return node == null ? "" : node.getTextContent();
    }

    @Override
    public void close() {
        http.stop(0);
        client.close();
    }
}
