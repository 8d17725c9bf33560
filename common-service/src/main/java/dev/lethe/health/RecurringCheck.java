package dev.lethe.health;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that has to hold for a service to be ready: looked at when it starts and every minute, and every second while it
 * does not hold, so that what was mended is noticed at once.
 */
public final class RecurringCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RecurringCheck.class);
    private static final Duration WHILE_WELL = Duration.ofMinutes(1);
    private static final Duration WHILE_BROKEN = Duration.ofSeconds(1);

    /** What is looked at. */
    public interface Check {
        /** What is wrong, each with what to do; empty if all is well. */
        List<String> problems() throws InterruptedException;
    }

    private final String name;
    private final Check check;
    private final Duration whileWell;
    private final Duration whileBroken;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<String> problems;

    /** Starts looking, on a thread of its own. */
    public RecurringCheck(String name, Check check) {
        this(name, check, WHILE_WELL, WHILE_BROKEN);
    }

    RecurringCheck(String name, Check check, Duration whileWell, Duration whileBroken) {
        this.name = name;
        this.check = check;
        this.whileWell = whileWell;
        this.whileBroken = whileBroken;
        this.problems = List.of(name + " not checked yet");
        Thread.ofPlatform().daemon().name("check-" + name).start(this::run);
    }

    /** What was wrong when it was last looked at. */
    public List<String> problems() {
        return problems;
    }

    private void run() {
        try {
            Duration pause;
            do {
                report(look());
                pause = problems.isEmpty() ? whileWell : whileBroken;
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // A check that fails must not go on answering with what it last saw.
    private List<String> look() throws InterruptedException {
        try {
            return check.problems();
        } catch (RuntimeException e) {
            return List.of(name + " can't be checked (" + e.getClass().getSimpleName() + ")");
        }
    }

    private void report(List<String> found) {
        if (!found.equals(problems)) {
            found.forEach(problem -> log.warn("Not ready: {}", problem));
            if (found.isEmpty()) {
                log.info("Check passed: {}", name);
            }
        }
        problems = List.copyOf(found);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
