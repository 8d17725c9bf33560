package dev.lethe.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** A tool that speaks OpenDSR, as the specification has it. */
final class Controller {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final String token;

    Controller(int port, String token) {
        this.port = port;
        this.token = token;
    }

    record Answer(int status, String body, String domain, String signature) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        String field(String name) {
            return json().path(name).asText();
        }

        boolean isSignedBy(X509Certificate certificate) {
            return isSigned(body.getBytes(UTF_8), signature, certificate);
        }
    }

    static String body(String id, String user, List<String> callbacks) {
        ObjectNode body = JSON.createObjectNode()
                .put("regulation", "gdpr")
                .put("subject_request_id", id)
                .put("subject_request_type", "erasure")
                .put("submitted_time", "2026-11-02T15:00:00Z")
                .put("api_version", "2.0");
        var identities = body.putArray("subject_identities");
        identities
                .addObject()
                .put("identity_type", "controller_customer_id")
                .put("identity_value", user)
                .put("identity_format", "raw");
        identities
                .addObject()
                .put("identity_type", "email")
                .put("identity_value", user + "@example.org")
                .put("identity_format", "raw");
        callbacks.forEach(body.putArray("status_callback_urls")::add);
        return body.toString();
    }

    Answer submit(String id, String user, String... callbacks) throws Exception {
        return submit(body(id, user, List.of(callbacks)));
    }

    Answer submit(String body) throws Exception {
        return send(
                request("/requests").header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    Answer status(String id) throws Exception {
        return send(request("/requests/" + id).GET());
    }

    Answer cancel(String id) throws Exception {
        return send(request("/requests/" + id).DELETE());
    }

    Answer discover() throws Exception {
        return send(request("/discovery").GET());
    }

    X509Certificate certificate() throws Exception {
        String pem = send(request("/certificate.pem").GET()).body();
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/opendsr/v2" + path))
                .header("Authorization", "Bearer " + token);
    }

    private static Answer send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(),
                answer.body(),
                answer.headers().firstValue("X-OpenDSR-Processor-Domain").orElse(""),
                answer.headers().firstValue("X-OpenDSR-Signature").orElse(""));
    }

    static boolean isSigned(byte[] body, String signature, X509Certificate certificate) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(body);
            return verifier.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
