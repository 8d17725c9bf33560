package dev.lethe.bench;

import dev.lethe.worker.store.ErasureStore;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What it costs to erase the same people among few and among many customers, what the same deletes cost inside the database,
 * and what the store says where an index is missing.
 */
final class FlatnessMeasurement {
    /** Until the JVM has compiled what it runs, on customers that are of no other use. */
    private static final int WARM_UP = 12;

    private static final int FIRST = 2;
    private static final int ROUNDS = 12;
    private static final int INSIDE = 4;
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
            customers.draw((FIRST + ROUNDS + INSIDE) * Customers.BATCH, sizes.getFirst());
            store = database.store(customers.schema(), Customers.MAP);
        }

        void erase(boolean counts) throws Exception {
            double millis = customers.erase(store, 1) / Customers.BATCH;
            progress.printf("flatness: %d customers: store %.3f ms%n", customers.count(), millis);
            if (counts) {
                ours.add(millis);
            }
        }

        void eraseInside() throws Exception {
            double millis = customers.eraseInside(1) / Customers.BATCH;
            progress.printf("flatness: %d customers: inside %.3f ms%n", customers.count(), millis);
            inside.add(millis);
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
        warmUp();
        for (Shop shop : shops) {
            // Only now: filling the largest has driven the others out of memory.
            shop.customers.warm();
        }
        for (int round = -FIRST; round < ROUNDS; round++) {
            // Whoever follows a checkpoint or an autovacuum is not always the same.
            Collections.rotate(shops, 1);
            for (Shop shop : shops) {
                shop.erase(round >= 0);
            }
        }
        for (int round = 0; round < INSIDE; round++) {
            for (Shop shop : shops) {
                shop.eraseInside();
            }
        }
        shops.sort(Comparator.comparingInt(shop -> shop.customers.count()));
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

    private void warmUp() throws Exception {
        var customers = new Customers(database, "warmup", sizes.getFirst());
        customers.fill();
        customers.index();
        customers.settle();
        customers.draw(WARM_UP * Customers.BATCH, sizes.getFirst());
        try (ErasureStore store = database.store(customers.schema(), Customers.MAP)) {
            customers.erase(store, WARM_UP);
        }
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
