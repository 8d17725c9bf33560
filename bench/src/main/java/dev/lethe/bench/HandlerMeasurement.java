package dev.lethe.bench;

import dev.lethe.bench.rig.Caller;
import dev.lethe.bench.rig.ExpressHandler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** How many events per second ingress and worker take, next to a handler on Express that deletes before it answers. */
final class HandlerMeasurement implements Measurement {
    private static final int CONNECTIONS = 32;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final double WANTED = 10;

    @Override
    public void run(Run run) throws Exception {
        Report report = run.report();
        if (!ExpressHandler.isPossible()) {
            report.note("not compared with a handler on Express: node and npm are not on the PATH");
            run.progress().println("handler: skipped, for want of node and npm");
            return;
        }
        Duration length = Duration.ofSeconds(run.full() ? 6 : 2);
        int rounds = run.full() ? 9 : 5;
        try (var database = new Database();
                var broker = run.broker(List.of("shop"))) {
            var shop = new Shop(database);
            Deque<String> people = new ArrayDeque<>(shop.add(run.full() ? 200_000 : 50_000));
            Deque<String> backlog = new ArrayDeque<>(shop.add(run.full() ? 800_000 : 200_000));
            var services = run.services(broker);
            try (var ingress = services.ingress();
                    var worker = services.worker(2, shop.store());
                    var express = ExpressHandler.start(
                            run.folder(),
                            "postgres://postgres:postgres@127.0.0.1:%d/postgres".formatted(database.port()))) {
                worker.process().freeze();
                broker.request(List.copyOf(backlog));
                var acknowledged = new ArrayList<Double>();
                var erased = new ArrayList<Double>();
                var handled = new ArrayList<Double>();
                for (int round = -1; round < rounds; round++) {
                    Duration turn = round < 0 ? WARM_UP : length;
                    double byIngress =
                            called(ingress.port(), turn, () -> UUID.randomUUID().toString());
                    double byHandler = called(express.port(), turn, people::remove);
                    long before = shop.left();
                    long start = System.nanoTime();
                    worker.process().thaw();
                    Thread.sleep(turn);
                    worker.process().freeze();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    double byWorker = (before - shop.left()) / seconds;
                    run.progress()
                            .printf(
                                    "handler: round %d: ingress %.0f/s, worker %.0f/s, handler %.0f/s%n",
                                    round, byIngress, byWorker, byHandler);
                    if (round >= 0) {
                        acknowledged.add(byIngress);
                        erased.add(byWorker);
                        handled.add(byHandler);
                    }
                }
                double limit = Report.median(handled);
                String title = "Express, deletes in the handler";
                report.atLeast(
                        "events acknowledged by the ingress, 32 connections",
                        Report.median(acknowledged),
                        "/s",
                        title,
                        limit,
                        WANTED);
                report.atLeast("people erased by the worker", Report.median(erased), "/s", title, limit, WANTED);
                String chart = "Next to a handler on Express that deletes";
                report.bar(chart, "per second", "measured", "acknowledged", Report.median(acknowledged));
                report.bar(chart, "per second", "measured", "erased", Report.median(erased));
                report.bar(chart, "per second", "measured", "by the handler", limit);
            }
        }
    }

    private static double called(int port, Duration turn, Supplier<String> people) throws InterruptedException {
        try (var caller = new Caller(port, CONNECTIONS, System.nanoTime())) {
            return caller.closedLoop(turn, people).perSecond();
        }
    }
}
