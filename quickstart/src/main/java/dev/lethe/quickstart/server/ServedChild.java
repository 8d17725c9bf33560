package dev.lethe.quickstart.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The child's side of {@link ServerProcess}: says on standard output when the server is ready, and stops it when standard
 * input ends, which it does however the parent ended.
 */
public final class ServedChild {

    static final String READY = "READY";

    /** Long enough for a start that is under way to finish: a half-started server could not be stopped. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final ReentrantLock starting = new ReentrantLock();
    private volatile @Nullable AutoCloseable server;

    private ServedChild() {}

    /**
     * Starts the server and returns; the JVM then lives until its standard input ends or it is terminated, and closes the
     * server before it goes. If the start fails, the JVM exits with 1.
     */
    @SuppressWarnings("SystemOut")
    public static void run(Callable<? extends AutoCloseable> start) {
        PrintStream parent = System.out;
        System.setOut(System.err);
        ServedChild child = new ServedChild();
        Runtime.getRuntime().addShutdownHook(new Thread(child::stop, "stop"));
        Thread.ofPlatform().name("parent").start(ServedChild::exitWithParent);
        if (!child.start(start)) {
            System.exit(1);
        }
        parent.println(READY);
        parent.flush();
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private boolean start(Callable<? extends AutoCloseable> start) {
        starting.lock();
        try {
            server = start.call();
            return true;
        } catch (Throwable e) {
            e.printStackTrace();
            return false;
        } finally {
            starting.unlock();
        }
    }

    private static void exitWithParent() {
        try (InputStream parent = System.in) {
            parent.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe says the same as its end.
        }
        System.exit(0);
    }

    private void stop() {
        Thread closing = Thread.ofPlatform().daemon().name("close").start(this::close);
        try {
            closing.join(STOP_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private void close() {
        try {
            if (starting.tryLock(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                AutoCloseable started = server;
                if (started != null) {
                    started.close();
                }
            }
        } catch (Exception e) {
            e.printStackTrace();
        }
    }
}
