package dev.lethe.bench;

import dev.lethe.bench.rig.Child;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Looks at the memory of a process again and again, until it is closed. */
final class MemorySamples implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final Child process;
    private final Queue<Double> megabytes = new ConcurrentLinkedQueue<>();
    private final Thread looking = Thread.ofVirtual().unstarted(this::look);

    MemorySamples(Child process) {
        this.process = process;
        looking.start();
    }

    private void look() {
        try {
            while (true) {
                megabytes.add(process.residentMegabytes());
                Thread.sleep(EVERY);
            }
        } catch (IOException | InterruptedException e) {
            // Seen enough.
        }
    }

    double most() {
        return megabytes.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
