package dev.lethe.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many people a worker erases per second while many wait, next to the same deletes inside the database. Both take turns:
 * the worker is frozen while the database is alone.
 */
final class BacklogMeasurement implements Measurement {
    private static final Duration TURN = Duration.ofSeconds(2);
    /** So many people are erased by either before it counts: until then, the worker's JVM is compiling. */
    private static final int WARM_UP = 100_000;

    private static final Duration WARM_WITHIN = Duration.ofMinutes(3);
    private static final int LANES = 2;
    private static final double WANTED = 0.8;
    private static final String ALL = "10 rows of each in 3 tables";

    @Override
    public void run(Run run) throws Exception {
        Report report = run.report();
        int backlog = run.full() ? 300_000 : 100_000;
        try (var database = new Database();
                var broker = run.broker(List.of("shop"))) {
            var shop = new Shop(database);
            run.progress().printf("backlog: filling %d people, and as many again%n", backlog);
            List<String> warmUp = shop.add(2 * WARM_UP);
            List<String> people = shop.add(2 * backlog);
            List<String> inside = people.subList(backlog, 2 * backlog);
            var services = run.services(broker);
            try (var worker = services.worker(LANES, shop.store())) {
                broker.request(warmUp.subList(0, WARM_UP));
                awaitErased(shop, WARM_UP + people.size());
                worker.process().freeze();
                shop.eraseInside(warmUp.subList(WARM_UP, 2 * WARM_UP));
                run.progress().println("backlog: requesting");
                broker.request(people.subList(0, backlog));
                var ours = new ArrayList<Double>();
                var theirs = new ArrayList<Double>();
                int erasedInside = 0;
                for (int turn = 0; ; turn++) {
                    long before = shop.left();
                    long start = System.nanoTime();
                    worker.process().thaw();
                    Thread.sleep(TURN);
                    worker.process().freeze();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    int erased = (int) (before - shop.left());
                    int left = (int) (shop.left() - (inside.size() - erasedInside));
                    if (left == 0) {
                        // It may have been done sooner than its turn was over.
                        break;
                    }
                    int next = Math.min(inside.size(), erasedInside + Math.max(Shop.BATCH, erased));
                    double secondsInside = shop.eraseInside(inside.subList(erasedInside, next));
                    run.progress()
                            .printf(
                                    "backlog: turn %d: worker %.0f/s, inside %.0f/s, %d wait%n",
                                    turn, erased / seconds, (next - erasedInside) / secondsInside, left);
                    ours.add(erased / seconds);
                    theirs.add((next - erasedInside) / secondsInside);
                    erasedInside = next;
                }
                shop.check(inside.size() - erasedInside);
                report.atLeast(
                        "erasures from a backlog of " + backlog + ", 10 rows in 3 tables each, " + LANES + " lanes",
                        Report.median(ours),
                        "/s",
                        "batched SQL inside the database",
                        Report.median(theirs),
                        WANTED);
                report.bar("Erasures from a backlog", "people per second", "worker", ALL, Report.median(ours));
                report.bar(
                        "Erasures from a backlog",
                        "people per second",
                        "batched SQL inside the database",
                        ALL,
                        Report.median(theirs));
            }
        }
    }

    private static void awaitErased(Shop shop, long left) throws SQLException, InterruptedException {
        long end = System.nanoTime() + WARM_WITHIN.toNanos();
        while (shop.left() > left) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the worker does not get on");
            }
            Thread.sleep(TURN);
        }
    }
}
