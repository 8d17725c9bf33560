package dev.lethe.ingress.tls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connections of HTTPS, with TLS 1.3 or 1.2. Looks every few seconds whether the files have changed, and makes new
 * connections with the new ones; connections that are open go on. Files that can't be used change nothing.
 */
public final class TlsConnections implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TlsConnections.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final TlsConfig config;
    private final InstantSource clock;
    private final SslContextFactory.Server contexts = new SslContextFactory.Server();
    private final Map<HandshakeFailure, Long> failedHandshakes = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private PemFiles inForce;
    private volatile List<String> problems = List.of();

    /** @throws TlsException if there is nothing to start with */
    public TlsConnections(TlsConfig config, InstantSource clock) throws TlsException {
        this.config = config;
        this.clock = clock;
        inForce = PemFiles.read(config);
        contexts.setSslContext(inForce.context(clock.instant()));
        contexts.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        contexts.setNeedClientAuth(config.clientAuthority().isPresent());
        contexts.setRenegotiationAllowed(false);
        Thread.ofPlatform().daemon().name("tls-files").start(this::watch);
    }

    /**
     * What a server's connector makes its connections with.
     *
     * @param http the limits of requests; stays as it is
     */
    public ConnectionFactory[] factories(HttpConfiguration http) {
        var https = new HttpConfiguration(http);
        // One certificate for whoever calls: the name by which they do so decides nothing.
        https.addCustomizer(new SecureRequestCustomizer(false));
        var tls = new SslConnectionFactory(contexts, "http/1.1");
        tls.addBean(new SslHandshakeListener() {
            @Override
            public void handshakeFailed(Event event, Throwable failure) {
                HandshakeFailure reason = HandshakeFailure.of(failure);
                log.warn("TLS handshake failed: {}", reason);
                failedHandshakes.merge(reason, 1L, Long::sum);
            }
        });
        return new ConnectionFactory[] {tls, new HttpConnectionFactory(https)};
    }

    /** How many connections failed before a request, for this reason. */
    public long failedHandshakes(HandshakeFailure reason) {
        return failedHandshakes.getOrDefault(reason, 0L);
    }

    /** What is wrong with the files, with what to do. Connections are made nevertheless, with the last good files. */
    public List<String> problems() {
        return problems;
    }

    private void watch() {
        try {
            while (!closed.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at the files, and uses them if they have changed. */
    synchronized void look() {
        try {
            PemFiles files = PemFiles.read(config);
            if (!files.equals(inForce)) {
                // A context of its own: sessions of the last one, and what was trusted then, can't be resumed in it.
                SSLContext context = files.context(clock.instant());
                contexts.reload(factory -> factory.setSslContext(context));
                inForce = files;
                log.info("TLS: the files have changed, new connections use them");
            }
            problems = List.of();
        } catch (TlsException e) {
            report(String.valueOf(e.getMessage()));
        } catch (Exception e) {
            report(config.certificate() + " can't be used (" + e.getClass().getSimpleName() + ")");
        }
    }

    private void report(String problem) {
        List<String> found = List.of("TLS: " + problem + ". Until then, connections are made with the last good files");
        if (!found.equals(problems)) {
            log.warn("{}", found.getFirst());
        }
        problems = found;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
