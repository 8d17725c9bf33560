package dev.lethe.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.certificate.Answer;
import dev.lethe.ledger.certificate.CertificateText;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.certificate.Verification;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.keys.PublicKeys;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.Requests;
import dev.lethe.worker.deadletter.Failure;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

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
            site.publish(site.traffic(200, 1));
            awaitRequests(first, 200);
            // Stopped and started in the middle, with what goes on meanwhile.
            site.publish(site.traffic(100, 2));
        }
        try (Ledger ledger = site.ledger(first)) {
            site.publish(site.traffic(100, 3));
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
            site.publish(site.traffic(50, 4));
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
                    LedgerSite.outcomeRecord(request, "shop", Status.ERASED),
                    LedgerSite.outcomeRecord(request, "sessions", Status.FAILED),
                    site.deadLetter(request, "sessions"),
                    LedgerSite.outcomeRecord(withdrawn, Outcome.CONFIRM, Status.WITHDRAWN)));
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
                    LedgerSite.outcomeRecord(request, "sessions", Status.ERASED),
                    Failure.tombstone(request.requestId() + "/sessions")));
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

    @Test
    void aCertificateCanBeTakenAlongAsAPdfThatSaysWhatItsPageSays() throws Exception {
        String database = site.newDatabase();
        ErasureRequest request = site.request("wanda");
        try (Ledger ledger = site.ledger(database)) {
            var caller = new Caller(ledger);
            site.publish(List.of(
                    site.requested(request),
                    LedgerSite.outcomeRecord(request, "shop", Status.ERASED),
                    LedgerSite.outcomeRecord(request, "sessions", Status.ERASED)));
            String path = "/requests/" + request.requestId();
            await().atMost(PATIENCE).until(() -> caller.get(path).body().contains("\"completed\""));

            HttpResponse<byte[]> pdf = caller.send(path + "/certificate.pdf", BodyHandlers.ofByteArray());
            HttpResponse<String> json = caller.get(path + "/certificate");

            assertThat(pdf.statusCode()).isEqualTo(200);
            assertThat(pdf.headers().firstValue("Content-Type")).contains("application/pdf");
            assertThat(pdf.headers().firstValue("Content-Disposition"))
                    .contains("attachment; filename=\"certificate-" + request.requestId() + ".pdf\"");
            Verification verification =
                    Verification.of(json.body().getBytes(UTF_8), PublicKeys.load(site.publicKeys()), Optional.empty());
            assertThat(CertificateText.of(verification.certificate()).summary())
                    .isNotEmpty()
                    .allSatisfy(sentence -> assertThat(text(pdf.body())).contains(sentence.replace(" ", "")));
            assertThat(text(pdf.body()))
                    .contains(
                            request.requestId().toString(),
                            request.subject().key().value())
                    .doesNotContain("wanda");
            assertThat(caller.get("/requests/" + UUID.randomUUID() + "/certificate.pdf")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(caller.get(path + "/certificate.pdf?since=anything"))
                    .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(400))
                    .satisfies(answer -> assertThat(answer.body()).contains("The earlier checkpoint does not stand"));
            await("who takes one is noted, and who does not get one is not")
                    .atMost(PATIENCE)
                    .until(() -> site.number(
                                    database,
                                    "select count(*) from action where action = 'certificate' and request_id = '"
                                            + request.requestId() + "'")
                            == 2);
        }
    }

    /** Without blanks, since lines are broken elsewhere. */
    private static String text(byte[] pdf) throws IOException {
        var text = new StringBuilder();
        try (var reader = new PdfReader(pdf)) {
            for (int page = 1; page <= reader.getNumberOfPages(); page++) {
                text.append(new PdfTextExtractor(reader).getTextFromPage(page));
            }
        }
        return text.toString().replaceAll("\\s+", "");
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
}
