package dev.lethe.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.lethe.ingress.webhook.Credentials.CredentialException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What FusionAuth, or something else in its place, may answer. */
class FusionAuthClientIT {
    private static final String API_KEY = "fusionauth-api-key";
    private static final int TLS_TYPE_AND_VERSION_BYTES = 3;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<String> authorization = new AtomicReference<>();
    private HttpServer server;
    private FusionAuthClient client;
    private volatile int status = 200;
    private volatile String body = "{}";
    private volatile boolean hangs;

    @BeforeEach
    void start() throws IOException, CredentialException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorization.set(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length + (hangs ? 1 : 0));
            exchange.getResponseBody().write(answer);
            exchange.getResponseBody().flush();
            if (hangs) {
                await(closed);
            }
            exchange.close();
        });
        server.start();
        client = client("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        closed.countDown();
        client.close();
        server.stop(0);
    }

    @Test
    void presentsTheApiKey() {
        assertThatCode(client::webhooks).doesNotThrowAnyException();
        assertThat(authorization).hasValue(API_KEY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | FUSIONAUTH_API_KEY",
                "403 | this API key",
                "404 | --fusionauth",
                "302 | http or https",
                "204 | unexpected 204",
                "429 | unexpected 429",
                "500 | safe to run this command again",
                "503 | safe to run this command again"
            })
    void explainsARefusal(int refusal, String advice) {
        status = refusal;
        body = "";

        assertThatThrownBy(client::webhooks)
                .isInstanceOf(FusionAuthException.class)
                .hasMessageContaining("GET /api/webhook")
                .hasMessageContaining(String.valueOf(refusal))
                .hasMessageContaining(advice);
    }

    @Test
    void repeatsWhatFusionAuthComplainsOfWithoutSecretsAndControlCharacters() {
        status = 400;
        body = """
                {"fieldErrors":{"webhook.tenantIds":[{"code":"[invalid]webhook.tenantIds","message":"No such tenant"}],
                  "webhook.later":[{"code":"[odd]webhook.later"}]},
                 "generalErrors":[{"code":"[x]","message":"You sent \\u001b[31m%s"}]}""".formatted(API_KEY);

        assertThatThrownBy(client::webhooks)
                .hasMessageContaining("webhook.tenantIds: No such tenant [invalid]webhook.tenantIds")
                .hasMessageContaining("Check --tenant")
                .hasMessageContaining("webhook.later: [odd]webhook.later")
                .hasMessageContaining("You sent")
                .hasMessageContaining("***")
                .hasMessageNotContaining("\u001b")
                .hasMessageNotContaining(API_KEY);
    }

    @ParameterizedTest
    @CsvSource({"<html>", "[]", "''", "{"})
    void recognisesThatSomethingElseAnswers(String answer) {
        body = answer;

        assertThatThrownBy(client::tenants).hasMessageContaining("not FusionAuth's");
    }

    @Test
    void takesAServerWithoutTenantsForSomethingElse() {
        assertThatThrownBy(client::tenants).hasMessageContaining("not FusionAuth's");
    }

    @Test
    void takesAWebhookThatIsGoneForRemoved() {
        status = 404;

        assertThatCode(() -> client.make(ApiCall.deleteWebhook(UUID.randomUUID())))
                .doesNotThrowAnyException();
    }

    @Test
    void givesUpOnAnAnswerThatDoesNotEnd() {
        hangs = true;

        assertThatThrownBy(client::webhooks)
                .isInstanceOf(FusionAuthException.class)
                .hasMessageContaining("does not answer in time");
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int freePort;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            freePort = socket.getLocalPort();
        }
        try (FusionAuthClient lonely = client("http://127.0.0.1:" + freePort)) {
            assertThatThrownBy(lonely::webhooks).hasMessageContaining("nobody listens there");
        }
    }

    @Test
    void saysThatAHostIsUnknown() throws Exception {
        try (FusionAuthClient lost = client("http://fusionauth.invalid")) {
            assertThatThrownBy(lost::webhooks).hasMessageContaining("name of the host is unknown");
        }
    }

    @Test
    void saysThatTlsFailed() throws Exception {
        try (var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerInPlainText(plain));
            try (FusionAuthClient encrypted = client("https://127.0.0.1:" + plain.getLocalPort())) {
                assertThatThrownBy(encrypted::webhooks).hasMessageContaining("can't be reached by TLS");
            }
        }
    }

    /**
     * Until the server is closed. A connection that ends with unread bytes is reset, and may take the answer with it; so the
     * whole first record of the client is read before.
     */
    private static void answerInPlainText(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                var received = new DataInputStream(connection.getInputStream());
                received.skipNBytes(TLS_TYPE_AND_VERSION_BYTES);
                received.skipNBytes(received.readUnsignedShort());
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                connection.getOutputStream().flush();
                connection.shutdownOutput();
                received.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // This caller has hung up, or the test is over.
            }
        }
    }

    private static FusionAuthClient client(String url) throws CredentialException {
        var credentials = new Credentials(Map.of("FUSIONAUTH_API_KEY", API_KEY), Credentials::askNobody);
        return new FusionAuthClient(URI.create(url), credentials, Duration.ofSeconds(2));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
