package dev.lethe.cli;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a service running until it is told to stop (SIGTERM, SIGINT), and then closes it before the process ends. */
public final class ServiceProcess {
    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /** Blocks until the process is asked to stop; closes the service from the shutdown hook, which the process waits for. */
    public static int runUntilStopped(String name, AutoCloseable service) throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                service.close();
                                log.info("{} stopped", name);
                            } catch (Exception e) {
                                log.error(
                                        "{} did not stop cleanly: {}",
                                        name,
                                        e.getClass().getSimpleName());
                            } finally {
                                stopped.countDown();
                            }
                        },
                        "stop-" + name));
        stopped.await();
        return 0;
    }
}
