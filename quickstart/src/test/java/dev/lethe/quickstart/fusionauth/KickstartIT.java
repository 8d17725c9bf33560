package dev.lethe.quickstart.fusionauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.fusionauth.Receiver.Delivery;
import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import io.fusionauth.jwt.domain.JWT;
import io.fusionauth.jwt.hmac.HMACVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kickstart file of docker-compose.yml, as a FusionAuth would do it. */
class KickstartIT {
    private static final Path FILE = Path.of("..", "deploy", "compose", "kickstart.json");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "FUSIONAUTH_API_KEY", "key that may everything",
            "LETHE_FUSIONAUTH_API_KEY", "key of the workers",
            "FUSIONAUTH_ADMIN_EMAIL", "admin@example.org",
            "FUSIONAUTH_ADMIN_PASSWORD", "password of the admin",
            "LETHE_API_KEY", "key of the ingress",
            "LETHE_SIGNATURE_SECRET", "0123456789abcdef0123456789abcdef",
            "LEDGER_CLIENT_SECRET", "secret of the console");
    private static final Person PERSON = People.generate(1, 1).getFirst();

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Receiver receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = new Receiver();
    }

    @AfterEach
    void stop() {
        receiver.close();
        http.close();
    }

    @Test
    void afterItADeletionIsAnnouncedSignedAndReportedComplete() throws Exception {
        try (FusionAuthSimulator fusionAuth = kickstarted()) {
            fusionAuth.addUsers(List.of(PERSON.asFusionAuthUser()));

            assertThat(call(
                            fusionAuth,
                            "DELETE",
                            "/api/user/" + PERSON.id() + "?hardDelete=true",
                            "FUSIONAUTH_API_KEY"))
                    .isEqualTo(200);

            await().untilAsserted(() ->
                    assertThat(receiver.eventTypes()).containsExactly("user.delete", "user.delete.complete"));
            for (Delivery delivery : receiver.deliveries()) {
                assertThat(delivery.headers().getFirst("Authorization")).isEqualTo("key of the ingress");
                assertSigned(delivery);
            }
        }
    }

    @Test
    void afterItADeletionThatTheIngressDoesNotAgreeToIsRolledBack() throws Exception {
        receiver.answering(503);
        try (FusionAuthSimulator fusionAuth = kickstarted()) {
            fusionAuth.addUsers(List.of(PERSON.asFusionAuthUser()));

            assertThat(call(
                            fusionAuth,
                            "DELETE",
                            "/api/user/" + PERSON.id() + "?hardDelete=true",
                            "FUSIONAUTH_API_KEY"))
                    .isEqualTo(504);

            assertThat(fusionAuth.hasUser(PERSON.id())).isTrue();
        }
    }

    @Test
    void afterItTheWorkersMayAskForUsers() throws Exception {
        try (FusionAuthSimulator fusionAuth = kickstarted()) {
            fusionAuth.addUsers(List.of(PERSON.asFusionAuthUser()));

            assertThat(call(fusionAuth, "GET", "/api/user/" + PERSON.id(), "LETHE_FUSIONAUTH_API_KEY"))
                    .isEqualTo(200);
            assertThat(fusionAuth.userCount()).as("the admin, too").isEqualTo(2);
        }
    }

    @Test
    void afterItTheAdminCanSignInToTheConsole() throws Exception {
        try (FusionAuthSimulator fusionAuth = kickstarted()) {
            String form = "client_id=5f2c7c1e-6a55-4b1d-9d0f-0d6a4f6e9b21"
                    + "&redirect_uri=http%3A%2F%2Flocalhost%3A8090%2Fconsole%2Fsign-in%2Fcallback"
                    + "&state=s&nonce=n&code_challenge=c&code_challenge_method=S256"
                    + "&loginId=admin%40example.org&password=password+of+the+admin";
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(fusionAuth.url() + "/oauth2/authorize"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString(form))
                            .build(),
                    BodyHandlers.discarding());

            assertThat(answer.statusCode()).isEqualTo(302);
            assertThat(answer.headers().firstValue("Location").orElseThrow())
                    .startsWith("http://localhost:8090/console/sign-in/callback?code=")
                    .endsWith("&state=s");
        }
    }

    @Test
    void aVariableThatIsNotSetIsNamedWithoutTheOthersValues() {
        var environment = new HashMap<>(ENVIRONMENT);
        environment.remove("LETHE_API_KEY");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Kickstart.read(FILE, environment))
                .withMessage("the kickstart file names #{ENV.LETHE_API_KEY}, which is not set");
    }

    @Test
    void theEnvironmentIsReadForVariablesAlone() throws Exception {
        Path file = folder.resolve("kickstart.json");
        Files.writeString(file, "{\"apiKeys\": [{\"key\": \"#{ENV.LETHE_API_KEY}\"}]}");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Kickstart.read(file, ENVIRONMENT))
                .withMessage("the kickstart file names #{ENV.LETHE_API_KEY} outside of its variables, which alone are"
                        + " filled from the environment");
    }

    @Test
    void aRequestThatIsRefusedIsNamedAndNothingIsLeftRunning() throws Exception {
        Path file = Files.writeString(folder.resolve("kickstart.json"), """
                {"apiKeys": [{"key": "one"}],
                 "requests": [{"method": "POST", "url": "/api/webhook", "body": {"webhook": {"url": "secret"}}}]}
                """);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Kickstart.read(file, Map.of()).start("127.0.0.1", 0))
                .withMessage("POST /api/webhook of the kickstart file was answered 400");
    }

    /** The file as it is, but for the ingress's address. */
    private FusionAuthSimulator kickstarted() throws Exception {
        String json = Files.readString(FILE);
        String ingress = "http://ingress:8080/webhook-user-delete";
        assertThat(json).contains(ingress);
        Path file = Files.writeString(folder.resolve("kickstart.json"), json.replace(ingress, receiver.url()));
        return Kickstart.read(file, ENVIRONMENT).start("127.0.0.1", 0);
    }

    private int call(FusionAuthSimulator fusionAuth, String method, String path, String key) throws Exception {
        var call = HttpRequest.newBuilder(URI.create(fusionAuth.url() + path))
                .header("Authorization", ENVIRONMENT.get(key))
                .method(method, BodyPublishers.noBody())
                .build();
        return http.send(call, BodyHandlers.discarding()).statusCode();
    }

    private static void assertSigned(Delivery delivery) throws Exception {
        String token = delivery.headers().getFirst("X-FusionAuth-Signature-JWT");
        JWT jwt = JWT.getDecoder()
                .decode(token, Map.of("lethe", HMACVerifier.newVerifier(ENVIRONMENT.get("LETHE_SIGNATURE_SECRET"))));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(delivery.body());
        assertThat(jwt.getString("request_body_sha256"))
                .isEqualTo(Base64.getEncoder().encodeToString(hash));
    }
}
