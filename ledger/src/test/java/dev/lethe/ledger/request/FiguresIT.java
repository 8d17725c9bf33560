package dev.lethe.ledger.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.ledger.Histories;
import dev.lethe.ledger.Postgres;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.Projection;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Announced;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.keys.LedgerKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The numbers of a database whose requests are known, one by one. */
@Tag("thorough")
class FiguresIT {
    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    /** In the middle of an hour, of which only a part is overdue. */
    private static final Instant NOW = Instant.parse("2026-03-10T12:30:00Z");

    private static final Duration MONTH = Duration.ofDays(30);
    private static final long ITEMS = 3;

    private LedgerDatabase database;
    private Figures figures;
    private int requests;

    @BeforeEach
    void open() {
        database = POSTGRES.database();
        figures = new Figures(database.jdbi());
        requests = 0;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anEmptyDatabaseHasZerosAndTellsNoTimes() {
        assertThat(figures.statistics(NOW, ZoneOffset.UTC))
                .isEqualTo(new Statistics(0, 0, 0, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty()));
        assertThat(figures.points(day("2026-03-08"), day("2026-03-10").plusSeconds(1), ChronoUnit.DAYS, ZoneOffset.UTC))
                .containsExactly(
                        new Point(day("2026-03-08"), 0, 0, 0),
                        new Point(day("2026-03-09"), 0, 0, 0),
                        new Point(day("2026-03-10"), 0, 0, 0));
    }

    @Test
    void everyRequestIsCountedWhereItBelongs() throws Exception {
        var entries = new ArrayList<JournalEntry>();
        // Pending, of which these are neither overdue nor at risk.
        entries.add(requested(NOW.minusSeconds(10), NOW.plus(MONTH)));
        entries.add(requested(NOW.minusSeconds(10), NOW.plus(Requests.SOON)));
        entries.add(requested(NOW.minusSeconds(10), NOW.plus(Requests.SOON).plusSeconds(600)));
        // At risk: from this very moment until just before three days are over.
        entries.add(requested(NOW.minusSeconds(10), NOW));
        entries.add(requested(NOW.minusSeconds(10), NOW.plusSeconds(600)));
        entries.add(requested(NOW.minusSeconds(10), NOW.plus(Duration.ofDays(2))));
        entries.add(requested(NOW.minusSeconds(10), NOW.plus(Requests.SOON).minusMillis(1)));
        // Overdue: this hour, just now, long ago.
        entries.add(requested(NOW.minus(MONTH), NOW.minusSeconds(600)));
        entries.add(requested(NOW.minus(MONTH), NOW.minusMillis(1)));
        entries.add(requested(NOW.minus(MONTH), NOW.minus(Duration.ofDays(200))));
        // In progress, and overdue as well, with a dead letter.
        var halfDone = requested(NOW.minus(MONTH), NOW.minusSeconds(1), "sessions", "shop-db");
        entries.add(halfDone);
        entries.add(erased(halfDone, "sessions", NOW.minusSeconds(9)));
        entries.add(new DeadLettered(
                halfDone.requestId() + "/shop-db", NOW, halfDone.requestId(), "shop-db", "CONFLICT", 3, NOW));
        // Completed just before midnight, at midnight and today. Due dates of what is completed count for nothing.
        complete(entries, NOW.minus(MONTH), day("2026-03-10").minusMillis(1));
        complete(entries, NOW.minus(MONTH), day("2026-03-10"));
        complete(entries, NOW.minus(MONTH), NOW.minusSeconds(1));
        // Cancelled.
        entries.add(new Announced(
                Histories.requestId(99),
                Histories.subject(99),
                NOW,
                NOW,
                NOW.plusSeconds(5),
                "fusionauth",
                "user.delete"));
        entries.add(new Settled(Histories.outcome(99, Outcome.CONFIRM, Outcome.CONFIRM, NOW, Status.WITHDRAWN)));
        apply(entries);

        Statistics statistics = figures.statistics(NOW, ZoneOffset.UTC);

        assertThat(statistics.pending()).isEqualTo(10);
        assertThat(statistics.inProgress()).isEqualTo(1);
        assertThat(statistics.open()).isEqualTo(11);
        assertThat(statistics.completed()).isEqualTo(3);
        assertThat(statistics.cancelled()).isEqualTo(1);
        assertThat(statistics.doneToday()).isEqualTo(2);
        assertThat(statistics.atRisk()).isEqualTo(4);
        assertThat(statistics.overdue()).isEqualTo(4);
        assertThat(statistics.failed()).isEqualTo(1);
    }

    @Test
    void todayBeginsAtTheMidnightOfItsZone() throws Exception {
        Instant late = Instant.parse("2026-03-10T23:30:00Z");
        var entries = new ArrayList<JournalEntry>();
        complete(entries, late.minusSeconds(60), late);
        apply(entries);
        Instant halfAnHourAfterMidnight = late.plusSeconds(3600);

        assertThat(figures.statistics(halfAnHourAfterMidnight, ZoneOffset.UTC).doneToday())
                .isZero();
        assertThat(figures.statistics(halfAnHourAfterMidnight, BERLIN).doneToday())
                .isEqualTo(1);
        assertThat(figures.statistics(late, ZoneOffset.UTC).doneToday()).isEqualTo(1);
    }

    @Test
    void percentilesAreThoseOfTheTimesToFivePercentAndNeverTooShort() throws Exception {
        var entries = new ArrayList<JournalEntry>();
        for (int minutes = 100; minutes >= 1; minutes--) {
            complete(entries, NOW.minus(Duration.ofMinutes(minutes)), NOW);
        }
        apply(entries);

        Statistics statistics = figures.statistics(NOW, ZoneOffset.UTC);

        assertAbout(statistics.median(), Duration.ofMinutes(50));
        assertAbout(statistics.p95(), Duration.ofMinutes(95));
    }

    @Test
    void percentilesAreOfTheLastThirtyDays() throws Exception {
        var entries = new ArrayList<JournalEntry>();
        // So many that every percentile would be one of theirs.
        for (int i = 0; i < 50; i++) {
            complete(entries, day("2026-02-08"), day("2026-02-09").minusMillis(1));
        }
        complete(entries, day("2026-02-09").minusSeconds(60), day("2026-02-09"));
        apply(entries);

        assertAbout(
                figures.statistics(day("2026-03-10").minusMillis(1), ZoneOffset.UTC)
                        .median(),
                Duration.ofDays(1).minusMillis(1));
        assertAbout(figures.statistics(day("2026-03-10"), ZoneOffset.UTC).median(), Duration.ofMinutes(1));
        assertAbout(figures.statistics(day("2026-03-10"), ZoneOffset.UTC).p95(), Duration.ofMinutes(1));
        assertThat(figures.statistics(day("2026-03-11"), ZoneOffset.UTC).median())
                .isEmpty();
    }

    @Test
    void aDayHasWhatHappenedFromItsMidnightToTheNext() throws Exception {
        var entries = new ArrayList<JournalEntry>();
        complete(entries, day("2026-03-09").minusMillis(1), day("2026-03-09"));
        complete(entries, day("2026-03-09"), day("2026-03-10").minusMillis(1));
        entries.add(requested(day("2026-03-11"), NOW.plus(MONTH)));
        apply(entries);

        assertThat(figures.points(day("2026-03-08"), day("2026-03-11"), ChronoUnit.DAYS, ZoneOffset.UTC))
                .as("the day that it ends with is not in it")
                .containsExactly(
                        new Point(day("2026-03-08"), 1, 0, 0),
                        new Point(day("2026-03-09"), 1, 2, 2 * ITEMS),
                        new Point(day("2026-03-10"), 0, 0, 0));
        assertThat(figures.points(day("2026-03-09").plusSeconds(1), day("2026-03-10"), ChronoUnit.DAYS, ZoneOffset.UTC))
                .as("the day that it begins with is whole")
                .containsExactly(new Point(day("2026-03-09"), 1, 2, 2 * ITEMS));
    }

    @Test
    void aDayIsThatOfItsZone() throws Exception {
        apply(List.of(
                requested(Instant.parse("2026-03-09T22:59:59.999Z"), NOW.plus(MONTH)),
                requested(Instant.parse("2026-03-09T23:00:00Z"), NOW.plus(MONTH))));

        assertThat(figures.points(day("2026-03-09"), day("2026-03-10").plusSeconds(1), ChronoUnit.DAYS, BERLIN))
                .extracting(Point::from, Point::requested)
                .containsExactly(tuple(midnight("2026-03-09", BERLIN), 1L), tuple(midnight("2026-03-10", BERLIN), 1L));
        assertThat(figures.points(day("2026-03-09"), day("2026-03-10").plusSeconds(1), ChronoUnit.DAYS, ZoneOffset.UTC))
                .extracting(Point::requested)
                .containsExactly(2L, 0L);
    }

    @Test
    void theDayOnWhichClocksAreChangedHas23Hours() throws Exception {
        Instant midnight = midnight("2026-03-29", BERLIN);
        apply(List.of(
                requested(midnight.plus(Duration.ofHours(22)), NOW.plus(MONTH)),
                requested(midnight.plus(Duration.ofHours(23)), NOW.plus(MONTH))));

        List<Point> hours = figures.points(midnight, midnight("2026-03-30", BERLIN), ChronoUnit.HOURS, BERLIN);

        assertThat(hours).hasSize(23).extracting(Point::from).doesNotHaveDuplicates();
        assertThat(hours.getLast().requested()).isEqualTo(1);
        assertThat(figures.points(midnight, midnight("2026-03-31", BERLIN), ChronoUnit.DAYS, BERLIN))
                .extracting(Point::requested)
                .containsExactly(1L, 1L);
    }

    @Test
    void aDayThatHasNoMidnightLosesNothingAndNeitherDoThoseAfterIt() throws Exception {
        ZoneId beirut = ZoneId.of("Asia/Beirut");
        var entries = new ArrayList<JournalEntry>();
        for (int day = 28; day <= 31; day++) {
            Instant noon = LocalDateTime.of(2026, 3, day, 12, 0).atZone(beirut).toInstant();
            entries.add(requested(noon, NOW.plus(MONTH)));
        }
        apply(entries);

        assertThat(figures.points(
                        midnight("2026-03-28", beirut), midnight("2026-04-01", beirut), ChronoUnit.DAYS, beirut))
                .extracting(Point::requested)
                .containsExactly(1L, 1L, 1L, 1L);
    }

    @Test
    void aChartIsOneOfHoursOrDays() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> figures.points(NOW, NOW, ChronoUnit.MINUTES, ZoneOffset.UTC));
    }

    private Requested requested(Instant at, Instant dueBy, String... stores) {
        requests++;
        return new Requested(
                Histories.requestId(requests),
                Histories.subject(requests),
                at,
                at,
                dueBy,
                "fusionauth",
                "user.delete",
                stores.length == 0 ? List.of("shop-db") : List.of(stores));
    }

    private static Settled erased(Requested request, String store, Instant at) {
        return new Settled(new Outcome(
                request.requestId(),
                request.subjectKey(),
                store,
                Outcome.ERASE,
                at,
                1,
                Status.ERASED,
                null,
                List.of(Outcome.TargetOutcome.deleted("customers", ITEMS))));
    }

    private void complete(List<JournalEntry> entries, Instant requestedAt, Instant completedAt) {
        Requested request = requested(requestedAt, requestedAt.plusSeconds(1));
        entries.add(request);
        entries.add(erased(request, "shop-db", completedAt));
    }

    private void apply(List<JournalEntry> entries) throws Exception {
        new Projection(database.jdbi(), LedgerKeys.create().publicKeys(), "example.org/lethe")
                .apply(0, Histories.records(entries, 0), entries.size());
    }

    private static void assertAbout(Optional<Duration> actual, Duration exact) {
        assertThat(actual.orElseThrow())
                .isBetween(exact, exact.plus(exact.dividedBy(20)).plusMillis(1));
    }

    private static Instant day(String day) {
        return midnight(day, ZoneOffset.UTC);
    }

    private static Instant midnight(String day, ZoneId zone) {
        return LocalDate.parse(day).atStartOfDay(zone).toInstant();
    }
}
