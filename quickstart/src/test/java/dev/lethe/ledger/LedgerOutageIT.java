package dev.lethe.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Outcome.Status;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.MissedClosings;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.worker.deadletter.Failure;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a ledger needs is away in the middle of its work, or it is itself: it says so, goes on, and has what it would have had anyway. */
@Tag("nightly")
class LedgerOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** What follows for requests; the rest of the database depends on the order in which topics were read. */
    private static final String[] WHATEVER_THE_ORDER = {"request", "request_store", "dead_letter", "tally", "duration"};

    private static final String SHOP = "shop";
    private static final String LETTER = "{\"userId\":\"letter-writer\"}";

    @TempDir
    static Path folder;

    private static LedgerSite site;
    private static ExecutorService meanwhile;

    @BeforeAll
    static void start() throws Exception {
        meanwhile = Executors.newVirtualThreadPerTaskExecutor();
        site = new LedgerSite(folder);
    }

    @AfterAll
    static void stop() {
        site.close();
        meanwhile.close();
    }

    @Test
    void aBrokerThatIsKilledAndThenHangsIsWaitedForAndWhatIsKnownIsTold() throws Exception {
        String database = site.newDatabase();
        try (Ledger ledger = site.ledger(database)) {
            var caller = new Caller(ledger);
            ErasureRequest known = known(caller);
            assertThat(caller.signIn().statusCode()).isEqualTo(303);

            List<ProducerRecord<String, byte[]>> first = traffic(1);
            begin(database, first);
            site.kafka.kill();
            Future<?> rest = publishing(rest(first));
            assertThatWhatIsKnownIsTold(caller, known);
            assertThatNothingIsAccepted(caller);
            await("the page of the stores says that it is old")
                    .atMost(PATIENCE)
                    .until(() -> caller.get("/stores").body().contains("Kafka does not answer"));
            site.kafka.restart();
            rest.get();

            List<ProducerRecord<String, byte[]>> second = traffic(2);
            begin(database, second);
            site.kafka.freeze();
            rest = publishing(rest(second));
            assertThatWhatIsKnownIsTold(caller, known);
            assertThatNothingIsAccepted(caller);
            site.kafka.thaw();
            rest.get();

            await("a request is taken again")
                    .atMost(PATIENCE)
                    .until(() -> caller.post("/requests", LETTER).statusCode() == 201);
            assertAsUndisturbed(database);
            await().atMost(PATIENCE).until(() -> ledger.degradations().isEmpty());
            await().atMost(PATIENCE).until(() -> !caller.get("/stores").body().contains("Kafka does not answer"));
        }
    }

    @Test
    void aDatabaseThatIsKilledIsWaitedForAndRequestsAreTakenMeanwhile() throws Exception {
        String database = site.newDatabase();
        try (Ledger ledger = site.ledger(database)) {
            var caller = new Caller(ledger);
            ErasureRequest known = known(caller);
            assertThat(caller.signIn().statusCode()).isEqualTo(303);

            List<ProducerRecord<String, byte[]>> traffic = traffic(3);
            begin(database, traffic);
            site.postgres.kill();
            Future<?> rest = publishing(rest(traffic));
            List<HttpResponse<String>> answers = all(
                    () -> caller.get("/requests"),
                    () -> caller.get("/requests/" + known.requestId()),
                    () -> caller.get("/statistics"),
                    () -> caller.get("/dead-letters"),
                    () -> caller.get("/requests/" + known.requestId() + "/certificate"),
                    () -> caller.post("/people/find", LETTER),
                    () -> caller.page("/console"));
            HttpResponse<String> page = answers.removeLast();
            HttpResponse<String> taken = caller.post("/requests", LETTER);
            HttpResponse<String> described = caller.get("/openapi.json");
            rest.get();
            site.postgres.restart();

            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.statusCode()).as(answer.uri().getPath()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.body())
                        .contains("\"status\":503", "The ledger's database does not answer. Try again in a moment.")
                        .doesNotContain("jdbc", "127.0.0.1", "postgres", "letter-writer");
            });
            assertThat(page.statusCode()).isEqualTo(503);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(page.body()).contains("database does not answer").doesNotContain("jdbc");
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
            assertThat(described.statusCode()).isEqualTo(200);
            assertAsUndisturbed(database);
            assertThat(caller.get(taken.headers().firstValue("Location").orElseThrow())
                            .body())
                    .contains("\"pending\"");
            await().atMost(PATIENCE).until(() -> ledger.degradations().isEmpty());
        }
    }

    @Test
    void aDatabaseThatHangsIsSaidToBeAwayAndGoneOnWith() throws Exception {
        String database = site.newDatabase();
        try (Ledger ledger = site.ledger(database)) {
            var caller = new Caller(ledger);
            known(caller);

            List<ProducerRecord<String, byte[]>> traffic = traffic(4);
            begin(database, traffic);
            site.postgres.freeze();
            try {
                site.publish(rest(traffic));
                await("not only that nothing is answered")
                        .atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(HttpTimeoutException.class)
                        .untilAsserted(() -> assertThat(caller.get("/requests"))
                                .satisfies(answer ->
                                        assertThat(answer.statusCode()).isEqualTo(503))
                                .satisfies(answer ->
                                        assertThat(answer.body()).contains("The ledger's database does not answer")));
            } finally {
                site.postgres.thaw();
            }

            assertAsUndisturbed(database);
        }
    }

    @Test
    void aLedgerThatWasAwayForLongerThanTombstonesLastShowsNothingAsOpenThatIsClosed() throws Exception {
        String database = site.newDatabase();
        String anew = site.newDatabase();
        ErasureRequest settled = site.request("settled");
        ErasureRequest again = site.request("refused-again");
        ErasureRequest open = site.request("open");
        site.publish(
                List.of(site.deadLetter(settled, SHOP), site.deadLetter(again, SHOP), site.deadLetter(open, SHOP)));
        List<String> before;
        try (Ledger ledger = site.ledger(database)) {
            awaitOpen(database, List.of(settled, again, open), List.of());
            before = letters(database, again);
        }
        site.publish(List.of(
                Failure.tombstone(letter(settled)), Failure.tombstone(letter(again)), site.deadLetter(again, SHOP)));
        site.forget(letter(settled));

        try (Ledger ledger = site.ledger(database);
                Ledger other = site.ledger(database)) {
            awaitOpen(database, List.of(again, open), List.of(settled));
            await("the one that was refused again is shown as that")
                    .atMost(PATIENCE)
                    .until(() -> !letters(database, again).equals(before));
        }
        try (Ledger ledger = site.ledger(anew)) {
            await("a database that is made anew has the same")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(letters(anew, settled, again, open))
                            .hasSize(2)
                            .isEqualTo(letters(database, settled, again, open)));
        }
        assertThat(closings(anew, settled)).isEqualTo(1);
        assertThat(closings(anew, again) + closings(anew, open)).isZero();
    }

    @Test
    void twoLedgersThatFindTheSameDeadLetterGoneNoteOneHappening() throws Exception {
        String database = site.newDatabase();
        ErasureRequest settled = site.request("settled-for-both");
        site.publish(List.of(site.deadLetter(settled, SHOP)));
        try (Ledger ledger = site.ledger(database)) {
            awaitOpen(database, List.of(settled), List.of());
        }
        site.publish(List.of(Failure.tombstone(letter(settled))));
        site.forget(letter(settled));

        var both = new CyclicBarrier(2);
        MissedClosings.Topic topic = () -> {
            Set<String> keys = site.deadLetterKeys();
            try {
                both.await();
            } catch (BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
            return keys;
        };
        try (LedgerDatabase opened = site.database(database);
                JournalWriter writer = site.writer();
                var one = new MissedClosings(opened.jdbi(), writer, () -> true, () -> 0, topic);
                var other = new MissedClosings(opened.jdbi(), writer, () -> true, () -> 0, topic)) {
            one.start();
            other.start();
            await("both have noted it")
                    .atMost(PATIENCE)
                    .until(() -> notedClosings(settled).size() == 2);
        }

        assertThat(Set.copyOf(notedClosings(settled))).as("in the same bytes").hasSize(1);
        try (Ledger ledger = site.ledger(database)) {
            await().atMost(PATIENCE).until(() -> closings(database, settled) > 0);
            assertThat(site.openDeadLetters(database)).doesNotContain(letter(settled));
            assertThat(closings(database, settled)).isEqualTo(1);
        }
    }

    private static String letter(ErasureRequest request) {
        return request.requestId() + "/" + SHOP;
    }

    private static void awaitOpen(String database, List<ErasureRequest> open, List<ErasureRequest> closed) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(site.openDeadLetters(database))
                        .containsAll(open.stream().map(LedgerOutageIT::letter).toList())
                        .noneMatch(key ->
                                closed.stream().map(LedgerOutageIT::letter).anyMatch(key::equals)));
    }

    /** The rows of these requests' dead letters. */
    private static List<String> letters(String database, ErasureRequest... requests) {
        return site.rows(database, "dead_letter").stream()
                .filter(row -> Arrays.stream(requests).anyMatch(request -> row.contains(letter(request))))
                .toList();
    }

    private static List<String> notedClosings(ErasureRequest request) throws InterruptedException {
        return site.journal(request.requestId()).stream()
                .filter(entry -> entry.contains("\"dead-letter-closed\""))
                .toList();
    }

    /** Those that nobody saw, and that count. */
    private static long closings(String database, ErasureRequest request) {
        return site.number(
                database,
                "select count(*) from entry where content like '%\"opened\"%' and request_id = '" + request.requestId()
                        + "'");
    }

    /** A request of which everything is known. */
    private static ErasureRequest known(Caller caller) throws Exception {
        ErasureRequest request = site.request("known");
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        records.add(site.requested(request));
        LedgerSite.STORES.forEach(store -> records.add(LedgerSite.outcomeRecord(request, store, Status.ERASED)));
        site.publish(records);
        await().atMost(PATIENCE)
                .until(() ->
                        caller.get("/requests/" + request.requestId()).body().contains("\"completed\""));
        return request;
    }

    private static void assertThatWhatIsKnownIsTold(Caller caller, ErasureRequest known) throws Exception {
        HttpResponse<String> detail = caller.get("/requests/" + known.requestId());
        assertThat(detail.statusCode()).isEqualTo(200);
        assertThat(detail.body()).contains("\"completed\"");
        for (String path : List.of("/requests?status=completed", "/statistics", "/dead-letters", "/actions")) {
            assertThat(caller.get(path).statusCode()).as(path).isEqualTo(200);
        }
        for (String path : List.of("/console", "/console/requests/" + known.requestId(), "/console/stores")) {
            assertThat(caller.page(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    private static void assertThatNothingIsAccepted(Caller caller) throws Exception {
        HttpResponse<String> answer = caller.post("/requests", LETTER);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).doesNotContain("letter-writer", "127.0.0.1");
    }

    /** With dead letters, opened and closed. */
    private static List<ProducerRecord<String, byte[]>> traffic(int seed) {
        List<ProducerRecord<String, byte[]>> records = site.traffic(600, seed);
        for (int i = 0; i < 20; i++) {
            ErasureRequest request = site.request("refused-" + seed + "-" + i);
            records.add(site.requested(request));
            records.add(records.size() / 2 - 1, LedgerSite.outcomeRecord(request, SHOP, Status.FAILED));
            records.add(records.size() / 2 - 1, site.deadLetter(request, SHOP));
            if (i % 2 == 0) {
                records.add(Failure.tombstone(request.requestId() + "/" + SHOP));
                records.add(LedgerSite.outcomeRecord(request, SHOP, Status.ERASED));
            }
        }
        return records;
    }

    /** Publishes the first half, and waits until the ledger is in the middle of it. */
    private static void begin(String database, List<ProducerRecord<String, byte[]>> records) throws Exception {
        long before = site.number(database, "select count(*) from request");
        site.publish(records.subList(0, records.size() / 2));
        await("the ledger has begun")
                .pollInterval(Duration.ofMillis(5))
                .atMost(PATIENCE)
                .until(() -> site.number(database, "select count(*) from request") > before);
    }

    private static List<ProducerRecord<String, byte[]>> rest(List<ProducerRecord<String, byte[]>> records) {
        return records.subList(records.size() / 2, records.size());
    }

    /** For as long as it takes until the broker has it. */
    private static Future<?> publishing(List<ProducerRecord<String, byte[]>> records) {
        return meanwhile.submit(() -> {
            site.publish(records);
            return null;
        });
    }

    private static void assertAsUndisturbed(String database) throws Exception {
        List<String> undisturbed = site.rows(site.undisturbed(), WHATEVER_THE_ORDER);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(site.rows(database, WHATEVER_THE_ORDER)).containsExactlyElementsOf(undisturbed));
    }

    @SafeVarargs
    private static List<HttpResponse<String>> all(Callable<HttpResponse<String>>... calls) throws Exception {
        var answers = new ArrayList<HttpResponse<String>>();
        for (Future<HttpResponse<String>> answer : meanwhile.invokeAll(List.of(calls))) {
            answers.add(answer.get());
        }
        return answers;
    }
}
