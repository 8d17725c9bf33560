package dev.lethe.ledger;

import static dev.lethe.ledger.OpenDsrSite.PATIENCE;
import static dev.lethe.ledger.OpenDsrSite.acme;
import static dev.lethe.ledger.OpenDsrSite.awaitStatus;
import static dev.lethe.ledger.OpenDsrSite.newId;
import static dev.lethe.ledger.OpenDsrSite.ready;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.config.ConfigFile;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.Controller.Answer;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.journal.JournalEntry.Released;
import dev.lethe.ledger.journal.JournalEntry.Withdrawn;
import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.quickstart.LeakSearch;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.server.FreePort;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.http.HttpStoreFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger as a processor of OpenDSR 2.0, on a real broker and a real PostgreSQL, over real HTTP. */
@Tag("thorough")
class OpenDsrIT {
    @TempDir
    static Path folder;

    private static OpenDsrSite site;

    @BeforeAll
    static void start() throws Exception {
        site = new OpenDsrSite(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        site.close();
    }

    @BeforeEach
    void receive() {
        site.receiver.answer(202);
    }

    @Test
    void aRequestIsTakenAndSeenAndCancelled() throws Exception {
        String database = site.ledgers.newDatabase();
        String id = newId();
        String body = Controller.body(id, "anna", List.of(site.receiver.url("one")));
        try (Ledger ledger = site.ledger(database, "PT1H")) {
            Controller acme = acme(ledger);
            Instant before = Instant.now();
            X509Certificate certificate = acme.certificate();

            Answer discovery = acme.discover();
            assertThat(discovery.status()).isEqualTo(200);
            assertThat(discovery.field("processor_certificate"))
                    .isEqualTo("http://localhost/opendsr/v2/certificate.pem");

            Answer receipt = acme.submit(body);
            assertThat(receipt.status()).as(receipt.body()).isEqualTo(201);
            assertThat(receipt.isSignedBy(certificate)).isTrue();
            assertThat(receipt.domain()).isEqualTo("localhost");
            assertThat(receipt.field("controller_id")).isEqualTo("acme");
            assertThat(receipt.field("subject_request_id")).isEqualTo(id);
            assertThat(new String(Base64.getDecoder().decode(receipt.field("encoded_request")), UTF_8))
                    .isEqualTo(body);
            Instant received = Instant.parse(receipt.field("received_time"));
            assertThat(received).isBetween(before.minusMillis(1), Instant.now());
            assertThat(Instant.parse(receipt.field("expected_completion_time")))
                    .isAfter(received.plus(Duration.ofDays(27)));
            assertThat(acme.submit(body).json()).as("sent again").isEqualTo(receipt.json());

            Answer status = acme.status(id);
            assertThat(status.status()).isEqualTo(200);
            assertThat(status.isSignedBy(certificate)).isTrue();
            assertThat(status.field("request_status")).isEqualTo("pending");
            assertThat(status.field("controller_id")).isEqualTo("acme");
            assertThat(status.field("expected_completion_time")).isEqualTo(receipt.field("expected_completion_time"));

            Controller other = new Controller(ledger.port(), OpenDsrSite.OTHER);
            assertThat(other.status(id).status()).isEqualTo(404);
            assertThat(other.cancel(id).status()).isEqualTo(404);
            assertThat(acme.status("no-id").status()).isEqualTo(404);
            Answer otherPerson = acme.submit(id, "somebody-else");
            assertThat(otherPerson.status()).isEqualTo(400);
            assertThat(otherPerson.body()).doesNotContain("somebody-else");

            Answer cancellation = acme.cancel(id);
            assertThat(cancellation.status()).as(cancellation.body()).isEqualTo(202);
            assertThat(cancellation.isSignedBy(certificate)).isTrue();
            assertThat(cancellation.field("subject_request_id")).isEqualTo(id);
            assertThat(acme.status(id).field("request_status")).isEqualTo("cancelled");
            assertThat(acme.cancel(id).status()).as("cancelled again").isEqualTo(202);
            assertThat(acme.submit(body).status()).as("asked for again").isEqualTo(400);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.receiver.taken(id))
                            .singleElement()
                            .satisfies(call ->
                                    assertThat(call.field("request_status")).isEqualTo("cancelled")));
        }
        // Its time is over, and nothing comes of it.
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            site.awaitNothingHeld();
            assertThat(site.isErased(id)).isFalse();
            assertThat(acme(ledger).status(id).field("request_status")).isEqualTo("cancelled");
        }
    }

    @Test
    void whatIsNotCancelledIsErasedAndItsControllerIsToldInOrder() throws Exception {
        String database = site.ledgers.newDatabase();
        String id = newId();
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            Controller acme = acme(ledger);
            Answer receipt = acme.submit(id, "bert", site.receiver.url("one"), site.receiver.url("two"));
            assertThat(receipt.status()).as(receipt.body()).isEqualTo(201);

            awaitStatus(acme, id, "completed");

            assertThat(site.isErased(id)).isTrue();
            Answer late = acme.cancel(id);
            assertThat(late.status()).isEqualTo(400);
            assertThat(late.json().at("/error/message").asText()).contains("can't be cancelled");
            assertThat(late.isSignedBy(acme.certificate())).isTrue();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.receiver.taken(id)).hasSize(4));
            X509Certificate certificate = acme.certificate();
            for (String address : List.of("one", "two")) {
                assertThat(site.receiver.taken(id).stream()
                                .filter(call ->
                                        call.field("status_callback_url").equals(site.receiver.url(address)))
                                .map(call -> call.field("request_status")))
                        .as("what %s was told", address)
                        .containsExactly("in_progress", "completed");
            }
            assertThat(site.receiver.taken(id)).allSatisfy(call -> {
                assertThat(Controller.isSigned(call.body(), call.signature(), certificate))
                        .isTrue();
                assertThat(call.domain()).isEqualTo("localhost");
                assertThat(call.contentType()).isEqualTo("application/json");
                assertThat(call.field("controller_id")).isEqualTo("acme");
                assertThat(call.field("expected_completion_time")).isEqualTo(receipt.field("expected_completion_time"));
            });
        }
    }

    @Test
    void whoeverComesFirstWinsAndNeverBoth() throws Exception {
        String database = site.ledgers.newDatabase();
        List<String> ids = new ArrayList<>();
        Map<String, Integer> answers = new ConcurrentHashMap<>();
        try (Ledger one = site.ledger(database, "PT1S");
                Ledger two = site.ledgers.ledger(database, site.yaml("PT1S"));
                var cancelling = Executors.newScheduledThreadPool(16)) {
            List<Controller> ways = List.of(acme(one), acme(two));
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String id = newId();
                Controller way = ways.get(i % 2);
                assertThat(way.submit(id, "racer-" + i).status()).isEqualTo(201);
                ids.add(id);
                done.add(cancelling.schedule(
                        () -> answers.put(id, settled(way, id)),
                        ThreadLocalRandom.current().nextLong(700, 1300),
                        TimeUnit.MILLISECONDS));
            }
            for (Future<?> cancelled : done) {
                cancelled.get();
            }
            site.awaitNothingHeld();

            assertThat(answers).hasSize(ids.size()).containsValues(202, 400);
            assertExact(acme(one), answers);
        }
    }

    /** Until it is known what came of it: 503 says that it is not. */
    private static int settled(Controller controller, String id) throws Exception {
        int status = controller.cancel(id).status();
        while (status == 503) {
            status = controller.cancel(id).status();
        }
        return status;
    }

    /** @param answers to those who cancelled, by the request's id */
    private static void assertExact(Controller controller, Map<String, Integer> answers) throws Exception {
        for (var answer : answers.entrySet()) {
            String id = answer.getKey();
            assertThat(answer.getValue()).isIn(202, 400);
            boolean wasCancelled = answer.getValue() == 202;
            assertThat(site.isErased(id))
                    .as("%s was %s", id, wasCancelled ? "cancelled" : "not cancelled")
                    .isNotEqualTo(wasCancelled);
            awaitStatus(controller, id, wasCancelled ? "cancelled" : "completed");
        }
    }

    /** SIGKILL in the midst of releasing and cancelling; then another one, on a database that is made again. */
    @Test
    void aLedgerThatIsKilledLeavesNothingHalfDecided() throws Exception {
        String database = site.ledgers.newDatabase();
        int port = FreePort.any();
        int managementPort = FreePort.any();
        Path config = folder.resolve("killed.yaml");
        Files.writeString(
                config,
                site.ledgers
                                .yaml(database)
                                .replaceFirst(
                                        "management: \\{ host: 127.0.0.1, port: 0",
                                        "management: { host: 127.0.0.1, port: " + managementPort)
                                .replaceFirst(
                                        "http: \\{ host: 127.0.0.1, port: 0", "http: { host: 127.0.0.1, port: " + port)
                        + site.yaml("PT3S"));
        var controller = new Controller(port, OpenDsrSite.ACME);
        List<String> ids = new ArrayList<>();
        Map<String, Integer> answers = new ConcurrentHashMap<>();
        Path log = folder.resolve("killed.log");
        try (var ledger = LetheProcess.start(log, "ledger", "--config", config.toString());
                var cancelling = Executors.newScheduledThreadPool(8)) {
            ledger.awaitReady(managementPort);
            long before = site.erased().size();
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String id = newId();
                assertThat(controller.submit(id, "victim-" + i).status()).isEqualTo(201);
                ids.add(id);
                done.add(cancelling.schedule(
                        () -> {
                            try {
                                answers.put(id, controller.cancel(id).status());
                            } catch (IOException e) {
                                // It is dead: nobody was told anything.
                            }
                            return null;
                        },
                        ThreadLocalRandom.current().nextLong(2500, 3500),
                        TimeUnit.MILLISECONDS));
            }
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> site.erased().size() >= before + 3);
            ledger.kill();
            for (Future<?> cancelled : done) {
                cancelled.get();
            }
        }
        answers.values().removeIf(status -> status == 503);

        String again = site.ledgers.newDatabase();
        try (Ledger ledger = site.ledger(again, "PT0S")) {
            site.awaitNothingHeld();
            assertExact(acme(ledger), answers);
            var all = new HashMap<String, Integer>();
            for (String id : ids) {
                all.put(id, settled(acme(ledger), id));
            }
            assertThat(all).containsAllEntriesOf(answers);
            assertExact(acme(ledger), all);
        }
    }

    @Test
    void whatWasReleasedBeforeALedgerDiedGoesOnAndWhatWasWithdrawnDoesNot() throws Exception {
        String released = newId();
        String withdrawn = newId();
        String database = site.ledgers.newDatabase();
        try (Ledger ledger = site.ledger(database, "PT1H")) {
            Controller acme = acme(ledger);
            assertThat(acme.submit(released, "cora").status()).isEqualTo(201);
            assertThat(acme.submit(withdrawn, "dora").status()).isEqualTo(201);
            // What a ledger has noted that died before it did anything more.
            site.ledgers.publish(List.of(
                    JournalRecord.entry(new Released(site.requestId(database, released), Instant.now())),
                    JournalRecord.entry(
                            new Withdrawn(site.requestId(database, withdrawn), Instant.now(), "opendsr.acme"))));
            awaitStatus(acme, released, "in_progress");
            assertThat(acme.cancel(released).status()).isEqualTo(400);
            awaitStatus(acme, withdrawn, "cancelled");
        }
        try (Ledger ledger = site.ledger(site.ledgers.newDatabase(), "PT0S")) {
            awaitStatus(acme(ledger), released, "completed");
            site.awaitNothingHeld();
            assertThat(site.isErased(released)).isTrue();
            assertThat(site.isErased(withdrawn)).isFalse();
            awaitStatus(acme(ledger), withdrawn, "cancelled");
        }
    }

    @Test
    void aControllerThatIsDownIsToldOnceLaterAndNotAgainByADatabaseThatIsMadeAgain() throws Exception {
        String database = site.ledgers.newDatabase();
        String id = newId();
        site.receiver.answer(302);
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            Controller acme = acme(ledger);
            submit(acme, id, "emil", site.receiver.url("one"));
            awaitStatus(acme, id, "completed");
            await("it was called more than once")
                    .atMost(PATIENCE)
                    .until(() -> site.receiver.of(id).size() >= 2);
            assertThat(ledger.degradations())
                    .anyMatch(line -> line.startsWith("controller acme can't be called back since ")
                            && line.endsWith(": HTTP_302"))
                    .noneMatch(line -> line.contains("s3cret") || line.contains("127.0.0.1"));
            assertThat(site.receiver.wasFollowed()).isFalse();
            assertThat(site.receiver.of(id))
                    .as("one change comes after the other")
                    .allMatch(call -> call.field("request_status").equals("in_progress"));
        }
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            site.receiver.answer(202);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.receiver.taken(id)).hasSize(2));
            assertThat(site.receiver.taken(id).stream().map(call -> call.field("request_status")))
                    .containsExactly("in_progress", "completed");
            await().atMost(PATIENCE).until(() -> ledger.degradations().isEmpty());
            awaitStillAndSealed(database);
        }
        List<String> rows = site.ledgers.rows(database, LedgerSite.TABLES);
        assertThat(rows).anyMatch(row -> row.startsWith("callback "));
        String again = site.ledgers.newDatabase();
        try (Ledger ledger = site.ledger(again, "PT0S")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.ledgers.rows(again, LedgerSite.TABLES))
                            .isEqualTo(rows));
            // Whoever comes now is told: the senders are at work, and had nothing else to tell.
            String marker = newId();
            submit(acme(ledger), marker, "marker", site.receiver.url("one"));
            await().atMost(PATIENCE).until(() -> site.receiver.taken(marker).size() == 2);
            assertThat(site.receiver.taken(id)).hasSize(2);
        }
    }

    @Test
    void whatAnAddressRefusesOfOneRequestHoldsUpNoOther() throws Exception {
        String refused = newId();
        String next = newId();
        site.receiver.refuse(refused);
        try (Ledger ledger = site.ledger(site.ledgers.newDatabase(), "PT0S")) {
            Controller acme = acme(ledger);
            submit(acme, refused, "hans", site.receiver.url("one"));
            await().atMost(PATIENCE).until(() -> !site.receiver.of(refused).isEmpty());
            submit(acme, next, "ida", site.receiver.url("one"));

            await().atMost(PATIENCE).until(() -> site.receiver.taken(next).size() == 2);
            assertThat(site.receiver.taken(refused)).isEmpty();
            assertThat(ledger.degradations()).anyMatch(line -> line.endsWith(": HTTP_404"));
            site.receiver.refuse("nobody's");
            await().atMost(PATIENCE).until(() -> site.receiver.taken(refused).size() == 2);
        }
    }

    @Test
    void aControllerThatIsDownForAWeekIsGivenUp() throws Exception {
        String database = site.ledgers.newDatabase();
        String id = newId();
        site.receiver.answer(500);
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            submit(acme(ledger), id, "jana", site.receiver.url("one"));
            awaitStatus(acme(ledger), id, "completed");
            await().atMost(PATIENCE).until(() -> !site.receiver.of(id).isEmpty());
            assertThat(callbacks(database, id, "called_at is null")).isEqualTo(2);
        }
        try (Ledger ledger = ready(site.ledgers.ledger(database, site.yaml("PT0S"), in(Duration.ofDays(8))))) {
            await().atMost(PATIENCE).until(() -> callbacks(database, id, "not delivered") == 2);
            await().atMost(PATIENCE).until(() -> ledger.degradations().isEmpty());
        }
        site.receiver.answer(202);
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            String marker = newId();
            submit(acme(ledger), marker, "marker", site.receiver.url("one"));
            await().atMost(PATIENCE).until(() -> site.receiver.taken(marker).size() == 2);
            assertThat(site.receiver.taken(id)).isEmpty();
            assertThat(acme(ledger).status(id).field("request_status")).isEqualTo("completed");
        }
    }

    private static long callbacks(String database, String subjectRequestId, String condition) {
        return site.ledgers.number(
                database,
                "select count(*) from callback where subject_request_id = '" + subjectRequestId + "' and " + condition);
    }

    private static InstantSource in(Duration time) {
        return InstantSource.offset(InstantSource.system(), time);
    }

    @Test
    void anAddressIsTrustedIfItsAuthorityIsConfigured() throws Exception {
        String database = site.ledgers.newDatabase();
        String id = newId();
        try (var receiver = CallbackReceiver.withTls(site.tls())) {
            String yaml = site.yaml("PT0S").replace(site.receiver.url("two"), receiver.url("tls"));
            try (Ledger ledger = ready(site.ledgers.ledger(database, yaml))) {
                submit(acme(ledger), id, "karl", receiver.url("tls"));
                await().atMost(PATIENCE)
                        .until(() -> ledger.degradations().stream().anyMatch(line -> line.endsWith(": UNREACHABLE")));
                assertThat(receiver.of(id)).isEmpty();
            }
            String trusting = yaml.replace(
                    "  cancellable:", "  authority: \"" + folder.resolve("opendsr.pem") + "\"\n  cancellable:");
            try (Ledger ledger = ready(site.ledgers.ledger(database, trusting))) {
                await().atMost(PATIENCE).until(() -> receiver.taken(id).size() == 2);
                await().atMost(PATIENCE).until(() -> ledger.degradations().isEmpty());
            }
        }
    }

    @Test
    void aCertificateThatExpiresSoonIsSaid() throws Exception {
        String database = site.ledgers.newDatabase();
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            assertThat(ledger.degradations()).isEmpty();
        }
        try (Ledger ledger = ready(site.ledgers.ledger(database, site.yaml("PT0S"), in(Duration.ofDays(50))))) {
            assertThat(ledger.degradations())
                    .singleElement()
                    .asString()
                    .startsWith("the certificate of opendsr expires at ")
                    .endsWith(": renew it, and start the ledger again");
        }
    }

    private static void submit(Controller controller, String id, String person, String address) throws Exception {
        assertThat(controller.submit(id, person, address).status()).isEqualTo(201);
    }

    private static void awaitStillAndSealed(String database) {
        await().atMost(PATIENCE)
                .until(() -> site.ledgers.number(database, "select count(*) from callback where called_at is null") == 0
                        && site.ledgers.number(database, "select size from journal")
                                == site.ledgers.number(database, "select coalesce(max(size), 0) from checkpoint"));
    }

    @Test
    void lethesOwnClientIsServedToTheEnd() throws Exception {
        try (Ledger ledger = site.ledger(site.ledgers.newDatabase(), "PT0S");
                ErasureStore client = client(ledger)) {
            assertThat(client.plan().obstacles()).isEmpty();

            List<StoreResult> results = client.erase(List.of(new Subject(
                    new SubjectKey("0000000000000000000001"),
                    "frieda",
                    null,
                    Map.of("email", List.of("frieda@example.org")))));

            assertThat(results)
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StoreResult.Settled.class,
                            settled -> assertThat(settled.targets())
                                    .singleElement()
                                    .satisfies(target ->
                                            assertThat(target.action()).isEqualTo(Action.DELETE)));
        }
    }

    private static ErasureStore client(Ledger ledger) throws Exception {
        return ConfigFile.parse(
                        "store.yaml",
                        """
                        url: http://localhost:%d/opendsr/v2
                        protocol: opendsr
                        readBack: none
                        apiKey: { value: "Bearer %s" }
                        polling: { interval: PT0.1S, most: PT60S }
                        opendsr:
                          identities: { controller_customer_id: userId, email: email }
                          certificate: "%s"
                        """.formatted(ledger.port(), OpenDsrSite.ACME, folder.resolve("opendsr.pem")),
                        Map.of(),
                        section -> new HttpStoreFactory().configure("lethe", section))
                .config()
                .get();
    }

    @Test
    void whoeverFollowsThePageIsServed() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "opendsr.md"));
        List<String> recipes = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
        Path own = Files.createDirectories(folder.resolve("page"));
        assertThat(recipes).hasSize(4);
        try (Ledger ledger = site.ledger(site.ledgers.newDatabase(), "PT1H")) {
            String script = "set -euo pipefail\n"
                    + String.join("", recipes)
                            .replace("localhost:8090", "localhost:" + ledger.port())
                            .replace("https://acme.example.com/opendsr/callbacks", site.receiver.url("one"));
            var bash = new ProcessBuilder("bash", "-c", script)
                    .directory(own.toFile())
                    .redirectErrorStream(true);
            bash.environment().put("ACME_TOKEN", OpenDsrSite.ACME);
            Process process = bash.start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor()).as(said).isZero();
            assertThat(said)
                    .contains(
                            "\"supported_subject_request_types\":[\"erasure\"]",
                            "\"encoded_request\"",
                            "\"request_status\":\"pending\"",
                            "Verified OK");
            assertThat(Files.readString(own.resolve("body"))).contains("\"request_status\":\"cancelled\"");
            assertThat(own.resolve("opendsr.pem")).exists();
        }
    }

    @Test
    void nobodysNameIsAnywhere() throws Exception {
        var person = new Person(
                UUID.randomUUID(), "gisela.muster@example.org", "gisela.muster", "+49301234567", "Gisela", "Muster");
        String database = site.ledgers.newDatabase();
        String id = newId();
        String body = Controller.body(id, person.id().toString(), List.of(site.receiver.url("one")))
                .replace(person.id() + "@example.org", person.email());
        try (Ledger ledger = site.ledger(database, "PT0S")) {
            assertThat(acme(ledger).submit(body).status()).isEqualTo(201);
            awaitStatus(acme(ledger), id, "completed");
        }

        LeakSearch search = LeakSearch.forEverybody(List.of(person))
                .inTopics(site.ledgers.kafka.bootstrapServers())
                .inDatabase(database, site.ledgers.postgres.dataSource(database));
        assertThat(search.leaks()).isEmpty();
        assertThat(site.ledgers.rows(database, "entry", "callback"))
                .as("the address that is called back has a secret in it")
                .noneMatch(row -> row.contains("s3cret"));
    }
}
