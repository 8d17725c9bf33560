package dev.lethe.bench;

import dev.lethe.bench.rig.Services;
import dev.lethe.bench.rig.Services.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What more workers do for a slow store, and what more slow stores do to a worker. */
final class ScaleMeasurement implements Measurement {
    private static final Duration LATENCY = Duration.ofMillis(20);
    /** For a group to settle, and for what is new to get warm. */
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private static final Duration SHARED_WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private static final List<Integer> WORKERS = List.of(1, 2, 4);
    private static final List<Integer> STORES = List.of(1, 3, 6);
    private static final List<String> NAMES =
            IntStream.rangeClosed(1, 6).mapToObj(i -> "service-" + i).toList();

    @Override
    public void run(Run run) throws Exception {
        Duration length = Duration.ofSeconds(run.full() ? 10 : 3);
        int rounds = run.full() ? 5 : 2;
        // More than the first store erases in all rounds.
        int backlog = run.full() ? 400_000 : 150_000;
        Map<Integer, List<Double>> workers = new TreeMap<>();
        Map<Integer, List<Double>> stores = new TreeMap<>();
        try (var broker = run.broker(NAMES);
                var service = new SlowService(LATENCY)) {
            var services = run.services(broker);
            broker.request(Stream.generate(() -> UUID.randomUUID().toString())
                    .limit(backlog)
                    .toList());
            for (int round = 0; round < rounds; round++) {
                moreWorkers(services, service, length, workers);
                moreStores(services, service, length, stores);
                run.progress().printf("scale: round %d: workers %s, stores %s%n", round, workers, stores);
            }
            if (service.asked(NAMES.getFirst()) >= backlog) {
                throw new IllegalStateException("the backlog was too small");
            }
        }
        report(run.report(), "workers, one store of 20 ms", workers);
        report(run.report(), "stores of 20 ms, one worker", stores);
    }

    private static void moreWorkers(
            Services services, SlowService service, Duration length, Map<Integer, List<Double>> rates)
            throws Exception {
        var running = new ArrayList<Service>();
        try {
            for (int many : WORKERS) {
                while (running.size() < many) {
                    running.add(services.worker(service.store(NAMES.getFirst())));
                }
                awaitShares(running);
                rates.computeIfAbsent(many, m -> new ArrayList<>()).add(rate(service, length));
            }
        } finally {
            running.forEach(Service::close);
        }
    }

    private static void moreStores(
            Services services, SlowService service, Duration length, Map<Integer, List<Double>> rates)
            throws Exception {
        for (int many : STORES) {
            String stores = NAMES.subList(0, many).stream().map(service::store).collect(Collectors.joining());
            Service worker = services.worker(stores);
            try (worker) {
                rates.computeIfAbsent(many, m -> new ArrayList<>()).add(rate(service, length));
            }
        }
    }

    /** A group hands partitions over from heartbeat to heartbeat: until each worker has had something to do. */
    private static void awaitShares(List<Service> workers) throws IOException, InterruptedException {
        long end = System.nanoTime() + SHARED_WITHIN.toNanos();
        for (Service worker : workers) {
            while (worker.metrics().sum("lethe_lane_batch_records_count") == 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "a worker has had nothing to do: it got no partition, or the backlog was too small");
                }
                Thread.sleep(LOOK_EVERY);
            }
        }
    }

    private static double rate(SlowService service, Duration length) throws InterruptedException {
        Thread.sleep(WARM_UP.toMillis());
        long before = service.asked();
        long start = System.nanoTime();
        Thread.sleep(length.toMillis());
        return (service.asked() - before) * 1e9 / (System.nanoTime() - start);
    }

    private static void report(Report report, String what, Map<Integer, List<Double>> rates) {
        double one = Report.median(rates.values().iterator().next());
        rates.forEach((many, measured) -> {
            double rate = Report.median(measured);
            report.figure("erasures, " + many + " " + what, rate, "/s", many + " times one", many * one);
            report.bar("Erasures, " + what, "per second", "measured", Integer.toString(many), rate);
            report.bar("Erasures, " + what, "per second", "as many times one", Integer.toString(many), many * one);
        });
    }
}
