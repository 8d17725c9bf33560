package dev.lethe.ledger.opendsr;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Secret;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import nl.altindag.ssl.pem.util.PemUtils;

/**
 * Signs what goes out, with the key of the processor's certificate: SHA-256 with RSA or ECDSA over the body's bytes. Safe for any thread.
 *
 * @see <a href="https://github.com/opengdpr/OpenDSR/blob/master/specification.md">OpenDSR 2.0, sections 4, 8.3 and 10.1</a>
 */
public final class Signer {
    /** The names of OpenDSR, and those that it had as OpenGDPR. */
    private static final List<String> PREFIXES = List.of("X-OpenDSR-", "X-OpenGDPR-");

    private static final Map<String, String> ALGORITHMS = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");
    private static final int DNS_NAME = 2;

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final String algorithm;
    private final String domain;

    private Signer(List<X509Certificate> chain, PrivateKey key, String algorithm, String domain) {
        this.chain = chain;
        this.key = key;
        this.algorithm = algorithm;
        this.domain = domain;
    }

    /** @throws MisconfiguredException if the files can't be used, don't belong together, or are for another domain */
    public static Signer load(OpenDsrConfig config) throws MisconfiguredException {
        List<X509Certificate> chain = chain(config.certificate());
        PrivateKey key = key(config);
        X509Certificate own = chain.getFirst();
        String algorithm = ALGORITHMS.get(own.getPublicKey().getAlgorithm());
        if (algorithm == null) {
            throw new UnusableFileException(
                    "opendsr.certificate: " + config.certificate() + " must be of a key of RSA or EC");
        }
        var signer = new Signer(chain, key, algorithm, config.domain());
        if (!signer.isOf(own)) {
            throw new UnusableFileException(
                    "opendsr.key: " + config.key() + " is not the key of the certificate in " + config.certificate());
        }
        if (names(own).stream().noneMatch(name -> covers(name, config.domain()))) {
            throw new UnusableFileException("opendsr.certificate: " + config.certificate() + " is not for "
                    + config.domain() + ", the domain of opendsr.publicUrl: controllers would refuse what it signs");
        }
        return signer;
    }

    private static List<X509Certificate> chain(Path file) throws MisconfiguredException {
        try {
            List<X509Certificate> chain = PemUtils.loadCertificate(file);
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (RuntimeException e) {
            // Said below.
        }
        throw new UnusableFileException(
                "opendsr.certificate: " + file + " holds no certificate in PEM, or this process may not read it");
    }

    private static PrivateKey key(OpenDsrConfig config) throws MisconfiguredException {
        try {
            char[] password = config.keyPassword()
                    .map(Secret::reveal)
                    .map(String::toCharArray)
                    .orElse(null);
            return PemUtils.loadPrivateKey(config.key(), password);
        } catch (RuntimeException e) {
            throw new UnusableFileException("opendsr.key: " + config.key() + " holds no private key in PEM"
                    + (config.keyPassword().isPresent() ? " that opendsr.keyPassword decrypts" : "")
                    + ", or this process may not read it");
        }
    }

    private boolean isOf(X509Certificate certificate) {
        byte[] trial = domain.getBytes(StandardCharsets.UTF_8);
        try {
            Signature trying = Signature.getInstance(algorithm);
            trying.initSign(key);
            trying.update(trial);
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(trial);
            return verifier.verify(trying.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** As RFC 6125 has it: a star stands for one label, the first. */
    static boolean covers(String name, String domain) {
        String wanted = domain.toLowerCase(Locale.ROOT);
        String own = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        return own.equals(wanted) || (dot > 0 && own.equals("*" + wanted.substring(dot)));
    }

    /** Base64, on one line. */
    String signature(byte[] body) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(body);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of opendsr.key can't sign", e);
        }
    }

    /** The headers that go with a body, by their names. */
    Map<String, String> headers(byte[] body) {
        String signature = signature(body);
        return PREFIXES.stream()
                .flatMap(prefix ->
                        Map.of(prefix + "Processor-Domain", domain, prefix + "Signature", signature)
                                .entrySet()
                                .stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Signs an answer that is complete. */
    void sign(Context ctx) {
        byte[] body = Optional.ofNullable(ctx.result()).orElse("").getBytes(StandardCharsets.UTF_8);
        headers(body).forEach(ctx::header);
    }

    /** The certificates, in PEM. */
    String pem() {
        return chain.stream().map(Signer::pem).collect(Collectors.joining());
    }

    /** When the certificate expires. */
    public Instant expires() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can't be written", e);
        }
    }
}
