package dev.lethe.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.certificate.Answer;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.certificate.Verification;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.keys.PublicKeys;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.Requests;
import dev.lethe.worker.deadletter.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger on a real broker and a real PostgreSQL. */
@Tag("thorough")
class LedgerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static LedgerSite site;

    @BeforeAll
    static void start() throws Exception {
        site = new LedgerSite(folder);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void aDatabaseThatIsDroppedIsTheSameAgainAfterTheTopicsWereRead() throws Exception {
        String first = site.newDatabase();
        String again = site.newDatabase();
        try (Ledger ledger = site.ledger(first)) {
            site.publish(traffic(200, 1));
            awaitRequests(first, 200);
            // Stopped and started in the middle, with what goes on meanwhile.
            site.publish(traffic(100, 2));
        }
        try (Ledger ledger = site.ledger(first)) {
            site.publish(traffic(100, 3));
            awaitRequests(first, 400);
            awaitCheckpoint(first);
        }
        List<String> rows = site.rows(first, LedgerSite.TABLES);

        try (Ledger ledger = site.ledger(again)) {
            awaitRequests(again, 400);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(site.rows(again, LedgerSite.TABLES)).isEqualTo(rows));
        }
        assertThat(site.rows(again, LedgerSite.TABLES)).isEqualTo(rows);
    }

    @Test
    void aDatabaseThatIsDownIsWaitedForAndNothingIsLost() throws Exception {
        String database = site.newDatabase();
        try (Ledger ledger = site.ledger(database)) {
            awaitReady(ledger);
            long before = site.number(database, "select count(*) from request");
            site.postgres.kill();
            site.publish(traffic(50, 4));
            await("the lane holds")
                    .atMost(PATIENCE)
                    .until(() ->
                            ledger.degradations().stream().anyMatch(line -> line.contains("DATABASE_UNAVAILABLE")));
            assertThat(ledger.degradations().toString()).doesNotContain("example.org");
            site.postgres.restart();
            awaitRequests(database, before + 50);
            await().atMost(PATIENCE).until(() -> ledger.degradations().isEmpty());
        }
    }

    @Test
    void whatBecameOfARequestIsToldAndCanBeShown() throws Exception {
        String database = site.newDatabase();
        ErasureRequest request = site.request("zoe");
        ErasureRequest withdrawn = site.request("yan");
        try (Ledger ledger = site.ledger(database);
                LedgerDatabase opened = site.database(database)) {
            var requests = new Requests(opened.jdbi());
            site.publish(List.of(site.announced(request), site.announced(withdrawn)));
            awaitStatus(requests, request.requestId(), RequestStatus.PENDING);
            site.publish(List.of(
                    site.requested(request),
                    outcome(request, "shop", Status.ERASED),
                    outcome(request, "sessions", Status.FAILED),
                    deadLetter(request, "sessions"),
                    outcome(withdrawn, Outcome.CONFIRM, Status.WITHDRAWN)));
            awaitStatus(requests, withdrawn.requestId(), RequestStatus.CANCELLED);
            await().atMost(PATIENCE)
                    .until(() -> requests.find(request.requestId())
                            .filter(detail -> detail.deadLetters().size() == 1
                                    && detail.request().failed())
                            .isPresent());
            assertThat(requests.find(request.requestId())
                            .orElseThrow()
                            .request()
                            .status())
                    .isEqualTo(RequestStatus.IN_PROGRESS);
            site.publish(List.of(
                    outcome(request, "sessions", Status.ERASED), Failure.tombstone(request.requestId() + "/sessions")));
            awaitStatus(requests, request.requestId(), RequestStatus.COMPLETED);
            await().atMost(PATIENCE)
                    .until(() -> requests.find(request.requestId())
                            .orElseThrow()
                            .deadLetters()
                            .isEmpty());

            assertThat(requests.of(request.subject().key()))
                    .singleElement()
                    .satisfies(row -> assertThat(row.items()).isEqualTo(6));
            var certificates = new Certificates(opened.jdbi(), site.keys, "example.org/lethe", InstantSource.system());
            var issued = (Answer.Issued) await().atMost(PATIENCE)
                    .until(
                            () -> certificates.issue(request.requestId(), Optional.empty()),
                            Answer.Issued.class::isInstance);
            Verification verification = Verification.of(
                    issued.file().getBytes(UTF_8), PublicKeys.load(site.publicKeys()), Optional.empty());
            assertThat(verification.certificate().claims().status()).isEqualTo(RequestStatus.COMPLETED);
            assertThat(verification.certificate().evidence()).hasSizeGreaterThanOrEqualTo(6);
        }
    }

    private static void awaitReady(Ledger ledger) {
        await().atMost(PATIENCE)
                .until(() ->
                        ledger.problems().isEmpty() && ledger.lanes().stream().allMatch(lane -> lane.reading()));
    }

    private static void awaitStatus(Requests requests, UUID id, RequestStatus status) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> requests.find(id)
                        .filter(detail -> detail.request().status() == status)
                        .isPresent());
    }

    /** Those of the present test are the newest: what the other tests wrote is in every database, too. */
    private static void awaitRequests(String database, long least) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> site.number(
                                database,
                                "select count(*) from request where accepted_at is not null and stores_done = stores")
                        >= least);
    }

    private static void awaitCheckpoint(String database) {
        await().atMost(PATIENCE)
                .until(() -> site.number(database, "select size from journal")
                        == site.number(database, "select coalesce(max(size), 0) from checkpoint"));
    }

    /** Requests and their outcomes, in an order of their own, and some of them twice. */
    private static List<ProducerRecord<String, byte[]>> traffic(int requests, long seed) {
        var records = new ArrayList<ProducerRecord<String, byte[]>>();
        for (int i = 0; i < requests; i++) {
            ErasureRequest request = site.request("user-" + seed + "-" + i);
            records.add(site.requested(request));
            LedgerSite.STORES.forEach(store -> records.add(outcome(request, store, Status.ERASED)));
            if (i % 10 == 0) {
                records.add(site.requested(request));
                records.add(records.get(records.size() - 2));
            }
        }
        Collections.shuffle(records, new Random(seed));
        return records;
    }

    private static ProducerRecord<String, byte[]> outcome(ErasureRequest request, String store, Status status) {
        return EventRecords.outcome(LedgerSite.outcome(request, store, status));
    }

    private static ProducerRecord<String, byte[]> deadLetter(ErasureRequest request, String store) {
        ProducerRecord<String, byte[]> record = site.requested(request);
        var read = new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
        return Failure.of(read, "erasure." + store, store, "CONFLICT", Instant.now())
                .deadLetter(read, request.requestId().toString());
    }
}
