package dev.lethe.bench;

import dev.lethe.bench.rig.Broker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How many people a worker erases per second while many wait, next to the same deletes inside the database. Both take turns:
 * the worker is frozen while the database is alone.
 */
final class BacklogMeasurement implements Measurement {
    private static final Duration TURN = Duration.ofSeconds(2);
    private static final int WARM_UP_TURNS = 2;
    private static final double WANTED = 0.8;

    @Override
    public void run(Run run) throws Exception {
        Report report = run.report();
        int backlog = run.full() ? 300_000 : 100_000;
        try (var database = new Database();
                var broker = new Broker(run.folder(), List.of("shop"))) {
            var shop = new Shop(database);
            run.progress().printf("backlog: filling %d people, and as many again%n", backlog);
            List<String> people = shop.add(2 * backlog);
            List<String> inside = people.subList(backlog, 2 * backlog);
            var services = run.services(broker);
            try (var worker = services.worker(shop.store())) {
                worker.process().freeze();
                run.progress().println("backlog: requesting");
                broker.request(people.subList(0, backlog));
                var ours = new ArrayList<Double>();
                var theirs = new ArrayList<Double>();
                int erasedInside = 0;
                for (int turn = 0; ; turn++) {
                    long before = shop.left();
                    long start = System.nanoTime();
                    worker.process().thaw();
                    Thread.sleep(TURN.toMillis());
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
                    if (turn >= WARM_UP_TURNS) {
                        ours.add(erased / seconds);
                        theirs.add((next - erasedInside) / secondsInside);
                    }
                    erasedInside = next;
                }
                shop.check(inside.size() - erasedInside);
                report.atLeast(
                        "erasures from a backlog of " + backlog + ", 10 rows in 3 tables each",
                        Report.median(ours),
                        "/s",
                        "batched SQL inside the database",
                        Report.median(theirs),
                        WANTED);
                report.bar("Erasures from a backlog", "people per second", "worker", "", Report.median(ours));
                report.bar(
                        "Erasures from a backlog",
                        "people per second",
                        "batched SQL inside the database",
                        "",
                        Report.median(theirs));
            }
        }
    }
}
