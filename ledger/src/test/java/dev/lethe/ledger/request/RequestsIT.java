package dev.lethe.ledger.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lethe.events.Outcome.Status;
import dev.lethe.events.SubjectKey;
import dev.lethe.ledger.Histories;
import dev.lethe.ledger.Postgres;
import dev.lethe.ledger.database.LedgerDatabase;
import dev.lethe.ledger.database.Projection;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.Acted;
import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalEntry.Requested;
import dev.lethe.ledger.journal.JournalEntry.Settled;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.request.RequestFilter.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is asked of a database, held against all there is in it. */
@Tag("thorough")
class RequestsIT {
    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    private static final Instant START = Histories.START;
    /** Some of the requests are overdue then, some at risk. */
    private static final Instant NOW = START.plus(Duration.ofDays(30)).plusSeconds(150_000);
    /** So that a page ends among requests that were received at the same instant. */
    private static final int AT_ONCE = 25;

    private LedgerDatabase database;
    private Requests requests;
    private Projection projection;
    private long offset;

    @BeforeEach
    void open() {
        database = POSTGRES.database();
        requests = new Requests(database.jdbi());
        projection = new Projection(database.jdbi(), LedgerKeys.create().publicKeys(), "example.org/lethe");
        offset = 0;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyFilterFindsWhatItAppliesToPageByPageInItsOrder() throws Exception {
        List<JournalEntry> entries = new ArrayList<>(Histories.interleaved(Histories.of(21, 150), 1));
        for (int i = 0; i < AT_ONCE; i++) {
            entries.add(requested(1000 + i, START.plusSeconds(150_000), START.plusSeconds(3_000_000)));
        }
        apply(entries);
        List<Account> all = accounts(entries);

        for (RequestFilter filter : filters()) {
            List<RequestRow> expected = expected(all, filter);
            assertThat(expected).as("otherwise %s shows nothing", filter).isNotEmpty();
            for (int most : new int[] {1 + expected.size() / 9, expected.size(), 1000}) {
                assertThat(paged(filter, most))
                        .as("%s in pages of %d", filter, most)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void everyRowIsSeenExactlyOnceWhileRowsAreAdded() throws Exception {
        List<JournalEntry> first = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // Four at each instant, and an even number.
            first.add(requested(2 * i, START.plusSeconds(i / 4), START.plusSeconds(2_600_000 + i / 4)));
        }
        apply(first);

        for (RequestFilter filter : List.of(
                RequestFilter.ALL,
                RequestFilter.ALL.withStore("shop-db"),
                RequestFilter.ALL.withStatus(RequestStatus.PENDING),
                RequestFilter.ALL.withDue(Due.OPEN))) {
            List<UUID> before =
                    paged(filter, 1000).stream().map(RequestRow::requestId).toList();
            var seen = new ArrayList<UUID>();
            Optional<Cursor> after = Optional.empty();
            do {
                Page page = requests.list(filter, NOW, after, 7);
                page.rows().forEach(row -> seen.add(row.requestId()));
                after = page.next();
                if (after.isPresent()) {
                    add(after.get(), filter.due().isPresent());
                }
            } while (after.isPresent());

            assertThat(seen).as("%s", filter).doesNotHaveDuplicates().containsAll(before);
            assertThat(seen.stream().filter(before::contains)).containsExactlyElementsOf(before);
        }
    }

    /** Before the place where a page ended and behind it, and at the same instant with ids on both sides. */
    private void add(Cursor end, boolean byDue) throws Exception {
        var added = new ArrayList<JournalEntry>();
        for (int i = 0; i < 4; i++) {
            int number = 5001 + 2 * (int) offset + 2 * i;
            Instant at = end.at().plusSeconds(i == 3 ? -1 : i == 2 ? 1 : 0);
            UUID id = i == 0
                    ? new UUID(end.requestId().getMostSignificantBits() - 1 - offset, 7)
                    : i == 1
                            ? new UUID(end.requestId().getMostSignificantBits() + 1 + offset, 7)
                            : Histories.requestId(number);
            Instant received = byDue ? START.plusSeconds(number) : at;
            Instant due = byDue ? at : received.plus(Duration.ofDays(30));
            added.add(new Requested(
                    id, Histories.subject(number), received, received, due, "fusionauth", "user.delete", STORES));
        }
        apply(added);
    }

    @Test
    void aPageThatIsJustFullIsTheLastOne() throws Exception {
        apply(List.of(requested(1, START, NOW), requested(2, START, NOW), requested(3, START, NOW)));

        assertThat(requests.list(RequestFilter.ALL, NOW, Optional.empty(), 3).next())
                .isEmpty();
        Page two = requests.list(RequestFilter.ALL, NOW, Optional.empty(), 2);
        assertThat(two.rows()).hasSize(2);
        assertThat(two.next()).contains(new Cursor(START, Histories.requestId(2)));
        assertThat(requests.list(RequestFilter.ALL, NOW, two.next(), 2))
                .satisfies(rest -> assertThat(rest.rows())
                        .extracting(RequestRow::requestId)
                        .containsExactly(Histories.requestId(3)))
                .satisfies(rest -> assertThat(rest.next()).isEmpty());
    }

    @Test
    void aPageHasOneToAThousandRows() {
        for (int most : new int[] {-1, 0, 1001, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> requests.list(RequestFilter.ALL, NOW, Optional.empty(), most));
        }
        assertThat(requests.list(RequestFilter.ALL, NOW, Optional.empty(), 1).rows())
                .isEmpty();
        assertThat(requests.list(RequestFilter.ALL, NOW, Optional.empty(), 1000).rows())
                .isEmpty();
    }

    @Test
    void aPersonsRequestsAreTheirsAloneTheNewestFirst() throws Exception {
        SubjectKey subject = Histories.subject(7);
        apply(List.of(
                of(subject, 3, START),
                of(subject, 1, START),
                of(subject, 2, START.plusSeconds(1)),
                // Keys that differ in case are two people.
                of(new SubjectKey(subject.value().toUpperCase(java.util.Locale.ROOT)), 4, START),
                of(Histories.subject(8), 5, START)));

        assertThat(requests.of(subject))
                .extracting(RequestRow::requestId)
                .containsExactly(Histories.requestId(2), Histories.requestId(1), Histories.requestId(3));
        assertThat(requests.of(Histories.subject(9))).isEmpty();
    }

    @Test
    void ofAPersonWithVeryManyRequestsTheNewestThousandAreShown() throws Exception {
        SubjectKey subject = Histories.subject(7);
        apply(IntStream.rangeClosed(0, 1000)
                .<JournalEntry>mapToObj(i -> of(subject, i, START.plusSeconds(i)))
                .toList());

        assertThat(requests.of(subject))
                .hasSize(1000)
                .satisfies(rows -> assertThat(rows.getFirst().requestedAt()).isEqualTo(START.plusSeconds(1000)))
                .satisfies(rows -> assertThat(rows.getLast().requestedAt()).isEqualTo(START.plusSeconds(1)));
    }

    @Test
    void aRequestIsFoundWithItsStoresWhatHappenedAndWhatIsOpen() throws Exception {
        Requested request = requested(1, START, NOW);
        String open = request.requestId() + "/shop-db";
        String closed = request.requestId() + "/sessions";
        List<JournalEntry> entries = List.of(
                request,
                requested(2, START, NOW),
                new Settled(Histories.outcome(1, "sessions", "erase", START.plusSeconds(2), Status.ERASED)),
                letter(closed, 1, "sessions", START.plusSeconds(3)),
                letter(open, 1, "shop-db", START.plusSeconds(4)),
                new DeadLetterClosed(closed, START.plusSeconds(5), request.requestId(), null, null));
        apply(entries);

        RequestDetail detail = requests.find(request.requestId()).orElseThrow();

        Account account = Account.of(
                        request.requestId(),
                        entries.stream()
                                .filter(entry -> entry.request().equals(Optional.of(request.requestId())))
                                .toList())
                .orElseThrow();
        assertThat(detail.request()).isEqualTo(account.request());
        assertThat(detail.stores()).isEqualTo(account.stores());
        assertThat(detail.timeline()).extracting(Leaf::index).containsExactly(0L, 2L, 3L, 4L, 5L);
        assertThat(detail.timeline())
                .extracting(Leaf::entry)
                .containsExactlyElementsOf(
                        List.of(entries.get(0), entries.get(2), entries.get(3), entries.get(4), entries.get(5)));
        assertThat(detail.deadLetters()).extracting(DeadLetterRow::key).containsExactly(open);
        assertThat(requests.find(Histories.requestId(3))).isEmpty();
    }

    @Test
    void openDeadLettersAreShownTheLongestFailingFirst() throws Exception {
        var unread = new DeadLettered("erasure.requests-3-17/shop-db", START, null, "shop-db", "UNREADABLE", 1, START);
        apply(List.of(
                letter("b", 1, "shop-db", START.plusSeconds(9)),
                letter("a", 2, "shop-db", START.plusSeconds(9)),
                letter("c", 3, "sessions", START.plusSeconds(5)),
                unread));

        assertThat(requests.deadLetters(10))
                .extracting(DeadLetterRow::key)
                .containsExactly(unread.key(), "c", "a", "b");
        assertThat(requests.deadLetters(2)).hasSize(2);
        assertThat(requests.deadLetterCount()).isEqualTo(4);
        assertThat(requests.lastRefusal("shop-db").map(DeadLetterRow::key)).contains("a");
        assertThat(requests.lastRefusal("newsletter")).isEmpty();
    }

    @Test
    void whatPeopleDidIsShownTheNewestFirst() throws Exception {
        apply(List.of(acted(1, START), acted(2, START.plusSeconds(5)), acted(3, START)));

        assertThat(requests.actions(10)).extracting(ActionRow::index).containsExactly(1L, 0L, 2L);
        assertThat(requests.actions(10).getFirst().action()).isEqualTo(acted(2, START.plusSeconds(5)));
        assertThat(requests.actions(1)).hasSize(1);
    }

    private static final List<String> STORES = List.of("sessions", "shop-db");

    private static List<RequestFilter> filters() {
        var filters = new ArrayList<RequestFilter>();
        List<RequestFilter> anywhere = List.of(RequestFilter.ALL, RequestFilter.ALL.withStore("sessions"));
        for (RequestFilter filter : anywhere) {
            filters.add(filter);
            filters.add(filter.withFailed());
            filters.add(filter.within(START.plusSeconds(100_000), START.plusSeconds(400_000)));
            for (RequestStatus status : RequestStatus.values()) {
                // Those that were cancelled never came to a store.
                if (status != RequestStatus.CANCELLED || filter.store().isEmpty()) {
                    filters.add(filter.withStatus(status));
                }
            }
            for (Due due : Due.values()) {
                filters.add(filter.withDue(due));
                filters.add(filter.withDue(due).withStatus(RequestStatus.IN_PROGRESS));
                filters.add(filter.withDue(due).within(START, START.plusSeconds(450_000)));
            }
            filters.add(
                    filter.withStatus(RequestStatus.IN_PROGRESS).withFailed().within(START, NOW));
        }
        filters.add(
                RequestFilter.ALL.withStore("shop-db").within(START.plusSeconds(150_000), START.plusSeconds(150_001)));
        return filters;
    }

    private static List<RequestRow> expected(List<Account> all, RequestFilter filter) {
        Comparator<RequestRow> byId =
                Comparator.comparing(row -> row.requestId().toString());
        Comparator<RequestRow> order = filter.due().isPresent()
                ? Comparator.<RequestRow, Instant>comparing(row -> Objects.requireNonNull(row.dueBy()))
                        .thenComparing(byId)
                : Comparator.comparing(RequestRow::requestedAt).reversed().thenComparing(byId);
        return all.stream()
                .filter(account -> applies(filter, account))
                .map(Account::request)
                .sorted(order)
                .toList();
    }

    private static boolean applies(RequestFilter filter, Account account) {
        RequestRow row = account.request();
        List<StoreRow> stores = account.stores().stream()
                .filter(store ->
                        filter.store().isEmpty() || filter.store().get().equals(store.store()))
                .toList();
        return filter.status().map(row.status()::equals).orElse(true)
                && (filter.store().isEmpty() || !stores.isEmpty())
                && (!filter.failed() || stores.stream().anyMatch(store -> store.state() == StoreState.FAILED))
                && filter.from().map(from -> !row.requestedAt().isBefore(from)).orElse(true)
                && filter.until().map(row.requestedAt()::isBefore).orElse(true)
                && filter.due().map(due -> applies(due, row)).orElse(true);
    }

    private static boolean applies(Due due, RequestRow row) {
        Instant dueBy = row.dueBy();
        boolean open =
                dueBy != null && (row.status() == RequestStatus.PENDING || row.status() == RequestStatus.IN_PROGRESS);
        return open
                && switch (due) {
                    case OPEN -> true;
                    case OVERDUE -> dueBy.isBefore(NOW);
                    case AT_RISK -> !dueBy.isBefore(NOW) && dueBy.isBefore(NOW.plus(Duration.ofDays(3)));
                };
    }

    private List<RequestRow> paged(RequestFilter filter, int most) {
        var rows = new ArrayList<RequestRow>();
        Optional<Cursor> after = Optional.empty();
        do {
            Page page = requests.list(filter, NOW, after, most);
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(most);
            rows.addAll(page.rows());
            // As it comes back with the address of the next page.
            after = page.next().map(cursor -> Cursor.parse(cursor.toString()));
        } while (after.isPresent());
        return rows;
    }

    private static List<Account> accounts(List<JournalEntry> entries) {
        Map<UUID, List<JournalEntry>> byRequest = new LinkedHashMap<>();
        // What is noted twice counts once.
        entries.stream()
                .distinct()
                .forEach(entry -> entry.request()
                        .ifPresent(id -> byRequest
                                .computeIfAbsent(id, any -> new ArrayList<>())
                                .add(entry)));
        return byRequest.entrySet().stream()
                .flatMap(entry -> Account.of(entry.getKey(), entry.getValue()).stream())
                .toList();
    }

    private static Requested requested(int number, Instant at, Instant dueBy) {
        return new Requested(
                Histories.requestId(number),
                Histories.subject(number),
                at,
                at,
                dueBy,
                "fusionauth",
                "user.delete",
                STORES);
    }

    private static Requested of(SubjectKey subject, int number, Instant at) {
        return new Requested(Histories.requestId(number), subject, at, at, NOW, "fusionauth", "user.delete", STORES);
    }

    private static DeadLettered letter(String key, int number, String store, Instant at) {
        return new DeadLettered(key, at, Histories.requestId(number), store, "CONFLICT", 3, at);
    }

    private static Acted acted(int number, Instant at) {
        return new Acted(new UUID(0, number), at, "token:office", "find", null, null, null);
    }

    private void apply(List<JournalEntry> entries) throws Exception {
        projection.apply(offset, Histories.records(entries, offset), offset + entries.size());
        offset += entries.size();
    }
}
