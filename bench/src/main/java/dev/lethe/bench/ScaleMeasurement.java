package dev.lethe.bench;

import dev.lethe.bench.rig.Broker;
import dev.lethe.bench.rig.Services;
import dev.lethe.bench.rig.Services.Service;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What more workers do for a slow store, and what more slow stores do to a worker. */
final class ScaleMeasurement implements Measurement {
    private static final Duration LATENCY = Duration.ofMillis(20);
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final List<Integer> WORKERS = List.of(1, 2, 4);
    private static final List<Integer> STORES = List.of(1, 3, 6);
    private static final int MOST = 6;

    @Override
    public void run(Path folder, boolean full, PrintWriter progress, Report report) throws Exception {
        Duration length = Duration.ofSeconds(full ? 20 : 5);
        int rounds = full ? 5 : 3;
        List<String> names =
                IntStream.rangeClosed(1, MOST).mapToObj(i -> "service-" + i).toList();
        try (var broker = new Broker(folder, names);
                var service = new SlowService(LATENCY)) {
            var services = new Services(folder, broker);
            // More than is erased in all rounds by the fastest.
            broker.request(Stream.generate(() -> UUID.randomUUID().toString())
                    .limit(full ? 200_000 : 60_000)
                    .toList());
            var workers = new ArrayList<List<Double>>();
            var stores = new ArrayList<List<Double>>();
            WORKERS.forEach(many -> workers.add(new ArrayList<>()));
            STORES.forEach(many -> stores.add(new ArrayList<>()));
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < WORKERS.size(); i++) {
                    double rate = rate(services, service, WORKERS.get(i), names.subList(0, 1), length);
                    progress.printf("scale: round %d: %d workers: %.0f/s%n", round, WORKERS.get(i), rate);
                    workers.get(i).add(rate);
                }
                for (int i = 0; i < STORES.size(); i++) {
                    double rate = rate(services, service, 1, names.subList(0, STORES.get(i)), length);
                    progress.printf("scale: round %d: %d stores: %.0f/s%n", round, STORES.get(i), rate);
                    stores.get(i).add(rate);
                }
            }
            report(report, "workers, one store of 20 ms", WORKERS, workers);
            report(report, "stores of 20 ms, one worker", STORES, stores);
        }
    }

    private static double rate(Services services, SlowService service, int many, List<String> stores, Duration length)
            throws Exception {
        String yaml = String.join(
                "",
                stores.stream()
                        .map(store ->
                                "%s: { type: http, url: \"%s\", readBack: none }\n".formatted(store, service.url()))
                        .toList());
        var workers = new ArrayList<Service>();
        try {
            for (int i = 0; i < many; i++) {
                workers.add(services.worker(yaml));
            }
            Thread.sleep(WARM_UP);
            int before = service.asked();
            long start = System.nanoTime();
            Thread.sleep(length);
            return (service.asked() - before) * 1e9 / (System.nanoTime() - start);
        } finally {
            workers.forEach(Service::close);
        }
    }

    private static void report(Report report, String what, List<Integer> numbers, List<List<Double>> rates) {
        double one = Report.median(rates.getFirst());
        for (int i = 0; i < numbers.size(); i++) {
            int many = numbers.get(i);
            double rate = Report.median(rates.get(i));
            report.figure("erasures, " + many + " " + what, rate, "/s", many + " times one", many * one);
            report.bar("Erasures, " + what, "per second", "measured", Integer.toString(many), rate);
            report.bar("Erasures, " + what, "per second", "as many times one", Integer.toString(many), many * one);
        }
    }
}
