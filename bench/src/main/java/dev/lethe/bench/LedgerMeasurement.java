package dev.lethe.bench;

import dev.lethe.ledger.app.Ledger;
import dev.lethe.ledger.certificate.Answer;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.request.Cursor;
import dev.lethe.ledger.request.Figures;
import dev.lethe.ledger.request.RequestFilter;
import dev.lethe.ledger.request.RequestFilter.Due;
import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.Requests;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.JdbiException;

/** Notes a million requests, reads them again, and asks about them. */
final class LedgerMeasurement {
    private static final double REBUILT_WITHIN = 600;
    private static final double ANSWERED_WITHIN = 100;
    private static final int WARM_UP = 50;
    private static final int TIMES = 200;
    private static final int PAGE = 50;
    private static final double STUCK_SECONDS = 120;
    private static final Duration ASK_EVERY = Duration.ofMillis(20);
    private static final List<String> TABLES = List.of(
            "journal",
            "entry",
            "tile",
            "checkpoint",
            "request",
            "request_store",
            "dead_letter",
            "action",
            "callback",
            "tally",
            "duration");

    private record AskedPage(String name, String path) {}

    private static final List<AskedPage> PAGES = List.of(
            new AskedPage("overview", "/console"),
            new AskedPage("list", "/console/requests"),
            new AskedPage("one store", "/console/requests?status=in_progress&store=sessions"),
            new AskedPage("dead letters", "/console/dead-letters"),
            new AskedPage("API list", "/requests?limit=50"),
            new AskedPage("API overdue", "/requests?due=overdue"),
            new AskedPage("statistics", "/statistics"));

    private final LedgerBenchSite site;
    private final int requests;
    private final PrintWriter progress;

    LedgerMeasurement(LedgerBenchSite site, int requests, PrintWriter progress) {
        this.site = site;
        this.requests = requests;
        this.progress = progress;
    }

    void run(Report report) throws Exception {
        long records = first(report);
        List<String> first = digests("first");
        double again = again(records);
        report.noMoreThan("reading the topics again into an empty database", again, "s", REBUILT_WITHIN);
        report.figure("  entries a second", records / again, "/s");
        boolean same = digests("again").equals(first);
        report.note("the rows of both databases are " + (same ? "the same" : "NOT THE SAME"));
        try (LedgerDatabase database = site.open("again")) {
            site.vacuum(database);
            questions(database, report);
        }
        pages(report);
    }

    /** Has a ledger note all of it as it comes, and returns how many records that is. */
    private long first(Report report) throws Exception {
        site.createDatabase("first");
        long start = System.nanoTime();
        try (Ledger running = site.ledger("first");
                LedgerDatabase database = site.open("first")) {
            long records = new LedgerTraffic(requests)
                    .publish(site.bootstrapServers(), published -> awaitEntries(database, published));
            awaitEntries(database, records);
            awaitCheckpoint(database, records);
            double seconds = since(start);
            say("%s: done after %.0f s".formatted(running.lanes().getFirst().lane(), seconds));
            report.figure("noting and projecting, as it comes", seconds, "s");
            report.figure("  records a second", records / seconds, "/s");
            return records;
        }
    }

    /** How long a ledger takes until another database has all that there is. */
    private double again(long records) throws Exception {
        site.createDatabase("again");
        long start = System.nanoTime();
        try (Ledger running = site.ledger("again");
                LedgerDatabase database = site.open("again")) {
            awaitEntries(database, records);
            double seconds = since(start);
            awaitCheckpoint(database, records);
            say("%s: done after %.0f s".formatted(running.lanes().getFirst().lane(), seconds));
            return seconds;
        }
    }

    private void awaitEntries(LedgerDatabase database, long entries) throws InterruptedException {
        long start = System.nanoTime();
        long before = 0;
        long moved = start;
        for (int asked = 1; ; asked++) {
            long size = number(database, "select size from journal");
            if (size >= entries) {
                return;
            }
            if (size > before) {
                before = size;
                moved = System.nanoTime();
            }
            requireSince(moved);
            if (asked % 250 == 0) {
                say("%d of %d after %.0f s".formatted(size, entries, since(start)));
            }
            Thread.sleep(ASK_EVERY);
        }
    }

    private static void awaitCheckpoint(LedgerDatabase database, long entries) throws InterruptedException {
        long start = System.nanoTime();
        while (number(database, "select coalesce(max(size), 0) from checkpoint") < entries) {
            requireSince(start);
            Thread.sleep(ASK_EVERY);
        }
    }

    private static void requireSince(long moved) {
        if (since(moved) > STUCK_SECONDS) {
            throw new IllegalStateException("the ledger does not get on");
        }
    }

    private static long number(LedgerDatabase database, String sql) {
        try {
            return database.jdbi()
                    .withHandle(
                            handle -> handle.createQuery(sql).mapTo(Long.class).one());
        } catch (JdbiException e) {
            // The ledger has not made the tables yet.
            return 0;
        }
    }

    /** Of each table: how many rows, and a sum over all that they hold. */
    private List<String> digests(String name) {
        try (LedgerDatabase database = site.open(name)) {
            return TABLES.stream()
                    .map(table -> database.jdbi()
                            .withHandle(handle -> handle.createQuery("select '" + table
                                            + " ' || count(*) || ' ' || coalesce(sum(hashtextextended(t::text,"
                                            + " 0)::numeric), 0) from " + table + " t")
                                    .mapTo(String.class)
                                    .one()))
                    .toList();
        }
    }

    private void questions(LedgerDatabase database, Report report) throws Exception {
        Instant now = Instant.now();
        var asked = new Requests(database.jdbi());
        var figures = new Figures(database.jdbi());
        report.noMoreThan(
                "overview, p95",
                p95(i -> {
                    figures.statistics(now, ZoneOffset.UTC);
                    figures.points(now.minus(Duration.ofDays(1)), now, ChronoUnit.HOURS, ZoneOffset.UTC);
                    figures.points(now.minus(Duration.ofDays(30)), now, ChronoUnit.DAYS, ZoneOffset.UTC);
                }),
                "ms",
                ANSWERED_WITHIN);
        Instant middle = now.minus(Duration.ofDays(16));
        RequestFilter all = RequestFilter.ALL;
        list(report, asked, "all", all, now);
        list(report, asked, "one status", all.withStatus(RequestStatus.IN_PROGRESS), now);
        list(report, asked, "one store", all.withStore("sessions"), now);
        list(
                report,
                asked,
                "one store and status",
                all.withStore("sessions").withStatus(RequestStatus.IN_PROGRESS),
                now);
        list(report, asked, "overdue", all.withDue(Due.OVERDUE), now);
        list(report, asked, "at risk, one store", all.withDue(Due.AT_RISK).withStore("sessions"), now);
        list(report, asked, "failed", all.withFailed(), now);
        list(report, asked, "an hour", all.within(middle, middle.plus(Duration.ofHours(1))), now);
        List<RequestRow> rows = asked.list(all, now, Optional.of(new Cursor(middle, new UUID(0, 0))), 200)
                .rows();
        report.noMoreThan(
                "one request with its timeline, p95",
                p95(i -> asked.find(rows.get(i % rows.size()).requestId())),
                "ms",
                ANSWERED_WITHIN);
        report.noMoreThan(
                "the requests of a person, p95",
                p95(i -> asked.of(rows.get(i % rows.size()).subjectKey())),
                "ms",
                ANSWERED_WITHIN);
        var certificates = new Certificates(database.jdbi(), site.keys(), "bench", InstantSource.system());
        report.noMoreThan(
                "a certificate, p95",
                p95(i -> {
                    if (!(certificates.issue(rows.get(i % rows.size()).requestId(), Optional.empty())
                            instanceof Answer.Issued)) {
                        throw new IllegalStateException("no certificate");
                    }
                }),
                "ms",
                ANSWERED_WITHIN);
    }

    /** What a browser or program gets, over HTTP, from a ledger of its own. */
    private void pages(Report report) throws Exception {
        try (Ledger running = site.ledger("again");
                HttpClient http = HttpClient.newHttpClient()) {
            for (AskedPage page : PAGES) {
                HttpRequest asked = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + running.port() + page.path()))
                        .header("Authorization", "Bearer " + LedgerBenchSite.TOKEN)
                        .build();
                double millis = p95(i -> get(http, asked));
                report.noMoreThan("GET " + page.path() + ", p95", millis, "ms", ANSWERED_WITHIN);
                report.bar("What a ledger answers", "ms", "95 of 100 calls", page.name(), millis);
            }
        }
    }

    private static void get(HttpClient http, HttpRequest asked) throws IOException, InterruptedException {
        int status = http.send(asked, BodyHandlers.ofByteArray()).statusCode();
        if (status != 200) {
            throw new IllegalStateException(asked.uri().getPath() + " answers " + status);
        }
    }

    /** A walk from page to page. */
    private static void list(Report report, Requests asked, String name, RequestFilter filter, Instant now)
            throws Exception {
        var next = new Object() {
            Optional<Cursor> page = Optional.empty();
        };
        report.noMoreThan(
                "list, " + name + ", p95",
                p95(i -> next.page = asked.list(filter, now, next.page, PAGE).next()),
                "ms",
                ANSWERED_WITHIN);
    }

    private interface Question {
        void ask(int number) throws Exception;
    }

    private static double p95(Question question) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            question.ask(i);
        }
        var millis = new ArrayList<Double>();
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            question.ask(i);
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return millis.stream().sorted().toList().get(TIMES * 95 / 100 - 1);
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }
}
