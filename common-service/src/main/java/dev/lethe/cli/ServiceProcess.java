package dev.lethe.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a service running until it is told to stop (SIGTERM, SIGINT), and then closes it before the process ends. */
public final class ServiceProcess {
    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /** Blocks until the process is asked to stop; closes the service from the shutdown hook, which the process waits for. */
    public static int runUntilStopped(String name, AutoCloseable service) {
        return runUntilStopped(name, service, new CompletableFuture<>());
    }

    /**
     * As {@link #runUntilStopped(String, AutoCloseable)}, but not longer than the service lasts.
     *
     * @param end completes when it has ended by itself
     * @return 1 then, and otherwise 0
     */
    public static int runUntilStopped(String name, AutoCloseable service, CompletableFuture<?> end) {
        var stopped = new CompletableFuture<Void>();
        var asked = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            asked.set(true);
                            try {
                                service.close();
                                log.info("{} stopped", name);
                            } catch (Exception e) {
                                log.error(
                                        "{} did not stop cleanly: {}",
                                        name,
                                        e.getClass().getSimpleName());
                            } finally {
                                stopped.complete(null);
                            }
                        },
                        "stop-" + name));
        CompletableFuture.anyOf(stopped, end).join();
        return asked.get() ? 0 : 1;
    }
}
