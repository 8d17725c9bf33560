package dev.lethe.quickstart.newsletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.NewsletterDatabase;
import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.server.FreePort;
import dev.lethe.quickstart.server.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/http-store.md asks of a service. */
@Tag("thorough")
class NewsletterServiceIT {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw4vZ0F2";
    private static final String OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDjZ1k";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<Person> PEOPLE = People.generate(50, 3);

    @TempDir
    static Path directory;

    private static PostgresServer postgres;
    private static NewsletterDatabase database;
    private static NewsletterService service;

    @BeforeAll
    static void start() throws Exception {
        postgres = PostgresServer.start(directory);
        postgres.createDatabase("newsletter");
        database = new NewsletterDatabase(postgres.dataSource("newsletter"));
        database.create();
        service = new NewsletterService(FreePort.any(), postgres.dataSource("newsletter"), SECRET);
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            service.close();
            postgres.close();
        }
    }

    @BeforeEach
    void fill() throws Exception {
        database.fill(PEOPLE);
    }

    @Test
    void erasesThoseItIsToldOfAndNobodyElse() throws Exception {
        List<Person> deleted = List.of(PEOPLE.get(1), PEOPLE.get(4));
        List<UUID> ids = deleted.stream().map(Person::id).toList();
        Map<String, Digest> others = database.digestWithout(ids);

        JsonNode answer = ask("/erasures", erasure("erase", deleted));

        assertThat(answer.toString())
                .isEqualTo("{\"targets\":[\"readers\",\"subscriptions\"],\"results\":["
                        + "{\"key\":\"key-0\",\"items\":{\"readers\":1,\"subscriptions\":2}},"
                        + "{\"key\":\"key-1\",\"items\":{\"readers\":1,\"subscriptions\":1}}]}");
        assertThat(database.digestWithout(List.of())).isEqualTo(others);
    }

    @Test
    void answersTheSameForTheSameIdAndLooksAnewForAnother() throws Exception {
        List<Person> deleted = List.of(PEOPLE.get(11));
        JsonNode first = ask("/erasures", erasure("again", deleted));
        assertThat(first.at("/results/0/items/subscriptions").asInt()).isEqualTo(2);
        database.fill(PEOPLE);

        assertThat(ask("/erasures", erasure("again", deleted))).isEqualTo(first);
        assertThat(database.itemsOf(deleted.getFirst().id()))
                .as("what came back after the answer that was repeated")
                .containsEntry("subscriptions", 2L);

        assertThat(ask("/erasures", erasure("sweep", deleted))
                        .at("/results/0/items/subscriptions")
                        .asInt())
                .isEqualTo(2);
        assertThat(ask("/erasures", erasure("second sweep", deleted))
                        .at("/results/0/items/subscriptions")
                        .asInt())
                .isZero();
    }

    @Test
    void countsWithoutErasing() throws Exception {
        Map<String, Digest> before = database.digestWithout(List.of());

        JsonNode answer = ask("/counts", count(List.of(PEOPLE.get(21), PEOPLE.get(22))));

        assertThat(answer.at("/results/0/items").toString()).isEqualTo("{\"readers\":1,\"subscriptions\":2}");
        assertThat(answer.at("/results/1/items").toString()).isEqualTo("{\"readers\":1,\"subscriptions\":1}");
        assertThat(database.digestWithout(List.of())).isEqualTo(before);
    }

    @Test
    void findsAReaderByTheMailAddressAloneAndComparesItExactly() throws Exception {
        ObjectNode request = request("count", List.of(PEOPLE.get(31)));
        ObjectNode identifiers = (ObjectNode) request.at("/subjects/0/identifiers");
        identifiers.putArray("userId").add("somebody whom the newsletter knows by another id");
        assertThat(ask("/counts", request).at("/results/0/items/readers").asInt())
                .isEqualTo(1);

        identifiers.putArray("email").add(PEOPLE.get(31).email().toUpperCase(java.util.Locale.ROOT) + "%");
        assertThat(ask("/counts", request).at("/results/0/items/readers").asInt())
                .isZero();
    }

    @Test
    void saysWhatItCountsWhenItIsAskedAboutNobody() throws Exception {
        assertThat(ask("/erasures", erasure("nobody", List.of())).toString())
                .isEqualTo("{\"targets\":[\"readers\",\"subscriptions\"],\"results\":[]}");
    }

    @Test
    void refusesWhoeverDoesNotSignAndWhatItDoesNotUnderstandAndErasesNothing() throws Exception {
        Map<String, Digest> before = database.digestWithout(List.of());
        ObjectNode request = erasure("refused", List.of(PEOPLE.get(41)));
        ObjectNode withoutId = erasure("refused", List.of(PEOPLE.get(41)));
        ((ObjectNode) withoutId.at("/subjects/0")).remove("id");

        assertThat(send("/erasures", request.toString(), new Webhook(OTHER_SECRET), Instant.now())
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(
                                "/erasures",
                                request.toString(),
                                new Webhook(SECRET),
                                Instant.now().minusSeconds(3600))
                        .statusCode())
                .isEqualTo(401);
        assertThat(HTTP.send(
                                HttpRequest.newBuilder(URI.create(service.url() + "/erasures"))
                                        .POST(BodyPublishers.ofString(request.toString()))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(401);
        for (String body : List.of(
                "",
                "[]",
                "{\"type\":\"erasure\"}",
                "{",
                withoutId.toString(),
                count(PEOPLE).toString())) {
            assertThat(send("/erasures", body, new Webhook(SECRET), Instant.now())
                            .statusCode())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(database.digestWithout(List.of())).isEqualTo(before);
    }

    private static ObjectNode erasure(String occasion, List<Person> people) {
        ObjectNode request = request("erasure", people);
        for (int i = 0; i < people.size(); i++) {
            ((ObjectNode) request.at("/subjects/" + i)).put("id", occasion + "/" + i);
        }
        return request;
    }

    private static ObjectNode count(List<Person> people) {
        return request("count", people);
    }

    private static ObjectNode request(String type, List<Person> people) {
        ObjectNode request = JSON.createObjectNode().put("type", type);
        var subjects = request.putArray("subjects");
        for (int i = 0; i < people.size(); i++) {
            ObjectNode subject = subjects.addObject().put("key", "key-" + i);
            ObjectNode identifiers = subject.putObject("identifiers");
            identifiers.putArray("userId").add(people.get(i).id().toString());
            identifiers.putArray("email").add(people.get(i).email());
        }
        return request;
    }

    private static JsonNode ask(String path, ObjectNode request) throws Exception {
        HttpResponse<String> response = send(path, request.toString(), new Webhook(SECRET), Instant.now());
        assertThat(response.statusCode()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static HttpResponse<String> send(String path, String body, Webhook signature, Instant at) throws Exception {
        String id = UUID.randomUUID().toString();
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("webhook-id", id)
                        .header("webhook-timestamp", Long.toString(at.getEpochSecond()))
                        .header("webhook-signature", signature.sign(id, at.getEpochSecond(), body))
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
