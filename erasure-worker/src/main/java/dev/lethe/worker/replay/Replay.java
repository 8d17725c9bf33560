package dev.lethe.worker.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Several stores' replays side by side: none waits for another. */
public final class Replay {
    /** How long a batch in hand may take to finish when the replay is stopped, and again to notice that it is dropped. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final List<StoreReplay> stores;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch running;
    private final CountDownLatch abandoned = new CountDownLatch(1);

    public Replay(List<StoreReplay> stores) {
        this.stores = List.copyOf(stores);
        this.running = new CountDownLatch(stores.size());
    }

    public void start() {
        for (StoreReplay store : stores) {
            threads.add(
                    Thread.ofPlatform().daemon().name("replay-" + store.store()).start(() -> {
                        try {
                            store.run();
                        } finally {
                            running.countDown();
                        }
                    }));
        }
    }

    /** Whether it is over, for whatever reason; waits for that, but no longer than this. */
    public boolean awaitEnd(Duration most) throws InterruptedException {
        return running.await(most.toMillis(), TimeUnit.MILLISECONDS) || abandoned.getCount() == 0;
    }

    /** Finishes the batches in hand or drops them; at most about 10 s. */
    public void stop() throws InterruptedException {
        stores.forEach(StoreReplay::stop);
        if (!running.await(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
            threads.forEach(Thread::interrupt);
            // A statement under way can't be interrupted: it is left to itself, and counts as not done.
            var unused = running.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        }
        abandoned.countDown();
    }

    /** How far each store is. */
    public List<StoreProgress> progress() {
        return stores.stream().map(StoreReplay::progress).toList();
    }
}
