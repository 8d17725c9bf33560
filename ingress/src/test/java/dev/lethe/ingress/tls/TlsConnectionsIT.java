package dev.lethe.ingress.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.lethe.config.Secret;
import dev.lethe.ingress.tls.Authority.Issued;
import io.javalin.Javalin;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import nl.altindag.ssl.util.KeyManagerUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsConnectionsIT {
    private static final Authority AUTHORITY = new Authority("servers");
    private static final Authority CLIENTS = new Authority("clients");
    private static final Authority STRANGERS = new Authority("strangers");
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private TlsConfig config;
    private TlsConnections tls;
    private Javalin server;

    @BeforeEach
    void configure() {
        config = new TlsConfig(
                folder.resolve("chain.pem"), folder.resolve("key.pem"), Optional.empty(), Optional.empty());
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.stop();
            tls.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void itSpeaks(String protocol) throws Exception {
        Issued issued = install(AUTHORITY.issue("localhost", "EC"));
        start();

        try (Connection connection = connect(client(null), protocol)) {
            assertThat(connection.get()).startsWith("HTTP/1.1 200").endsWith("https");
            assertThat(connection.serial()).isEqualTo(issued.serial());
            assertThat(connection.protocol()).isEqualTo(protocol);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyCanBe(String algorithm) throws Exception {
        Issued issued = install(AUTHORITY.issue("localhost", algorithm));
        start();

        assertThat(serialOfNewConnection()).isEqualTo(issued.serial());
    }

    @Test
    void aKeyCanBeEncrypted() throws Exception {
        Issued issued = install(AUTHORITY.issue("localhost", "EC"));
        Files.writeString(config.key(), issued.encryptedKeyPem("s3cret"));
        config = new TlsConfig(config.certificate(), config.key(), Optional.of(new Secret("s3cret")), Optional.empty());
        start();

        assertThat(serialOfNewConnection()).isEqualTo(issued.serial());
    }

    @Test
    void newFilesAreForNewConnectionsAndTheOldOnesGoOn() throws Exception {
        Issued old = install(AUTHORITY.issue("localhost", "EC"));
        start();
        try (Connection kept = connect(client(null))) {
            assertThat(kept.get()).startsWith("HTTP/1.1 200");

            Issued renewed = install(AUTHORITY.issue("localhost", "RSA"));

            await().untilAsserted(() -> assertThat(serialOfNewConnection()).isEqualTo(renewed.serial()));
            assertThat(kept.get()).startsWith("HTTP/1.1 200");
            assertThat(kept.serial()).isEqualTo(old.serial());
        }
    }

    @Test
    void noConnectionFailsWhileFilesChange() throws Exception {
        install(AUTHORITY.issue("localhost", "EC"));
        start();
        try (Connection kept = connect(client(null))) {
            for (int i = 0; i < 20; i++) {
                Issued renewed = install(AUTHORITY.issue("localhost", "EC"));
                Thread reload = Thread.ofPlatform().start(tls::look);
                assertThat(connectAndGet(client(null))).startsWith("HTTP/1.1 200");
                assertThat(kept.get()).startsWith("HTTP/1.1 200");
                reload.join();
                assertThat(serialOfNewConnection()).isEqualTo(renewed.serial());
            }
        }
        assertThat(failedHandshakes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void brokenFilesChangeNothingUntilTheyAreMended(BrokenFiles broken) throws Exception {
        Issued old = install(AUTHORITY.issue("localhost", "EC"));
        start();

        broken.damage(config, AUTHORITY);
        tls.look();

        assertThat(tls.problems()).singleElement().asString().contains(broken.problem());
        assertThat(serialOfNewConnection()).isEqualTo(old.serial());

        Issued mended = install(AUTHORITY.issue("localhost", "EC"));
        tls.look();

        assertThat(tls.problems()).isEmpty();
        assertThat(serialOfNewConnection()).isEqualTo(mended.serial());
    }

    @ParameterizedTest
    @EnumSource
    void withBrokenFilesNothingStarts(BrokenFiles broken) throws Exception {
        install(AUTHORITY.issue("localhost", "EC"));
        broken.damage(config, AUTHORITY);

        assertThatExceptionOfType(TlsException.class)
                .isThrownBy(() -> new TlsConnections(config, InstantSource.system()))
                .withMessageContaining(broken.problem());
    }

    @Test
    void aClientNeedsACertificateOfTheAuthority() throws Exception {
        install(AUTHORITY.issue("localhost", "EC"));
        startWithClientAuthority();
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));

        assertThat(connectAndGet(client(CLIENTS.issue("fusionauth", "EC")))).startsWith("HTTP/1.1 200");
        assertThat(failedHandshakes()).isEmpty();

        assertThatIOException().as("none").isThrownBy(() -> connectAndGet(client(null)));
        assertThatIOException()
                .as("another authority's")
                .isThrownBy(() -> connectAndGet(client(STRANGERS.issue("fusionauth", "EC"))));
        assertThatIOException()
                .as("the authority's that issued the server's own")
                .isThrownBy(() -> connectAndGet(client(AUTHORITY.issue("fusionauth", "EC"))));
        assertThatIOException()
                .as("an expired one")
                .isThrownBy(() -> connectAndGet(client(CLIENTS.issue("fusionauth", "EC", yesterday))));
        // A client that has no certificate of the authority's sends none at all.
        await().untilAsserted(() -> assertThat(failedHandshakes())
                .isEqualTo(Map.of(HandshakeFailure.HANDSHAKE, 3L, HandshakeFailure.CLIENT_CERTIFICATE, 1L)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aSessionOfAnAuthorityThatIsNoLongerTrustedIsNotResumed(String protocol) throws Exception {
        install(AUTHORITY.issue("localhost", "EC"));
        startWithClientAuthority();
        SSLContext client = client(CLIENTS.issue("fusionauth", "EC"));
        assertThat(connectAndGet(client, protocol)).startsWith("HTTP/1.1 200");

        Files.writeString(config.clientAuthority().orElseThrow(), STRANGERS.pem());
        tls.look();

        assertThatIOException().isThrownBy(() -> connectAndGet(client, protocol));
        assertThat(connectAndGet(client(STRANGERS.issue("fusionauth", "EC")), protocol))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void whatIsNotTlsIsNotAnswered() throws Exception {
        install(AUTHORITY.issue("localhost", "EC"));
        start();

        try (var socket = new Socket("localhost", server.port())) {
            socket.getOutputStream().write(REQUEST);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP");
        }
        await().untilAsserted(() -> assertThat(failedHandshakes()).isEqualTo(Map.of(HandshakeFailure.HANDSHAKE, 1L)));
    }

    @Test
    void theKeyIsNeverPrinted() throws Exception {
        Issued issued = install(AUTHORITY.issue("localhost", "EC"));

        assertThat(PemFiles.read(config)).asString().doesNotContain("BEGIN", issued.keyPem());
    }

    private Map<HandshakeFailure, Long> failedHandshakes() {
        return Stream.of(HandshakeFailure.values())
                .filter(reason -> tls.failedHandshakes(reason) > 0)
                .collect(Collectors.toMap(reason -> reason, tls::failedHandshakes));
    }

    private Issued install(Issued issued) throws IOException {
        Files.writeString(config.key(), issued.keyPem());
        Files.writeString(config.certificate(), issued.certificatePem() + AUTHORITY.pem());
        return issued;
    }

    private void startWithClientAuthority() throws Exception {
        Path authority = folder.resolve("clients.pem");
        Files.writeString(authority, CLIENTS.pem());
        config = new TlsConfig(config.certificate(), config.key(), Optional.empty(), Optional.of(authority));
        start();
    }

    private void start() throws TlsException {
        tls = new TlsConnections(config, InstantSource.system());
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    javalin.jetty.addConnector((jetty, http) -> new ServerConnector(jetty, tls.factories(http)));
                    javalin.routes.get("/", call -> call.result(call.scheme()));
                })
                .start();
    }

    private BigInteger serialOfNewConnection() throws IOException, GeneralSecurityException {
        try (Connection connection = connect(client(null))) {
            return connection.serial();
        }
    }

    private String connectAndGet(SSLContext client, String... protocols) throws IOException {
        try (Connection connection = connect(client, protocols)) {
            return connection.get();
        }
    }

    private Connection connect(SSLContext client, String... protocols) throws IOException {
        var socket = (SSLSocket) client.getSocketFactory().createSocket("localhost", server.port());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return new Connection(socket);
    }

    /** @param certificate null for a client without one */
    private static SSLContext client(Issued certificate) throws GeneralSecurityException {
        KeyManager[] own = certificate == null
                ? null
                : new KeyManager[] {
                    KeyManagerUtils.createKeyManager(
                            certificate.key(), new X509Certificate[] {certificate.certificate()})
                };
        TrustManager[] trusted = {TrustManagerUtils.createTrustManager(List.of(AUTHORITY.certificate()))};
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, trusted, null);
        return context;
    }

    /** A client's connection, kept open. */
    private record Connection(SSLSocket socket) implements AutoCloseable {
        /** Status line, headers and body of an answer. */
        String get() throws IOException {
            socket.getOutputStream().write(REQUEST);
            var answer = new StringBuilder();
            while (!answer.toString().endsWith("\r\n\r\nhttps")) {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    throw new IOException("the connection ended");
                }
                answer.append((char) read);
            }
            return answer.toString();
        }

        BigInteger serial() throws IOException {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }

        String protocol() {
            return socket.getSession().getProtocol();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
