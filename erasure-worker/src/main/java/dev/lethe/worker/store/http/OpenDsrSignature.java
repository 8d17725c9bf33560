package dev.lethe.worker.store.http;

import dev.lethe.worker.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import nl.altindag.ssl.pem.util.PemUtils;

/**
 * The signature of a processor's answers, over their body: SHA-256 with RSA or ECDSA, by the certificate that is configured.
 * Without one, TLS alone says who answers.
 *
 * @see <a href="https://github.com/opengdpr/OpenDSR/blob/master/specification.md">OpenDSR 2.0, sections 4.2, 7.3 and 8.3</a>
 */
final class OpenDsrSignature {
    private final Optional<Path> certificate;
    private final String domain;

    OpenDsrSignature(HttpStoreConfig config) {
        this.certificate = config.openDsr().certificate();
        this.domain = config.url().getHost();
    }

    /** @throws StoreUnavailableException {@code FORGED} if it is not signed, or not by the processor */
    Answer verified(Answer answer) throws StoreUnavailableException {
        if (certificate.isPresent()) {
            X509Certificate signer = load(certificate.get());
            String said =
                    answer.headers().firstValue("X-OpenDSR-Processor-Domain").orElse("");
            String signature =
                    answer.headers().firstValue("X-OpenDSR-Signature").orElse("");
            if (!said.equalsIgnoreCase(domain) || !isSigned(answer.body(), signature, signer)) {
                throw new StoreUnavailableException(
                        "FORGED", "an answer is not signed by opendsr.certificate: check it, and who answers");
            }
        }
        return answer;
    }

    private static boolean isSigned(String body, String signature, X509Certificate signer) {
        try {
            Signature verifier = Signature.getInstance(
                    signer.getPublicKey().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            verifier.initVerify(signer.getPublicKey());
            verifier.update(body.getBytes(StandardCharsets.UTF_8));
            return verifier.verify(Base64.getMimeDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static X509Certificate load(Path file) throws StoreUnavailableException {
        try {
            return PemUtils.loadCertificate(file).getFirst();
        } catch (RuntimeException e) {
            throw new StoreUnavailableException("MISCONFIGURED", file + " holds no certificate in PEM");
        }
    }
}
