package dev.lethe.bench;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** How long ten thousand people wait when somebody with very many rows is erased next to them, and what memory that takes. */
final class LargeSubjectMeasurement {
    private static final int OTHERS = 10_000;
    private static final int MESSAGES_OF_EACH = 5;
    private static final String SCHEMA = "messages";
    private static final String MAP = "tables: { people: { subject: { id: userId } } }";
    private static final double WANTED = 2;

    private final Database database;
    private final PrintWriter progress;
    private final int rows;
    private final int rounds;
    private final Subject large = person(0);
    private final List<Double> heap = new ArrayList<>();
    private double largeSeconds;

    LargeSubjectMeasurement(Database database, boolean full, PrintWriter progress) {
        this.database = database;
        this.progress = progress;
        this.rows = full ? 2_000_000 : 200_000;
        this.rounds = full ? 3 : 5;
    }

    private static Subject person(int number) {
        return Customers.subject(number, "person-" + number);
    }

    void run(Report report) throws Exception {
        database.execute(
                "CREATE SCHEMA " + SCHEMA,
                "SET search_path = " + SCHEMA,
                "CREATE TABLE people (id text PRIMARY KEY, email text NOT NULL)",
                "CREATE TABLE messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " author text NOT NULL REFERENCES people (id), body text NOT NULL)",
                "CREATE INDEX ON messages (author)");
        var without = new ArrayList<Double>();
        var with = new ArrayList<Double>();
        try (ErasureStore store = database.store(SCHEMA, MAP);
                ExecutorService aside = Executors.newSingleThreadExecutor()) {
            for (int round = -1; round < rounds; round++) {
                double alone = others(store, aside, false);
                double beside = others(store, aside, true);
                progress.printf("large: round %d: without %.0f ms, with %.0f ms%n", round, alone, beside);
                if (round >= 0) {
                    without.add(alone);
                    with.add(beside);
                }
            }
        }
        report.atMost(
                "erasing 10000 others while a person with " + rows + " rows is erased",
                Report.median(with),
                "ms",
                "without that person",
                Report.median(without),
                WANTED);
        report.figure("erasing the person with " + rows + " rows, in the last round", largeSeconds, "s");
        report.figure(
                "live heap at most while that goes on, of %d MB"
                        .formatted(Runtime.getRuntime().maxMemory() >> 20),
                heap.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                "MB",
                "at the beginning",
                heap.getFirst());
    }

    /** Fills the tables and erases everybody; how long the others took, in milliseconds. */
    private double others(ErasureStore store, ExecutorService aside, boolean withLarge) throws Exception {
        fill(withLarge);
        heap.add(liveHeap());
        var people = new ArrayList<>(IntStream.rangeClosed(1, OTHERS)
                .mapToObj(LargeSubjectMeasurement::person)
                .toList());
        if (withLarge) {
            people.add(Customers.BATCH / 2, large);
        }
        var results = new ArrayList<StoreResult>();
        Callable<StoreResult> inPieces = () -> store.eraseLarge(large);
        List<Future<StoreResult>> pieces = new ArrayList<>();
        long start = System.nanoTime();
        for (int from = 0; from < people.size(); from += Customers.BATCH) {
            List<StoreResult> batch =
                    store.erase(people.subList(from, Math.min(people.size(), from + Customers.BATCH)));
            results.addAll(batch);
            if (batch.stream().anyMatch(StoreResult.Large.class::isInstance)) {
                pieces.add(aside.submit(inPieces));
            }
        }
        double millis = (System.nanoTime() - start) / 1e6;
        for (Future<StoreResult> piece : pieces) {
            if (piece.isDone()) {
                throw new IllegalStateException("the person was done before the others: measure with more rows");
            }
            check(await(piece), rows);
            largeSeconds = (System.nanoTime() - start) / 1e9;
            heap.add(liveHeap());
        }
        results.stream()
                .filter(result -> !(result instanceof StoreResult.Large))
                .forEach(result -> check(result, MESSAGES_OF_EACH));
        if (pieces.size() != (withLarge ? 1 : 0)
                || results.size() != people.size()
                || database.number("SELECT count(*) FROM messages") != 0) {
            throw new IllegalStateException("not everything was erased");
        }
        return millis;
    }

    private StoreResult await(Future<StoreResult> piece) throws Exception {
        while (true) {
            try {
                return piece.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                heap.add(liveHeap());
            }
        }
    }

    private void fill(boolean withLarge) throws Exception {
        database.execute(
                "SET search_path = " + SCHEMA,
                "TRUNCATE people, messages",
                "INSERT INTO people SELECT 'person-' || n, n || '@example.org' FROM generate_series(0, %d) AS n"
                        .formatted(OTHERS),
                "INSERT INTO messages (author, body) SELECT 'person-' || n, repeat('hello ', 10)"
                        + " FROM generate_series(1, %d) AS n, generate_series(1, %d)"
                                .formatted(OTHERS, MESSAGES_OF_EACH));
        if (withLarge) {
            database.execute("INSERT INTO messages (author, body) SELECT 'person-0', repeat('hello ', 10)"
                    + " FROM generate_series(1, %d)".formatted(rows));
        }
        database.execute("VACUUM ANALYZE people", "VACUUM ANALYZE messages", "CHECKPOINT");
    }

    private static void check(StoreResult result, long messages) {
        if (!(result instanceof StoreResult.Settled settled)
                || !settled.targets()
                        .equals(List.of(
                                TargetOutcome.deleted("messages", messages), TargetOutcome.deleted("people", 1)))) {
            throw new IllegalStateException("counted wrong: " + result);
        }
    }

    private static double liveHeap() {
        Runtime runtime = Runtime.getRuntime();
        runtime.gc();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1048576.0;
    }
}
