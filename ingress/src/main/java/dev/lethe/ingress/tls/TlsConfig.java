package dev.lethe.ingress.tls;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files of a TLS server.
 *
 * @param certificate the server's certificate, then those of the authorities between it and the root
 * @param key the private key of the certificate
 * @param keyPassword what the key is encrypted with, if it is
 * @param clientAuthority the authorities that issue the certificates of clients; if set, a client needs one
 */
public record TlsConfig(Path certificate, Path key, Optional<Secret> keyPassword, Optional<Path> clientAuthority) {

    /** Reads the section {@code http.tls}. The files are read when the server starts. */
    public static TlsConfig read(Section section) {
        return new TlsConfig(
                Path.of(section.text("certificate")),
                Path.of(section.text("key")),
                section.optionalSecret("keyPassword"),
                section.optionalPath("clientAuthority"));
    }
}
