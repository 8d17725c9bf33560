package dev.lethe.worker.store.http;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import nl.altindag.ssl.util.KeyManagerUtils;
import nl.altindag.ssl.util.TrustManagerUtils;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority, and what it has issued: to localhost. */
final class Certificates {
    private final KeyPair authorityKeys = keyPair();
    private final X509Certificate authority = sign("authority", authorityKeys, true);

    record Issued(X509Certificate certificate, KeyPair keys) {
        Path certificate(Path directory) throws IOException {
            return write(directory, "certificate.pem", certificate);
        }

        Path key(Path directory) throws IOException {
            return write(directory, "key.pem", new JcaPKCS8Generator(keys.getPrivate(), null));
        }

        /** A server's, that takes clients which {@code clients} has issued. */
        SSLContext serving(Certificates clients) throws GeneralSecurityException {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {
                        KeyManagerUtils.createKeyManager(keys.getPrivate(), new X509Certificate[] {certificate})
                    },
                    new TrustManager[] {TrustManagerUtils.createTrustManager(List.of(clients.authority))},
                    null);
            return context;
        }
    }

    Path authority(Path directory) throws IOException {
        return write(directory, "authority.pem", authority);
    }

    Issued issue(String name) {
        KeyPair keys = keyPair();
        return new Issued(sign(name, keys, false), keys);
    }

    private X509Certificate sign(String name, KeyPair keys, boolean isAuthority) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    new X500Name("CN=authority"),
                                    new BigInteger(64, new Random()),
                                    Date.from(Instant.now().minus(Duration.ofDays(1))),
                                    Date.from(Instant.now().plus(Duration.ofDays(1))),
                                    new X500Name("CN=" + name),
                                    keys.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority))
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKeys.getPrivate())));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keyPair() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Path write(Path directory, String name, Object content) throws IOException {
        var text = new StringWriter();
        try (var pem = new JcaPEMWriter(text)) {
            pem.writeObject(content);
        }
        return Files.writeString(directory.resolve(name), text.toString());
    }
}
