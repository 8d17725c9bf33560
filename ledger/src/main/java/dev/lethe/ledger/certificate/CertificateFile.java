package dev.lethe.ledger.certificate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.keys.PublicKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

/**
 * A certificate as a file: {@code {"certificate":{…},"jws":"…"}}. The JWS has all of it and is what counts; {@code certificate} is the same
 * to be read by people and programs that have no use for a signature. There is one spelling of it, so that a file with one byte changed
 * is another file, and no certificate.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515">RFC 7515</a>
 */
final class CertificateFile {
    private static final String TYPE = "lethe-certificate+jws";
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .defaultPropertyInclusion(JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
            .build();
    private static final ObjectWriter PRETTY = JSON.writer(new DefaultPrettyPrinter(Separators.createDefaultInstance())
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private CertificateFile() {}

    /** Signs a certificate, and returns the file. */
    static String sign(Certificate certificate, LedgerKeys keys) {
        try {
            byte[] payload = JSON.writeValueAsBytes(certificate);
            return format(JSON.readTree(payload), keys.sign(TYPE, payload).serialize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a file, whose signature has to be one of these keys. */
    static Certificate open(byte[] file, PublicKeys keys) throws RefusedException {
        String jws = tree(file).path("jws").asText();
        JWSObject signed = signed(jws);
        if (!keys.verifies(signed)) {
            throw new RefusedException(
                    "The signature is not of this key: the certificate was changed after it was signed, or"
                            + " somebody else signed it, or this is not the issuer's public key.");
        }
        JsonNode payload = tree(signed.getPayload().toBytes());
        if (!Arrays.equals(format(payload, jws).getBytes(StandardCharsets.UTF_8), file)) {
            throw new RefusedException("The part of the file that people read is not what was signed.");
        }
        if (payload.path("version").asInt() != Certificate.VERSION) {
            throw new RefusedException("This is a certificate of a version that this version of Lethe can't check.");
        }
        return certificate(payload);
    }

    /** What a file says, unchecked: for showing it alone. */
    static Certificate read(byte[] file) throws RefusedException {
        return certificate(tree(file).path("certificate"));
    }

    private static JWSObject signed(String jws) throws RefusedException {
        try {
            JWSObject signed = JWSObject.parse(jws);
            Base64URL signature = signed.getSignature();
            if (!JWSAlgorithm.Ed25519.equals(signed.getHeader().getAlgorithm())
                    || signed.getHeader().getType() == null
                    || !TYPE.equals(signed.getHeader().getType().getType())
                    || !Set.of().equals(criticalOf(signed))
                    || !Base64URL.encode(signature.decode()).equals(signature)) {
                throw new RefusedException("The file is signed, but not as a certificate of Lethe is.");
            }
            return signed;
        } catch (ParseException e) {
            throw new RefusedException("There is no signature in the file.");
        }
    }

    private static Set<String> criticalOf(JWSObject signed) {
        Set<String> critical = signed.getHeader().getCriticalParams();
        return critical == null ? Set.of() : critical;
    }

    private static Certificate certificate(JsonNode payload) throws RefusedException {
        try {
            return Objects.requireNonNull(JSON.treeToValue(payload, Certificate.class));
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
            throw new RefusedException("The file does not hold what a certificate has to hold.");
        }
    }

    private static JsonNode tree(byte[] text) throws RefusedException {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new RefusedException("The file is no certificate: it is not even JSON.");
        }
    }

    private static String format(JsonNode certificate, String jws) {
        var file = JSON.createObjectNode();
        file.set("certificate", certificate);
        file.put("jws", jws);
        try {
            return PRETTY.writeValueAsString(file) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
