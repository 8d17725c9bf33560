package dev.lethe.quickstart;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and SIGTERM. Either interrupts whatever the thread that made this is doing, and holds the end of the process back until
 * that thread has stopped everything.
 */
final class StopSignal {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean isAsked;

    /** @param whenAsked is run first, in another thread, if the signal comes before everything {@linkplain #stopped is stopped} */
    StopSignal(Runnable whenAsked) {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main, whenAsked), "stop-quickstart"));
    }

    private void stop(Thread main, Runnable whenAsked) {
        if (stopped.getCount() > 0) {
            whenAsked.run();
            isAsked = true;
            // In this order: when await returns, the interruption is behind it, and everything can be closed in peace.
            main.interrupt();
            asked.countDown();
            awaitUninterruptibly(stopped);
        }
    }

    boolean isAsked() {
        return isAsked;
    }

    /** Waits for the signal. */
    void await() {
        awaitUninterruptibly(asked);
    }

    /** Everything is stopped: the process may end. */
    void stopped() {
        stopped.countDown();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // The latch says when.
            }
        }
    }
}
