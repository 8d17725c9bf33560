package dev.lethe.bench;

import dev.lethe.worker.store.ErasureStore;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to erase the same people among few and among many customers, what the same deletes cost inside the database,
 * and what the store says where an index is missing.
 */
final class FlatnessMeasurement {
    private static final int WARM_UP = 2;
    private static final int ROUNDS = 7;
    private static final int WITHOUT_INDEX = 10_000;
    private static final double WANTED = 1.2;

    private final Database database;
    private final List<Integer> sizes;
    private final PrintWriter progress;

    FlatnessMeasurement(Database database, boolean full, PrintWriter progress) {
        this.database = database;
        this.sizes = full ? List.of(10_000, 100_000, 1_000_000, 3_000_000) : List.of(10_000, 100_000, 300_000);
        this.progress = progress;
    }

    private final class Shop implements AutoCloseable {
        private final Customers customers;
        private final ErasureStore store;
        private final List<Double> ours = new ArrayList<>();
        private final List<Double> inside = new ArrayList<>();

        Shop(int size) throws Exception {
            progress.println("flatness: filling " + size + " customers");
            customers = new Customers(database, "flat" + size, size);
            customers.fill();
            customers.index();
            customers.settle();
            customers.warm();
            customers.draw((WARM_UP + ROUNDS) * 2 * Customers.BATCH, sizes.getFirst());
            store = database.store(customers.schema(), Customers.MAP);
        }

        void round(int round) throws Exception {
            boolean storeFirst = round % 2 == 0;
            double first = storeFirst ? customers.erase(store, 1) : customers.eraseInside(1);
            double second = storeFirst ? customers.eraseInside(1) : customers.erase(store, 1);
            double our = (storeFirst ? first : second) / Customers.BATCH;
            double limit = (storeFirst ? second : first) / Customers.BATCH;
            progress.printf(
                    "flatness: round %d: %d customers: store %.3f ms, inside %.3f ms%n",
                    round, customers.count(), our, limit);
            if (round >= 0) {
                ours.add(our);
                inside.add(limit);
            }
        }

        @Override
        public void close() {
            store.close();
        }
    }

    void run(Report report) throws Exception {
        var shops = new ArrayList<Shop>();
        for (int size : sizes) {
            shops.add(new Shop(size));
        }
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Shop shop : shops) {
                shop.round(round);
            }
        }
        double smallest = Report.median(shops.getFirst().ours);
        for (Shop shop : shops) {
            shop.close();
            shop.customers.checkLeft();
            report.atMost(
                    "cost of an erasure among " + shop.customers.count() + " customers",
                    Report.median(shop.ours),
                    "ms",
                    "among " + sizes.getFirst(),
                    smallest,
                    WANTED);
        }
        double smallestInside = Report.median(shops.getFirst().inside);
        for (Shop shop : shops) {
            report.figure(
                    "the same deletes in one DO block among " + shop.customers.count() + " customers",
                    Report.median(shop.inside),
                    "ms",
                    "among " + sizes.getFirst(),
                    smallestInside);
        }
        withoutIndex(report, smallest);
    }

    private void withoutIndex(Report report, double indexed) throws Exception {
        var customers = new Customers(database, "unindexed", WITHOUT_INDEX);
        customers.fill();
        customers.settle();
        customers.draw(4 * Customers.BATCH, WITHOUT_INDEX);
        var costs = new ArrayList<Double>();
        try (ErasureStore store = database.store(customers.schema(), Customers.MAP)) {
            // The other schemas of this server are of no interest here.
            store.plan().warnings().stream()
                    .filter(warning -> warning.contains(customers.schema()))
                    .forEach(warning -> report.note("without indexes, the plan warns: " + warning));
            customers.erase(store, 1);
            for (int round = 0; round < 3; round++) {
                costs.add(customers.erase(store, 1) / Customers.BATCH);
            }
        }
        report.figure(
                "cost of an erasure among " + WITHOUT_INDEX + " customers, no indexes on foreign keys",
                Report.median(costs),
                "ms",
                "with indexes",
                indexed);
    }
}
