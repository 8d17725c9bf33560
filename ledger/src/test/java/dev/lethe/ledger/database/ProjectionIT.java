package dev.lethe.ledger.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lethe.ledger.Histories;
import dev.lethe.ledger.Postgres;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.JournalEntry.DeadLetterClosed;
import dev.lethe.ledger.journal.JournalEntry.DeadLettered;
import dev.lethe.ledger.journal.JournalRecord;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleHash;
import dev.lethe.ledger.merkle.MerkleTree;
import dev.lethe.ledger.merkle.Tiles;
import dev.lethe.ledger.request.DeadLetterRow;
import dev.lethe.ledger.request.Requests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The projection on a real PostgreSQL; the journal comes from memory. */
class ProjectionIT {
    private static final String ORIGIN = "example.org/lethe";
    private static final String[] BUT_FOR_THE_ORDER = {"request", "request_store", "dead_letter", "tally", "duration"};

    @RegisterExtension
    static final Postgres POSTGRES = new Postgres();

    private static final LedgerKeys KEYS = LedgerKeys.create();

    @Test
    void readAgainItMakesTheSameRowsWhateverTheBatches() throws Exception {
        List<JournalRecord> journal = Histories.records(Histories.interleaved(Histories.of(1, 300), 1), 0);
        List<String> once = projected(journal, 100_000, 1);

        assertThat(once).anyMatch(row -> row.startsWith("callback "));
        assertThat(projected(journal, 40, 2)).isEqualTo(once);
        assertThat(projected(journal, 7, 3)).isEqualTo(once);
    }

    @Test
    void requestsAreTheSameInWhateverOrderTheTopicsWereRead() throws Exception {
        List<List<JournalEntry>> history = Histories.of(5, 200);
        List<List<String>> outcomes = new ArrayList<>();
        for (int seed = 0; seed < 4; seed++) {
            try (LedgerDatabase database = POSTGRES.database()) {
                List<JournalRecord> journal = Histories.records(Histories.interleaved(history, seed), 0);
                applyInBatches(database, journal, 60, seed);
                outcomes.add(Postgres.rows(database, BUT_FOR_THE_ORDER));
            }
        }

        assertThat(outcomes).allSatisfy(rows -> assertThat(rows).isEqualTo(outcomes.getFirst()));
    }

    @Test
    void whatIsDeliveredAgainCountsOnce() throws Exception {
        List<JournalEntry> entries = Histories.interleaved(Histories.of(2, 100), 2);
        var twice = new ArrayList<>(entries);
        twice.addAll(entries);
        try (LedgerDatabase once = POSTGRES.database();
                LedgerDatabase repeated = POSTGRES.database()) {
            applyInBatches(once, Histories.records(entries, 0), 50, 1);
            applyInBatches(repeated, Histories.records(twice, 0), 50, 1);

            assertThat(Postgres.rows(repeated, "entry", "tile", "request", "request_store", "tally", "duration"))
                    .isEqualTo(Postgres.rows(once, "entry", "tile", "request", "request_store", "tally", "duration"));
        }
    }

    @Test
    void theTalliesAreWhatACountWouldSay() throws Exception {
        try (LedgerDatabase database = POSTGRES.database()) {
            applyInBatches(database, Histories.records(Histories.interleaved(Histories.of(3, 300), 3), 0), 45, 1);

            assertThat(query(database, "select 'status ' || status || ' ' || count(*) from request group by status"))
                    .containsExactlyInAnyOrderElementsOf(
                            query(database, "select kind || ' ' || count from tally where hour = 'epoch'"));
            assertThat(query(
                            database,
                            "select date_trunc('hour', settled_at) || ' ' || count(*) from request"
                                    + " where status = 'completed' group by date_trunc('hour', settled_at)"))
                    .containsExactlyInAnyOrderElementsOf(
                            query(database, "select hour || ' ' || count from tally where kind = 'completed'"));
            assertThat(query(
                            database,
                            "select date_trunc('hour', due_by) || ' ' || count(*) from request"
                                    + " where status in ('pending', 'in_progress') and due_by is not null"
                                    + " group by date_trunc('hour', due_by)"))
                    .containsExactlyInAnyOrderElementsOf(
                            query(database, "select hour || ' ' || count from tally where kind = 'open-due'"));
            assertThat(query(database, "select sum(items)::text from request"))
                    .isEqualTo(query(database, "select sum(count)::text from tally where kind = 'items'"));
        }
    }

    @Test
    void theTreeIsTheOneOverAllEntriesInTheirOrder() throws Exception {
        try (LedgerDatabase database = POSTGRES.database()) {
            applyInBatches(database, Histories.records(Histories.interleaved(Histories.of(4, 200), 4), 0), 33, 1);
            List<byte[]> leaves = query(database, "select content from entry order by index").stream()
                    .map(MerkleHash::leaf)
                    .toList();

            byte[] expected = new MerkleTree((level, index) -> complete(leaves, level, index)).root(leaves.size());
            byte[] actual = database.jdbi()
                    .withHandle(handle ->
                            new MerkleTree(new Tiles(new DatabaseTiles(handle), leaves.size())).root(leaves.size()));

            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void anotherJournalIsNotReadOverWithoutAWord() throws Exception {
        try (LedgerDatabase database = POSTGRES.database()) {
            Projection projection = projection(database);
            List<JournalRecord> journal = Histories.records(Histories.interleaved(Histories.of(6, 20), 1), 0);
            projection.apply(0, journal, journal.size());
            List<JournalRecord> other = Histories.records(Histories.interleaved(Histories.of(7, 20), 1), 0);

            assertThatThrownBy(() -> projection.apply(0, other.subList(0, 5), 5))
                    .isInstanceOfSatisfying(
                            JournalMismatchException.class,
                            e -> assertThat(e.code()).isEqualTo("FORKED"));
            assertThatThrownBy(() -> projection.apply(journal.size() + 3, List.of(), journal.size() + 9))
                    .isInstanceOfSatisfying(
                            JournalMismatchException.class,
                            e -> assertThat(e.code()).isEqualTo("TRUNCATED"));
        }
    }

    @Test
    void aJournalThatContradictsItsOwnCheckpointIsRefused() throws Exception {
        List<JournalEntry> entries = Histories.interleaved(Histories.of(8, 20), 1);
        String note;
        try (LedgerDatabase database = POSTGRES.database()) {
            List<JournalRecord> journal = Histories.records(entries, 0);
            projection(database).apply(0, journal, journal.size());
            note = checkpoint(database);
        }
        entries.remove(3);
        try (LedgerDatabase database = POSTGRES.database()) {
            List<JournalRecord> journal = Histories.records(entries, 0);
            Projection projection = projection(database);
            projection.apply(0, journal, journal.size());
            var checkpoint = new JournalRecord(journal.size(), Histories.START, true, note);

            assertThatThrownBy(() -> projection.apply(journal.size(), List.of(checkpoint), journal.size() + 1))
                    .isInstanceOf(JournalMismatchException.class)
                    .hasMessageContaining("contradicts the checkpoint");
            assertThat(Postgres.rows(database, "checkpoint")).isEmpty();
        }
    }

    @Test
    void aClosingThatNobodySawClosesTheEntryThatItNamesAndNoLaterOneWhateverTheBatches() throws Exception {
        Instant first = Histories.START;
        Instant second = first.plusSeconds(60);

        try (LedgerDatabase database = POSTGRES.database()) {
            assertOpen(database, key -> List.of(opened(key, first), unseen(key, first)), List.of());
            assertOpen(
                    database,
                    key -> List.of(opened(key, first), unseen(key, first), opened(key, second)),
                    List.of(second));
            assertOpen(
                    database,
                    key -> List.of(opened(key, first), opened(key, second), unseen(key, first)),
                    List.of(second));
            assertOpen(
                    database,
                    key -> List.of(opened(key, first), opened(key, second), unseen(key, first), seen(key, second)),
                    List.of());
            assertOpen(
                    database,
                    key -> List.of(opened(key, first), opened(key, second), seen(key, second), unseen(key, first)),
                    List.of());
            assertOpen(
                    database, key -> List.of(opened(key, first), opened(key, second), unseen(key, second)), List.of());
            assertOpen(database, key -> List.of(opened(key, first), unseen("not " + key, first)), List.of(first));
        }
    }

    private static DeadLettered opened(String key, Instant at) {
        return new DeadLettered(key, at, null, "shop-db", "CONFLICT", 3, at);
    }

    private static DeadLetterClosed unseen(String key, Instant opened) {
        return DeadLetterClosed.unseen(key, null, opened);
    }

    private static DeadLetterClosed seen(String key, Instant at) {
        return new DeadLetterClosed(key, at, null, null, null);
    }

    /** However what happened to a dead letter is cut into batches; each time to another one. */
    private static void assertOpen(
            LedgerDatabase database, Function<String, List<JournalEntry>> happened, List<Instant> open)
            throws Exception {
        Projection projection = projection(database);
        int entries = happened.apply("").size();
        for (int cuts = 0; cuts < 1 << (entries - 1); cuts++) {
            long offset = projection.position().nextOffset();
            String key = "letter-" + offset;
            List<JournalRecord> journal = Histories.records(happened.apply(key), offset);
            int from = 0;
            for (int to = 1; to <= entries; to++) {
                if (to == entries || (cuts & 1 << (to - 1)) != 0) {
                    projection.apply(offset + from, journal.subList(from, to), offset + to);
                    from = to;
                }
            }
            assertThat(new Requests(database.jdbi()).deadLetters(100))
                    .as("%s, cut as %s says", happened.apply(key), Integer.toBinaryString(cuts))
                    .filteredOn(letter -> letter.key().equals(key))
                    .extracting(DeadLetterRow::at)
                    .isEqualTo(open);
        }
    }

    private static String checkpoint(LedgerDatabase database) {
        long size = projection(database).position().size();
        byte[] root = database.jdbi()
                .withHandle(handle -> new MerkleTree(new Tiles(new DatabaseTiles(handle), size)).root(size));
        return new Checkpoint(ORIGIN, size, root).sign(KEYS);
    }

    private static List<String> projected(List<JournalRecord> journal, int most, long seed) throws Exception {
        try (LedgerDatabase database = POSTGRES.database()) {
            applyInBatches(database, journal, most, seed);
            return Postgres.rows(database);
        }
    }

    /** As a lane does, that now and then has to begin again a bit earlier. */
    private static void applyInBatches(LedgerDatabase database, List<JournalRecord> journal, int most, long seed)
            throws Exception {
        var random = new Random(seed);
        Projection projection = projection(database);
        int from = 0;
        while (from < journal.size()) {
            int to = Math.min(journal.size(), from + 1 + random.nextInt(most));
            int begin = Math.max(0, from - random.nextInt(3));
            projection.apply(begin, journal.subList(begin, to), to);
            from = to;
        }
    }

    private static Projection projection(LedgerDatabase database) {
        return new Projection(database.jdbi(), KEYS.publicKeys(), ORIGIN);
    }

    private static List<String> query(LedgerDatabase database, String sql) {
        return database.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    private static byte[] complete(List<byte[]> leaves, int level, long index) {
        if (level == 0) {
            return leaves.get((int) index);
        }
        return MerkleHash.node(complete(leaves, level - 1, index * 2), complete(leaves, level - 1, index * 2 + 1));
    }
}
