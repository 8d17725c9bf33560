package dev.lethe.ingress;

import dev.lethe.ingress.tls.TlsConnections;
import io.javalin.config.JavalinConfig;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** Sets the HTTP server up for the open internet: bounded headers, connections and patience, and an orderly end. */
final class HttpListener {
    /** Jetty's 50 would send the rest of a burst of new connections away for a second. */
    private static final int ACCEPT_QUEUE = 1024;

    /** Longer than any answer may take. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(4);

    private final HttpConfig config;
    private final Optional<TlsConnections> tls;
    private final IngressMetrics metrics;

    /** @param tls makes the connections, if the port speaks HTTPS */
    HttpListener(HttpConfig config, Optional<TlsConnections> tls, IngressMetrics metrics) {
        this.config = config;
        this.tls = tls;
        this.metrics = metrics;
    }

    void install(JavalinConfig javalin) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.jetty.modifyHttpConfiguration(http -> {
            http.setRequestHeaderSize(config.maxHeaderBytes());
            // Jetty would take a header for the one that came before it on the connection, were only its case another:
            // a wrong key for the right one.
            http.setHeaderCacheCaseSensitive(true);
        });
        javalin.jetty.addConnector(this::connector);
        javalin.jetty.modifyServer(server -> {
            // When it stops: no new connections, 503 to new requests on the old ones, and an answer to all it has in
            // hand.
            server.insertHandler(new GracefulHandler());
            server.setStopTimeout(STOP_WITHIN.toMillis());
            server.setErrorHandler(new ServerErrors(metrics));
        });
    }

    private Connector connector(Server server, HttpConfiguration http) {
        var connector = new ServerConnector(
                server, tls.map(https -> https.factories(http)).orElseGet(() ->
                        new ConnectionFactory[] {new HttpConnectionFactory(http)}));
        connector.setHost(config.address().host());
        connector.setPort(config.address().port());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.addBean(new HeaderTimeout(config.headerTimeout(), connector.getScheduler(), metrics));
        server.addBean(new NetworkConnectionLimit(config.maxConnections(), connector));
        return connector;
    }
}
