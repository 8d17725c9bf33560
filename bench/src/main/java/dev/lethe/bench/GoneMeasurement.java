package dev.lethe.bench;

import dev.lethe.bench.rig.Caller;
import dev.lethe.bench.rig.Load;
import dev.lethe.bench.rig.Metrics;
import dev.lethe.bench.rig.Services.Service;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How long a person's rows outlive the acknowledgement, and what memory the services take meanwhile. */
final class GoneMeasurement implements Measurement {
    private static final int SLOW = 50;
    private static final int FAST = 500;
    private static final int CONNECTIONS = 64;
    private static final Duration REST = Duration.ofSeconds(10);
    private static final double WANTED_MILLIS = 25;
    private static final double WANTED_MEGABYTES = 200;

    /** One round at one pace; times in milliseconds. */
    private record Round(
            Load.Result acknowledged, Load.Result gone, double step, double batch, double ingress, double byHand) {
        Round with(double otherByHand) {
            return new Round(acknowledged, gone, step, batch, ingress, otherByHand);
        }
    }

    @Override
    public void run(Run run) throws Exception {
        Report report = run.report();
        int rounds = run.full() ? 9 : 5;
        int seconds = run.full() ? 30 : 6;
        int calm = run.full() ? 300 : 30;
        Map<Integer, List<Round>> all = new TreeMap<>();
        try (var database = new Database();
                var broker = run.broker(List.of("shop"))) {
            var shop = new Shop(database);
            Deque<String> people = new ArrayDeque<>(
                    shop.add(SLOW * calm + FAST * seconds + rounds * seconds * (SLOW + FAST) + rounds * 2 * SLOW));
            shop.announce();
            var services = run.services(broker);
            try (var ingress = services.ingress();
                    var worker = services.worker(shop.store());
                    var bare = services.bareHandler();
                    var gone = new GoneListener(database.url());
                    var byHand = new Shop.ByHand(database)) {
                Thread.sleep(REST.toMillis());
                var resting = List.of(
                        ingress.process().residentMegabytes(),
                        worker.process().residentMegabytes(),
                        bare.process().residentMegabytes());
                // Not sooner: the ingress has no patience with connections on which nothing comes.
                try (var caller = new Caller(ingress.port(), CONNECTIONS, 1)) {
                    var site = new Site(caller, gone, ingress, worker);
                    try (var ingressMemory = new MemorySamples(ingress.process());
                            var workerMemory = new MemorySamples(worker.process())) {
                        site.round(SLOW, take(people, SLOW * calm));
                        memory(report, "ingress", resting.get(0), ingressMemory.most(), resting.get(2));
                        memory(report, "worker", resting.get(1), workerMemory.most(), resting.get(2));
                        run.progress()
                                .printf(
                                        "gone: resident %.0f MB and %.0f MB at %d/s%n",
                                        ingressMemory.most(), workerMemory.most(), SLOW);
                    }
                    site.round(FAST, take(people, FAST * seconds));
                    for (int round = 0; round < rounds; round++) {
                        for (int pace : List.of(SLOW, FAST)) {
                            Round measured = site.round(pace, take(people, pace * seconds))
                                    .with(alone(byHand, take(people, SLOW)));
                            run.progress()
                                    .printf(
                                            "gone: round %d, %d/s: acknowledged p50 %.1f ms, gone p50 %.1f ms, p99 %.1f ms later; step %.1f ms for %.1f, by hand %.1f ms%n",
                                            round,
                                            pace,
                                            measured.acknowledged().p50(),
                                            measured.gone().p50(),
                                            measured.gone().p99(),
                                            measured.step(),
                                            measured.batch(),
                                            measured.byHand());
                            all.computeIfAbsent(pace, p -> new ArrayList<>()).add(measured);
                        }
                    }
                }
                shop.check(people.size());
            }
        }
        all.forEach((pace, measured) -> report(report, pace, measured));
    }

    /** What a round goes through. */
    private record Site(Caller caller, GoneListener listener, Service ingress, Service worker) {
        Round round(int pace, List<String> people) throws Exception {
            Metrics ingressBefore = ingress.metrics();
            Metrics workerBefore = worker.metrics();
            var acknowledgements = new Load();
            Map<String, Long> answered = caller.paced(people, pace, acknowledgements);
            Load.Result acknowledged = acknowledgements.result();
            Map<String, Long> goneAt = listener.await(people);
            var gone = new Load();
            // A worker can be done before the answer has got to the caller.
            people.forEach(person -> gone.answered(200, Math.max(1, at(goneAt, person) - at(answered, person))));
            Metrics workerAfter = worker.metrics();
            return new Round(
                    acknowledged,
                    gone.result(),
                    workerAfter.mean("lethe_lane_step_seconds", workerBefore, "lane=\"shop\"") * 1000,
                    workerAfter.mean("lethe_lane_batch_records", workerBefore, "lane=\"shop\""),
                    ingress.metrics().mean("lethe_ingress_acknowledgement_seconds", ingressBefore) * 1000,
                    0);
        }
    }

    private static long at(Map<String, Long> times, String person) {
        Long at = times.get(person);
        if (at == null) {
            throw new IllegalStateException("somebody was not erased");
        }
        return at;
    }

    /** The median time of erasing one person by a program that has nothing else to do, at the slow pace. */
    private static double alone(Shop.ByHand byHand, List<String> people) throws SQLException, InterruptedException {
        var millis = new ArrayList<Double>();
        for (String person : people) {
            Thread.sleep(Duration.ofSeconds(1).dividedBy(SLOW));
            millis.add(byHand.erase(person) / 1e6);
        }
        return Report.median(millis);
    }

    private static List<String> take(Deque<String> people, int many) {
        var taken = new ArrayList<String>();
        for (int i = 0; i < many; i++) {
            taken.add(people.remove());
        }
        return taken;
    }

    private static void memory(Report report, String service, double resting, double working, double bare) {
        report.figure("resident memory, " + service + " at rest", resting, "MB", "bare handler at rest", bare);
        report.below(
                "resident memory, " + service + " at " + SLOW + " events/s",
                working,
                "MB",
                "bare handler at rest",
                bare,
                WANTED_MEGABYTES);
        report.bar("Resident memory", "MB", "at rest", service, resting);
        report.bar("Resident memory", "MB", "at " + SLOW + " events/s", service, working);
    }

    private static void report(Report report, int pace, List<Round> rounds) {
        String at = ", " + pace + " events/s";
        double p50 = Report.median(rounds, round -> round.gone().p50());
        double byHand = Report.median(rounds, Round::byHand);
        String limit = "the same deletes by hand";
        if (pace == SLOW) {
            report.below("from acknowledged to gone, p50" + at, p50, "ms", limit, byHand, WANTED_MILLIS);
        } else {
            report.figure("from acknowledged to gone, p50" + at, p50, "ms", limit, byHand);
        }
        report.figure(
                "from acknowledged to gone, p99" + at,
                Report.median(rounds, round -> round.gone().p99()),
                "ms",
                limit,
                byHand);
        report.figure(
                "  the worker's step with the store in it, mean" + at,
                Report.median(rounds, Round::step),
                "ms",
                limit,
                byHand);
        report.figure("  people per batch, mean" + at, Report.median(rounds, Round::batch), "people");
        report.figure(
                "acknowledged, p50" + at,
                Report.median(rounds, round -> round.acknowledged().p50()),
                "ms");
        report.figure(
                "acknowledged, p99" + at,
                Report.median(rounds, round -> round.acknowledged().p99()),
                "ms");
        report.figure("  in the ingress, mean" + at, Report.median(rounds, Round::ingress), "ms");
        String chart = "From the event to the rows being gone";
        String category = pace + " events/s";
        report.bar(
                chart,
                "ms",
                "event to acknowledged, p50",
                category,
                Report.median(rounds, round -> round.acknowledged().p50()));
        report.bar(chart, "ms", "acknowledged to gone, p50", category, p50);
        report.bar(
                chart,
                "ms",
                "acknowledged to gone, p99",
                category,
                Report.median(rounds, round -> round.gone().p99()));
        report.bar(chart, "ms", "the same deletes by hand, p50", category, byHand);
    }
}
