package dev.lethe.ingress.tls;

import dev.lethe.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.KeyManagerUtils;
import nl.altindag.ssl.util.TrustManagerUtils;

/**
 * The content of the files at one moment. Equal if nothing has changed since.
 *
 * @param config where it is from
 * @param clientAuthority empty if clients need no certificate
 */
record PemFiles(TlsConfig config, String certificate, String key, String clientAuthority) {

    static PemFiles read(TlsConfig config) throws TlsException {
        return new PemFiles(
                config,
                content(config.certificate()),
                content(config.key()),
                config.clientAuthority().isPresent()
                        ? content(config.clientAuthority().get())
                        : "");
    }

    /**
     * What connections are made with.
     *
     * @throws TlsException if there is no certificate that is valid now, with its key
     */
    SSLContext context(Instant now) throws TlsException {
        KeyManager[] own = {identity(now)};
        TrustManager[] clients = config.clientAuthority().isPresent()
                ? new TrustManager[] {
                    TrustManagerUtils.createTrustManager(
                            certificates(config.clientAuthority().get(), clientAuthority))
                }
                : null;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own, clients, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException(config.certificate() + " can't be used by this Java: " + e.getMessage());
        }
    }

    private KeyManager identity(Instant now) throws TlsException {
        List<X509Certificate> chain = certificates(config.certificate(), certificate);
        PrivateKey privateKey = privateKey();
        try {
            chain.getFirst().checkValidity(Date.from(now));
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw new TlsException(config.certificate() + " is valid from "
                    + chain.getFirst().getNotBefore().toInstant() + " to "
                    + chain.getFirst().getNotAfter().toInstant() + " only; have it renewed");
        }
        if (!belongTogether(privateKey, chain.getFirst().getPublicKey())) {
            throw new TlsException(config.key() + " is not the key of the first certificate in " + config.certificate()
                    + "; put there the server's own certificate first, and its key");
        }
        try {
            return KeyManagerUtils.createKeyManager(privateKey, chain.toArray(X509Certificate[]::new));
        } catch (RuntimeException e) {
            throw new TlsException(
                    config.certificate() + " holds no chain; put there the server's own certificate first, then"
                            + " each time the one of its issuer");
        }
    }

    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
        byte[] anything = {1};
        try {
            Signature signature = Signature.getInstance(
                    switch (publicKey.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> publicKey.getAlgorithm();
                    });
            signature.initSign(privateKey);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private PrivateKey privateKey() throws TlsException {
        char[] password = config.keyPassword()
                .map(Secret::reveal)
                .map(String::toCharArray)
                .orElse(null);
        try {
            return PemUtils.parsePrivateKey(key, password);
        } catch (RuntimeException e) {
            throw new TlsException(config.key() + " holds no private key in PEM"
                    + (password == null ? "; if it is encrypted, set keyPassword" : " that keyPassword decrypts"));
        }
    }

    private static List<X509Certificate> certificates(Path file, String pem) throws TlsException {
        try {
            List<X509Certificate> certificates = PemUtils.parseCertificate(pem);
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (RuntimeException e) {
            // Said below.
        }
        throw new TlsException(file + " holds no certificate in PEM");
    }

    private static String content(Path file) throws TlsException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new TlsException(file + " can't be read; put a PEM file there that this process may read");
        }
    }

    /** Without the content, part of which is secret. */
    @Override
    public String toString() {
        return "PemFiles[" + config + "]";
    }
}
