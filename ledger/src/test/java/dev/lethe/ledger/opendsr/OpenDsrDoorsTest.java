package dev.lethe.ledger.opendsr;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.ledger.console.Doors;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered by OpenDSR with neither a broker nor a database behind it. */
class OpenDsrDoorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VALID = """
        {"regulation":"gdpr","subject_request_id":"a7551968-d5d6-44b2-9831-815ac9017798","subject_request_type":"erasure",
         "submitted_time":"2026-11-02T15:00:00Z","api_version":"2.0",
         "status_callback_urls":["https://acme.example.com/opendsr/callbacks?secret=s3cret"],
         "subject_identities":[
           {"identity_type":"controller_customer_id","identity_value":"user-alice","identity_format":"raw"},
           {"identity_type":"email","identity_value":"alice@example.org","identity_format":"raw"}],
         "extensions":{"other.example.com":{"property":1}},"something_new":1}
        """;

    @TempDir
    static Path folder;

    private static Doors doors;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        doors = Doors.open(folder);
    }

    @AfterAll
    static void stop() {
        doors.close();
    }

    @Test
    void whoeverAsksIsToldWhatIsSupportedAndByWhomItIsSigned() throws Exception {
        HttpResponse<String> answer = doors.get(client, "/opendsr/v2/discovery");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body())).isEqualTo(JSON.readTree("""
                {"api_version":"2.0",
                 "supported_identities":[{"identity_type":"controller_customer_id","identity_format":"raw"},
                   {"identity_type":"email","identity_format":"raw"}],
                 "supported_subject_request_types":["erasure"],
                 "processor_certificate":"https://opendsr.example.com/opendsr/v2/certificate.pem"}
                """));
        assertSigned(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"requests", "opengdpr_requests"})
    void whoeverIsNoControllerIsRefused(String route) throws Exception {
        String path = "/opendsr/v2/" + route + "/a7551968-d5d6-44b2-9831-815ac9017798";

        HttpResponse<String> nobody = doors.get(client, path);
        HttpResponse<String> operator = doors.get(client, path, "Authorization", "Bearer " + Doors.OPERATOR);

        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(JSON.readTree(nobody.body()).at("/error/code").asInt()).isEqualTo(401);
        assertSigned(nobody);
        assertThat(operator.statusCode()).isEqualTo(403);
        assertThat(JSON.readTree(operator.body()).at("/error/message").asText())
                .isEqualTo("This takes the token of a controller.");
        assertThat(doors.post(client, "/opendsr/v2/" + route, VALID, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/requests", "/statistics", "/stores", "/dead-letters", "/actions", "/console", "/events"})
    void aControllerSeesNothingElse(String path) throws Exception {
        assertThat(doors.get(client, path, "Authorization", "Bearer " + Doors.CONTROLLER)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aControllersTokenSignsNobodyInToTheConsole() throws Exception {
        HttpResponse<String> answer = doors.post(
                client,
                "/console/sign-in",
                "token=" + Doors.CONTROLLER,
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Sec-Fetch-Site",
                "same-origin");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /regulation                          |                                | regulation is required
            /regulation                          | "lgpd-alice"                   | regulation must be gdpr or ccpa
            /subject_request_id                  |                                | subject_request_id is required
            /subject_request_id                  | "alice"                        | subject_request_id must be a UUID of version 4
            /subject_request_id                  | "A7551968-D5D6-44B2-9831-815AC9017798" | subject_request_id must be a UUID of version 4
            /subject_request_id                  | "a7551968-d5d6-14b2-9831-815ac9017798" | subject_request_id must be a UUID of version 4
            /subject_request_type                |                                | subject_request_type is required
            /subject_request_type                | "access"                       | subject_request_type must be erasure: nothing else is supported
            /subject_request_type                | "alice"                        | subject_request_type must be erasure
            /submitted_time                      |                                | submitted_time is required
            /submitted_time                      | "alice"                        | submitted_time must be a date and time
            /submitted_time                      | 5                              | submitted_time must be a text
            /api_version                         | "3.0-alice"                    | api_version must be 2.0
            /subject_identities                  |                                | subject_identities is required
            /subject_identities                  | "alice"                        | subject_identities must be an array
            /subject_identities                  | []                             | subject_identities must have exactly one of type controller_customer_id
            /subject_identities/0                | "alice"                        | subject_identities[0] must be an object
            /subject_identities/0/identity_type  |                                | subject_identities[0].identity_type is required
            /subject_identities/0/identity_type  | "android_id"                   | subject_identities[0].identity_type must be one of
            /subject_identities/0/identity_type  | "email"                        | subject_identities must have exactly one of type controller_customer_id
            /subject_identities/1/identity_type  | "controller_customer_id"       | subject_identities must have exactly one of type controller_customer_id
            /subject_identities/0/identity_value |                                | subject_identities[0].identity_value is required
            /subject_identities/0/identity_value | ""                             | subject_identities[0].identity_value must be a text that is not blank
            /subject_identities/0/identity_format|                                | subject_identities[0].identity_format is required
            /subject_identities/0/identity_format| "sha256"                       | subject_identities[0].identity_format must be raw: nothing else is supported
            /status_callback_urls                | "alice"                        | status_callback_urls must be an array
            /status_callback_urls/0              | "https://alice.example.com/"   | status_callback_urls[0] must be an address that is configured
            /status_callback_urls/0              | "https://acme.example.com/opendsr/callbacks?secret=S3cret" | status_callback_urls[0] must be an address
            /extensions                          | "alice"                        | extensions must be an object
            /extensions                          | {"opendsr.example.com":{"alice":1}} | extensions must have nothing for opendsr.example.com
            """)
    void whatIsWrongIsNamedAndNeverRepeated(String pointer, String value, String message) throws Exception {
        JsonNode changed = JSON.readTree(VALID);
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = changed.at(pointer.substring(0, slash));
        String field = pointer.substring(slash + 1).strip();
        if (parent instanceof ObjectNode object) {
            if (value == null) {
                object.remove(field);
            } else {
                object.set(field, JSON.readTree(value));
            }
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent).set(Integer.parseInt(field), JSON.readTree(value));
        }

        HttpResponse<String> answer = post("requests", changed.toString());

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(400);
        assertThat(error.path("message").asText()).startsWith(message);
        assertThat(error.path("errors")).singleElement().satisfies(detail -> {
            assertThat(detail.path("message").asText()).startsWith(message);
            assertThat(detail.path("domain").asText()).isEqualTo("Validation");
            assertThat(detail.path("reason").asText()).isIn("required", "invalid", "unsupported");
        });
        assertThat(answer.body()).doesNotContain("alice", "s3cret", "S3cret");
        assertSigned(answer);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws Exception {
        JsonNode errors = JSON.readTree(post("requests", "{}").body()).at("/error/errors");

        assertThat(errors.findValuesAsText("message"))
                .containsExactlyInAnyOrder(
                        "regulation is required",
                        "subject_request_id is required",
                        "subject_request_type is required",
                        "submitted_time is required",
                        "subject_identities is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "[]", "", "{\"a\":1,\"a\":2}", "{} {}"})
    void whatIsNoJsonObjectIsRefused(String body) throws Exception {
        HttpResponse<String> answer = post("requests", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).at("/error/message").asText()).startsWith("The body ");
        assertThat(answer.body()).doesNotContain("alice");
    }

    @Test
    void aBodyThatIsTooLargeOrNotSaidToBeJsonIsRefused() throws Exception {
        HttpResponse<String> large = post("requests", "{\"a\":\"" + "a".repeat(300_000) + "\"}");
        HttpResponse<String> form = doors.post(
                client,
                "/opendsr/v2/requests",
                VALID,
                "Authorization",
                "Bearer " + Doors.CONTROLLER,
                "Content-Type",
                "text/plain");

        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(JSON.readTree(large.body()).at("/error/code").asInt()).isEqualTo(413);
        assertThat(form.statusCode()).isEqualTo(400);
    }

    @Test
    void whatIsValidIsNotAcknowledgedWhileItCannotBeCommitted() throws Exception {
        HttpResponse<String> answer = post("requests", VALID);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(JSON.readTree(answer.body()).at("/error/code").asInt()).isEqualTo(503);
        assertThat(answer.body()).doesNotContain("alice");
        assertSigned(answer);
    }

    @Test
    void underItsFormerNameARequestNeedsNoRegulation() throws Exception {
        String former =
                ((ObjectNode) JSON.readTree(VALID)).without("regulation").toString();

        assertThat(post("opengdpr_requests", former).statusCode()).isEqualTo(503);
        assertThat(post("requests", former).statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> post(String route, String body) throws Exception {
        return doors.post(
                client,
                "/opendsr/v2/" + route,
                body,
                "Authorization",
                "Bearer " + Doors.CONTROLLER,
                "Content-Type",
                "application/json; charset=utf-8");
    }

    /** By the certificate that the processor itself names. */
    private void assertSigned(HttpResponse<String> answer) throws Exception {
        String pem = doors.get(client, "/opendsr/v2/certificate.pem").body();
        var certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        for (String prefix : new String[] {"X-OpenDSR-", "X-OpenGDPR-"}) {
            assertThat(answer.headers().firstValue(prefix + "Processor-Domain")).contains("opendsr.example.com");
            assertThat(Processor.isSigned(
                            body,
                            answer.headers().firstValue(prefix + "Signature").orElse(""),
                            certificate))
                    .isTrue();
        }
    }
}
