package dev.lethe.ledger.opendsr;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A processor's certificate and its key, and what controllers check by it. */
public record Processor(X509Certificate certificate, PrivateKey key) {
    /**
     * A certificate that signs itself.
     *
     * @param algorithm RSA or EC
     */
    public static Processor create(String algorithm, String domain) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
            var name = new X500Name("CN=" + domain);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.ONE,
                                    Date.from(Instant.now().minus(Duration.ofDays(1))),
                                    Date.from(Instant.now().plus(Duration.ofDays(90))),
                                    name,
                                    pair.getPublic())
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(new GeneralName(GeneralName.dNSName, domain)))
                            .build(new JcaContentSignerBuilder(algorithmOf(algorithm)).build(pair.getPrivate())));
            return new Processor(certificate, pair.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes {@code opendsr.pem} and {@code opendsr.key}. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("opendsr.pem"), pem(certificate));
        Files.writeString(folder.resolve("opendsr.key"), pem(new JcaPKCS8Generator(key, null)));
    }

    /** Whether a signature is of that certificate, over these bytes: as the specification says, by nothing of Lethe's. */
    public static boolean isSigned(byte[] body, String signature, X509Certificate certificate) {
        try {
            Signature verifier =
                    Signature.getInstance(algorithmOf(certificate.getPublicKey().getAlgorithm()));
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(body);
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String algorithmOf(String key) {
        return key.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    private static String pem(Object content) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(content);
        }
        return text.toString();
    }
}
