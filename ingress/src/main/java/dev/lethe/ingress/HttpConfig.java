package dev.lethe.ingress;

import dev.lethe.config.Section;
import dev.lethe.health.HttpAddress;
import dev.lethe.ingress.tls.TlsConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * The port that FusionAuth calls, and how much of anybody's it takes.
 *
 * @param address where it listens
 * @param maxBodyBytes the largest body that is read; a larger one is answered 413
 * @param maxHeaderBytes the largest request line and headers; larger ones are answered 431
 * @param maxInFlightBytes of all bodies in hand; beyond it, calls are answered 503
 * @param maxInFlightRequests calls in hand whose bodies are complete; beyond it, calls are answered 503
 * @param maxConnections at once; beyond it, no more are accepted until one ends
 * @param headerTimeout within which a connection's first request, or any other from its first byte, has to have its headers
 * @param idleTimeout after which a connection on which nothing happens is closed
 * @param tls the certificate of the port, if it speaks HTTPS
 */
record HttpConfig(
        HttpAddress address,
        int maxBodyBytes,
        int maxHeaderBytes,
        int maxInFlightBytes,
        int maxInFlightRequests,
        int maxConnections,
        Duration headerTimeout,
        Duration idleTimeout,
        Optional<TlsConfig> tls) {

    /** Reads the section {@code http}. */
    static HttpConfig read(Section section) {
        HttpAddress address = HttpAddress.read(section, 8080);
        int maxBodyBytes = section.integer("maxBodyBytes", 1 << 20, 1 << 10, 64 << 20);
        int maxHeaderBytes = section.integer("maxHeaderBytes", 8 << 10, 1 << 10, 64 << 10);
        int maxInFlightBytes = section.integer("maxInFlightBytes", 16 << 20, 1 << 20, 1 << 30);
        if (maxInFlightBytes < maxBodyBytes) {
            section.problem(
                    "maxInFlightBytes", "must be at least maxBodyBytes; the largest body would be refused forever");
        }
        return new HttpConfig(
                address,
                maxBodyBytes,
                maxHeaderBytes,
                maxInFlightBytes,
                section.integer("maxInFlightRequests", 1000, 1, 100_000),
                section.integer("maxConnections", 5000, 1, 100_000),
                section.duration("headerTimeout", Duration.ofSeconds(5)),
                section.duration("idleTimeout", Duration.ofSeconds(30)),
                section.has("tls") ? Optional.of(TlsConfig.read(section.section("tls"))) : Optional.empty());
    }
}
