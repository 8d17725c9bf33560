package dev.lethe.quickstart;

import java.util.concurrent.CountDownLatch;

/** Waiting that nothing cuts short, for a shutdown hook. */
final class Uninterruptible {
    private Uninterruptible() {}

    static void await(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // The process ends when the latch opens, and not before.
            }
        }
    }
}
