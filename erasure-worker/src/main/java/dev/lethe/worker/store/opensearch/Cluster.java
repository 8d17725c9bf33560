package dev.lethe.worker.store.opensearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.OpenSearchTransport;
import org.opensearch.client.transport.TransportException;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;
import org.opensearch.client.transport.httpclient5.ResponseException;

/**
 * The cluster's REST calls. They go through the client as they are, so that Elasticsearch, whose answers differ in what is
 * not read here, takes them too.
 */
final class Cluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OpenSearchStoreConfig config;
    private final LongAdder calls = new LongAdder();
    private @Nullable OpenSearchTransport transport;

    Cluster(OpenSearchStoreConfig config) {
        this.config = config;
    }

    /** What the cluster says; anything but an answer of 2xx or 404. */
    record Reply(int status, JsonNode body) {
        boolean isNotFound() {
            return status == 404;
        }
    }

    /** How many calls there have been. */
    long calls() {
        return calls.sum();
    }

    /**
     * Calls the cluster.
     *
     * @param body JSON, or lines of JSON; null for none
     * @throws StoreFailureException if it refuses what is asked
     */
    Reply call(String method, String path, Map<String, String> parameters, @Nullable String body)
            throws StoreUnavailableException {
        calls.increment();
        Body content = body == null ? null : content(path, body);
        try (Response response = new OpenSearchGenericClient(transport())
                .execute(Requests.create(method, path, List.of(), parameters, content))) {
            JsonNode json = json(response);
            check(response.getStatus(), json);
            return new Reply(response.getStatus(), json);
        } catch (IOException | UncheckedIOException e) {
            throw refusedOrUnreachable(e);
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreUnavailableException("INTERRUPTED", "the worker is stopping");
            }
            throw e;
        }
    }

    private static Body content(String path, String body) {
        boolean isLines = path.endsWith("/_bulk") || path.endsWith("/_msearch");
        return Body.from(body.getBytes(StandardCharsets.UTF_8), isLines ? "application/x-ndjson" : "application/json");
    }

    private static JsonNode json(Response response) throws IOException {
        try {
            return response.getBody().isEmpty()
                    ? MissingNode.getInstance()
                    : JSON.readTree(response.getBody().get().bodyAsBytes());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** A wait between two looks at a task. */
    static void pause(Duration time) throws StoreUnavailableException {
        LockSupport.parkNanos(time.toNanos());
        if (Thread.currentThread().isInterrupted()) {
            throw new StoreUnavailableException("INTERRUPTED", "the worker is stopping");
        }
    }

    /**
     * Whether an answer, or what it says of one item, means that the cluster as a whole can't work.
     *
     * @throws StoreFailureException if it is only this that it refuses
     */
    static void check(int status, JsonNode body) throws StoreUnavailableException {
        String type = body.path("error").path("type").asText();
        if (type.equals("cluster_block_exception")) {
            throw new StoreUnavailableException(
                    "READ_ONLY", "the cluster takes no changes to an index: see its blocks, and its disks");
        }
        switch (status) {
            case 401, 403 ->
                throw new StoreUnavailableException(
                        "UNAUTHENTICATED",
                        "the cluster answers " + status + ": check username, password or apiKey, and the role");
            case 408, 429, 503 ->
                throw new StoreUnavailableException("OVERLOADED", "the cluster answers " + status + ": see its health");
            case 502, 504 ->
                throw new StoreUnavailableException(
                        "UNREACHABLE", "something in front of the cluster answers " + status);
            default -> {
                if (status >= 500) {
                    throw new StoreUnavailableException("FAILING", "the cluster answers " + status + ": see its log");
                }
                if (status >= 300 && status != 404 && status != 409) {
                    throw new StoreFailureException("HTTP_" + status);
                }
            }
        }
    }

    /** Answers of some statuses come as exceptions; those to wrong credentials without their status. */
    private static StoreUnavailableException refusedOrUnreachable(Exception e) throws StoreUnavailableException {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ResponseException answered) {
                check(answered.status(), MissingNode.getInstance());
            }
            if (cause instanceof TransportException
                    && String.valueOf(cause.getMessage()).contains("access")) {
                check(401, MissingNode.getInstance());
            }
            if (cause instanceof GeneralSecurityException || cause instanceof SSLException) {
                return new StoreUnavailableException(
                        "MISCONFIGURED", "the cluster and Lethe do not trust each other: check tls");
            }
        }
        return new StoreUnavailableException(
                "UNREACHABLE", "the cluster can't be reached: check the url, the network, the cluster");
    }

    private synchronized OpenSearchTransport transport() throws StoreUnavailableException {
        if (transport == null) {
            transport = connect();
        }
        return transport;
    }

    private OpenSearchTransport connect() throws StoreUnavailableException {
        var tls = ClientTlsStrategyBuilder.create()
                .setSslContext(config.tls().context())
                .buildAsync();
        Timeout connecting = Timeout.of(config.connectTimeout());
        Timeout answering = Timeout.of(config.requestTimeout());
        var url = config.url();
        var builder =
                ApacheHttpClient5TransportBuilder.builder(new HttpHost(url.getScheme(), url.getHost(), url.getPort()));
        if (url.getRawPath() != null && !url.getRawPath().replace("/", "").isEmpty()) {
            builder.setPathPrefix(url.getRawPath());
        }
        return builder.setDefaultHeaders(headers())
                .setRequestConfigCallback(
                        request -> request.setResponseTimeout(answering).setConnectionRequestTimeout(answering))
                .setHttpClientConfigCallback(client -> client.disableRedirectHandling()
                        .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                                .setTlsStrategy(tls)
                                .setMaxConnTotal(config.connections())
                                .setMaxConnPerRoute(config.connections())
                                .setDefaultConnectionConfig(ConnectionConfig.custom()
                                        .setConnectTimeout(connecting)
                                        .setSocketTimeout(answering)
                                        .build())
                                .build()))
                .build();
    }

    private Header[] headers() {
        var headers = new ArrayList<Header>();
        config.apiKey().ifPresent(key -> headers.add(new BasicHeader("Authorization", "ApiKey " + key.reveal())));
        config.login().ifPresent(login -> {
            String both = login.username() + ":" + login.password().reveal();
            headers.add(new BasicHeader(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8))));
        });
        return headers.toArray(Header[]::new);
    }

    @Override
    public synchronized void close() {
        if (transport != null) {
            try {
                transport.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
