package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker dies or hangs: nothing is acknowledged, FusionAuth keeps the user, and the same delete succeeds afterwards. */
@Tag("alone")
class BrokerOutageIT {
    /** FusionAuth hangs up after 2 s. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(1900);

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Ingress ingress;
    private static FusionAuthApi api;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 10, Progress.SILENT);
        ingress = installation.startIngress();
        api = new FusionAuthApi(installation.fusionAuth());
        await().atMost(Duration.ofSeconds(30)).until(() -> ingress.problems().isEmpty());
    }

    @AfterAll
    static void stop() {
        ingress.close();
        installation.close();
    }

    @Test
    void aKilledBrokerMeansNotNowAndTheDeleteSucceedsAfterwards() throws Exception {
        Person person = installation.people().get(0);

        installation.kafka().kill();
        assertNotNow(person);
        assertRolledBack(person);
        installation.kafka().restart();

        assertSucceeds(person);
    }

    @Test
    void aFrozenBrokerMeansNotNowAndTheDeleteSucceedsAfterwards() throws Exception {
        Person person = installation.people().get(1);

        installation.kafka().freeze();
        assertNotNow(person);
        assertRolledBack(person);
        installation.kafka().thaw();

        assertSucceeds(person);
    }

    private static void assertNotNow(Person person) throws IOException, InterruptedException {
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            HttpResponse<String> answer = post(person);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ANSWERED_WITHIN);
        }
    }

    private static void assertRolledBack(Person person) throws IOException, InterruptedException {
        assertThat(api.deleteUser(person.id())).as("FusionAuth's answer").isEqualTo(504);
        assertThat(installation.fusionAuth().hasUser(person.id())).isTrue();
    }

    private static void assertSucceeds(Person person) {
        await().atMost(Duration.ofSeconds(30)).until(() -> api.deleteUser(person.id()) == 200);
        assertThat(installation.fusionAuth().hasUser(person.id())).isFalse();
    }

    private static HttpResponse<String> post(Person person) throws IOException, InterruptedException {
        String event = """
                {"event":{"id":"%s","type":"user.delete","tenantId":"%s","user":{"id":"%s"}}}
                """.formatted(UUID.randomUUID(), Installation.TENANT, person.id());
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(installation.webhookUrl()))
                            .header("Authorization", installation.ingressKey())
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(event))
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
