package dev.lethe.quickstart.chaos;

import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.server.Frozen;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One of Lethe's services in a JVM of its own, which comes back after a kill and a freeze. */
final class Service implements AutoCloseable {
    private final Supplier<LetheProcess> command;
    private final int managementPort;
    private LetheProcess process;
    private @Nullable Frozen frozen;

    /** @param managementPort where it says that it is ready */
    Service(Supplier<LetheProcess> command, int managementPort) {
        this.command = command;
        this.managementPort = managementPort;
        this.process = command.get();
    }

    int managementPort() {
        return managementPort;
    }

    synchronized Service awaitReady() {
        process.awaitReady(managementPort);
        return this;
    }

    synchronized boolean isAlive() {
        return process.handle().isAlive();
    }

    synchronized void kill() {
        process.kill();
    }

    /** SIGTERM; returns the exit code. */
    synchronized int terminate(Duration within) {
        return process.terminate(within);
    }

    /** After it was killed or terminated. */
    synchronized void restart() {
        process = command.get();
    }

    synchronized void freeze() {
        frozen = Frozen.freeze(List.of(process.handle().pid()));
    }

    synchronized void thaw() {
        if (frozen != null) {
            frozen.close();
            frozen = null;
        }
    }

    @Override
    public synchronized void close() {
        thaw();
        process.close();
    }
}
