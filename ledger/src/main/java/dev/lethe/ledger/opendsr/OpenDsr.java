package dev.lethe.ledger.opendsr;

import dev.lethe.config.MisconfiguredException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.TrustManagerUtils;

/**
 * A ledger as a processor of OpenDSR: what it is configured with, loaded.
 *
 * @param signer signs what goes out
 * @param client calls back; closed by the {@link CallbackSender}
 */
public record OpenDsr(OpenDsrConfig config, Signer signer, HttpClient client) {
    /** How long before it expires a certificate is to be renewed. */
    private static final Duration RENEWED_BEFORE = Duration.ofDays(14);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** @throws MisconfiguredException if a file can't be used */
    public static OpenDsr load(OpenDsrConfig config) throws MisconfiguredException {
        return new OpenDsr(config, Signer.load(config), client(config));
    }

    /** What is to be done about the certificate, before it is too late. */
    public Optional<String> degradation(Instant now) {
        return signer.expires().isBefore(now.plus(RENEWED_BEFORE))
                ? Optional.of("the certificate of opendsr expires at " + signer.expires()
                        + ": renew it, and start the ledger again")
                : Optional.empty();
    }

    /** Calls whom the configuration says is to be trusted, and follows nobody elsewhere. */
    private static HttpClient client(OpenDsrConfig config) throws MisconfiguredException {
        var client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT);
        if (config.authority().isPresent()) {
            client.sslContext(trusting(config.authority().get()));
        }
        return client.build();
    }

    private static SSLContext trusting(Path authority) throws MisconfiguredException {
        try {
            List<X509Certificate> certificates = PemUtils.loadCertificate(authority);
            if (!certificates.isEmpty()) {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {TrustManagerUtils.createTrustManager(certificates)}, null);
                return context;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            // Said below.
        }
        throw new UnusableFileException(
                "opendsr.authority: " + authority + " holds no certificate in PEM, or this process may not read it");
    }
}
