package dev.lethe.worker.store;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.KeyManagerUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files with which a store's client speaks TLS. Read when the store is opened and whenever a new context is asked for.
 *
 * @param authority the authorities whose servers are trusted; those of the Java installation if absent
 * @param certificate the client's certificate, then those of the authorities between it and the root
 * @param key the private key of the certificate; there if and only if the certificate is
 * @param keyPassword what the key is encrypted with, if it is
 */
public record ClientTls(
        Optional<Path> authority, Optional<Path> certificate, Optional<Path> key, Optional<Secret> keyPassword) {

    /** Reads the section {@code tls} of a store. */
    public static ClientTls read(Section section) {
        var tls = new ClientTls(
                section.optionalPath("authority"),
                section.optionalPath("certificate"),
                section.optionalPath("key"),
                section.optionalSecret("keyPassword"));
        if (tls.certificate.isPresent() != tls.key.isPresent()) {
            section.problem(
                    tls.key.isPresent() ? "certificate" : "key", "is required: certificate and key belong together");
        }
        return tls;
    }

    /** Whether the client shows a certificate. */
    public boolean isMutual() {
        return certificate.isPresent();
    }

    /** @throws StoreUnavailableException {@code MISCONFIGURED} if one of the files can't be used */
    public SSLContext context() throws StoreUnavailableException {
        TrustManager @Nullable [] trusted = authority.isPresent()
                ? new TrustManager[] {TrustManagerUtils.createTrustManager(certificates(authority.get()))}
                : null;
        KeyManager @Nullable [] own = certificate.isPresent() && key.isPresent()
                ? new KeyManager[] {identity(certificate.get(), key.get())}
                : null;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, trusted, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(
                    "the TLS files can't be used by this Java (" + e.getClass().getSimpleName() + ")");
        }
    }

    private KeyManager identity(Path certificate, Path key) throws StoreUnavailableException {
        List<X509Certificate> chain = certificates(certificate);
        try {
            char[] password =
                    keyPassword.map(Secret::reveal).map(String::toCharArray).orElse(null);
            PrivateKey privateKey = PemUtils.loadPrivateKey(key, password);
            return KeyManagerUtils.createKeyManager(privateKey, chain.toArray(X509Certificate[]::new));
        } catch (RuntimeException e) {
            throw unusable(key + " holds no private key in PEM that fits " + certificate
                    + (keyPassword.isPresent() ? " and that keyPassword decrypts" : ""));
        }
    }

    private static List<X509Certificate> certificates(Path file) throws StoreUnavailableException {
        try {
            List<X509Certificate> certificates = PemUtils.loadCertificate(file);
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (RuntimeException e) {
            // Said below.
        }
        throw unusable(file + " holds no certificate in PEM, or this process may not read it");
    }

    private static StoreUnavailableException unusable(String message) {
        return new StoreUnavailableException("MISCONFIGURED", message);
    }
}
