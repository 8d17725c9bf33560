package dev.lethe.bench;

import dev.lethe.bench.rig.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How soon a service is ready, and how large it is on disk. */
final class FootprintMeasurement implements Measurement {
    @Override
    public void run(Run run) throws Exception {
        Report report = run.report();
        int rounds = run.full() ? 15 : 3;
        var ingress = new ArrayList<Double>();
        var worker = new ArrayList<Double>();
        var bare = new ArrayList<Double>();
        try (var database = new Database();
                var broker = run.broker(List.of("shop"))) {
            var shop = new Shop(database);
            var services = run.services(broker);
            for (int round = -1; round < rounds; round++) {
                double ingressSeconds;
                double workerSeconds;
                double bareSeconds;
                try (var started = services.ingress()) {
                    ingressSeconds = started.seconds();
                }
                try (var started = services.worker(shop.store())) {
                    workerSeconds = started.seconds();
                }
                try (var started = services.bareHandler()) {
                    bareSeconds = started.seconds();
                }
                run.progress()
                        .printf(
                                "footprint: round %d: ready after: ingress %.2f s, worker %.2f s, bare handler %.2f s%n",
                                round, ingressSeconds, workerSeconds, bareSeconds);
                if (round >= 0) {
                    ingress.add(ingressSeconds);
                    worker.add(workerSeconds);
                    bare.add(bareSeconds);
                }
            }
        }
        report.figure("from start to ready, ingress", Report.median(ingress), "s", "bare handler", Report.median(bare));
        report.figure("from start to ready, worker", Report.median(worker), "s", "bare handler", Report.median(bare));
        report.bar("From start to ready", "s", "measured", "ingress", Report.median(ingress));
        report.bar("From start to ready", "s", "measured", "worker", Report.median(worker));
        report.bar("From start to ready", "s", "measured", "bare handler", Report.median(bare));
        Checkout checkout = Checkout.find();
        double image = megabytes(checkout.jarsOfServices());
        for (String module : List.of("ingress", "erasure-worker")) {
            report.figure(
                    "libraries on disk, " + module,
                    megabytes(checkout.jars(module)),
                    "MB",
                    "both, as in the image",
                    image);
        }
    }

    private static double megabytes(Collection<Path> jars) throws IOException {
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        return bytes / 1e6;
    }
}
