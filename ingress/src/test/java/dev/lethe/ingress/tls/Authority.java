package dev.lethe.ingress.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates, as an authority of one's own does. */
final class Authority {
    private static final AtomicLong SERIAL = new AtomicLong();

    private final X500Name name;
    private final KeyPair keys = keyPair("EC");
    private final X509Certificate certificate;

    /** A certificate that was issued, with its key. */
    record Issued(X509Certificate certificate, PrivateKey key) {
        String certificatePem() {
            return pem(certificate);
        }

        /** In PKCS #8, as most tools have it. */
        String keyPem() throws IOException {
            return pem(new JcaPKCS8Generator(key, null));
        }

        String encryptedKeyPem(String password) throws IOException, OperatorCreationException {
            var encryption = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setPassword(password.toCharArray())
                    .build();
            return pem(new JcaPKCS8Generator(key, encryption));
        }

        BigInteger serial() {
            return certificate.getSerialNumber();
        }
    }

    Authority(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = sign(this.name, keys, true, Instant.now().plus(Duration.ofDays(1)));
    }

    X509Certificate certificate() {
        return certificate;
    }

    String pem() {
        return pem(certificate);
    }

    /** @param algorithm EC, RSA or Ed25519 */
    Issued issue(String subject, String algorithm) {
        return issue(subject, algorithm, Instant.now().plus(Duration.ofDays(1)));
    }

    Issued issue(String subject, String algorithm, Instant notAfter) {
        KeyPair pair = keyPair(algorithm);
        return new Issued(sign(new X500Name("CN=" + subject), pair, false, notAfter), pair.getPrivate());
    }

    private X509Certificate sign(X500Name subject, KeyPair pair, boolean authority, Instant notAfter) {
        try {
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.valueOf(SERIAL.incrementAndGet()),
                                    Date.from(Instant.now().minus(Duration.ofDays(2))),
                                    Date.from(notAfter),
                                    subject,
                                    pair.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority))
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))
                            .build(signer));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keyPair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(Object content) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }
}
