package dev.lethe.bench;

import dev.lethe.worker.store.ErasureStore;
import java.io.PrintWriter;
import java.util.ArrayList;

/** Erasures per second of the store, next to those of the same deletes in one block inside the database. */
final class RateMeasurement {
    private static final int BATCHES = 10;
    private static final int WARM_UP = 4;
    private static final int ROUNDS = 9;
    private static final double WANTED = 0.8;

    private final Database database;
    private final Customers customers;
    private final PrintWriter progress;

    RateMeasurement(Database database, boolean full, PrintWriter progress) {
        this.database = database;
        this.customers = new Customers(database, "rate", full ? 1_000_000 : 300_000);
        this.progress = progress;
    }

    void run(Report report) throws Exception {
        progress.println("rate: filling " + customers.count() + " customers");
        customers.fill();
        customers.index();
        customers.settle();
        customers.draw((WARM_UP + ROUNDS) * 2 * BATCHES * Customers.BATCH, customers.count());
        var ours = new ArrayList<Double>();
        var inside = new ArrayList<Double>();
        try (ErasureStore store = database.store(customers.schema(), Customers.MAP)) {
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                // Who comes second finds more in the caches: each in turn.
                boolean storeFirst = round % 2 == 0;
                double first = storeFirst ? customers.erase(store, BATCHES) : customers.eraseInside(BATCHES);
                double second = storeFirst ? customers.eraseInside(BATCHES) : customers.erase(store, BATCHES);
                progress.printf(
                        "rate: round %d: store %.0f ms, inside %.0f ms%n",
                        round, storeFirst ? first : second, storeFirst ? second : first);
                if (round >= 0) {
                    ours.add(perSecond(storeFirst ? first : second));
                    inside.add(perSecond(storeFirst ? second : first));
                }
            }
        }
        customers.checkLeft();
        report.atLeast(
                "rate of the store, batches of 500, " + customers.count() + " customers",
                Report.median(ours),
                "erasures/s",
                "one DO block inside",
                Report.median(inside),
                WANTED);
    }

    private static double perSecond(double millis) {
        return BATCHES * Customers.BATCH * 1000 / millis;
    }
}
