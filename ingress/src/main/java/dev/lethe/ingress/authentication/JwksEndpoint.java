package dev.lethe.ingress.authentication;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a JWKS (RFC 7517). Does not trust it to be small, quick or whole; follows no redirect. */
final class JwksEndpoint implements AutoCloseable {
    static final int LARGEST = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(JwksEndpoint.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JwksConfig config;
    private final Duration timeout;
    private final HttpClient client;
    private final ExecutorService exchanges = Executors.newVirtualThreadPerTaskExecutor();

    /** @param timeout for the whole exchange, from connecting to the last byte */
    JwksEndpoint(JwksConfig config, Duration timeout) {
        this.config = config;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(Redirect.NEVER)
                .build();
    }

    URI url() {
        return config.url();
    }

    Set<String> kids() {
        return config.kids();
    }

    /**
     * The allowed keys, by {@code kid}, as far as they are listed and fit for signatures.
     *
     * @throws IOException if there is no usable answer; the message says why
     */
    Map<String, VerificationKey> fetch() throws IOException, InterruptedException {
        // A time-out of the client ends with the answer's headers; this one counts for the body too.
        Future<byte[]> answer = exchanges.submit(this::exchange);
        try {
            return keysOf(answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            throw cause instanceof UnusableAnswerException unusable
                    ? unusable
                    : new IOException("no answer (" + cause.getClass().getSimpleName() + ")", e);
        } finally {
            answer.cancel(true);
        }
    }

    private byte[] exchange() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(config.url())
                .header("Accept", "application/json")
                .build();
        HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            if (answer.statusCode() != 200) {
                throw new UnusableAnswerException("the answer was " + answer.statusCode());
            }
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UnusableAnswerException("the answer is larger than " + LARGEST + " bytes");
            }
            return bytes;
        }
    }

    private Map<String, VerificationKey> keysOf(byte[] answer) throws IOException {
        JsonNode listed = listOf(answer);
        var keys = new HashMap<String, VerificationKey>();
        for (JsonNode jwk : listed) {
            String kid = jwk.path("kid").asText();
            if (config.kids().contains(kid)) {
                try {
                    keys.put(kid, VerificationKey.ofJwk(jwk.toString()));
                } catch (UnusableKeyException e) {
                    log.warn("Key {} of {} is left out: it {}", kid, config.url(), e.getMessage());
                }
            }
        }
        return keys;
    }

    private static JsonNode listOf(byte[] answer) throws UnusableAnswerException {
        try {
            JsonNode listed = JSON.readTree(answer).path("keys");
            if (listed.isArray()) {
                return listed;
            }
        } catch (IOException e) {
            // Said below.
        }
        throw new UnusableAnswerException("the answer is no JWKS");
    }

    /** An answer came, but not one to take keys from. */
    private static final class UnusableAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        UnusableAnswerException(String message) {
            super(message);
        }
    }

    @Override
    public void close() {
        exchanges.shutdownNow();
        client.shutdownNow();
    }
}
