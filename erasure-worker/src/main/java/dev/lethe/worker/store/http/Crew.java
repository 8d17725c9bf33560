package dev.lethe.worker.store.http;

import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Works through lists, at most so many elements at a time, whoever asks. */
final class Crew implements AutoCloseable {
    private final ExecutorService threads;

    Crew(String store, int size) {
        this.threads = Executors.newFixedThreadPool(
                size,
                Thread.ofPlatform().daemon().name("store-" + store + "-", 1).factory());
    }

    interface Work<T, R> {
        R on(T element) throws StoreUnavailableException;
    }

    /**
     * One result per element, in order. After a failure nothing is begun any more, and what is under way is waited for, so
     * that nobody asks twice at the same time.
     */
    <T, R> List<R> all(List<T> elements, Work<T, R> work) throws StoreUnavailableException {
        var failed = new AtomicBoolean();
        List<Future<R>> futures = new ArrayList<>();
        try {
            for (T element : elements) {
                futures.add(threads.submit(() -> unlessFailed(failed, element, work)));
            }
        } catch (RejectedExecutionException e) {
            throw interrupted();
        }
        return join(futures);
    }

    private static <T, R> R unlessFailed(AtomicBoolean failed, T element, Work<T, R> work)
            throws StoreUnavailableException {
        if (failed.get()) {
            throw new CancellationException();
        }
        boolean done = false;
        try {
            R result = work.on(element);
            done = true;
            return result;
        } finally {
            if (!done) {
                failed.set(true);
            }
        }
    }

    private static <R> List<R> join(List<Future<R>> futures) throws StoreUnavailableException {
        var results = new ArrayList<R>();
        @Nullable Throwable failure = null;
        try {
            for (Future<R> future : futures) {
                try {
                    results.add(future.get());
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause();
                    failure = failure == null || failure instanceof CancellationException ? cause : failure;
                }
            }
        } catch (InterruptedException e) {
            futures.forEach(future -> future.cancel(true));
            throw interrupted();
        }
        return switch (failure) {
            case null -> results;
            case StoreUnavailableException unavailable -> throw unavailable;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure.getClass().getName());
        };
    }

    /** Who works is being stopped: says so to whoever waits, and leaves the interruption to be seen. */
    static StoreUnavailableException interrupted() {
        Thread.currentThread().interrupt();
        return new StoreUnavailableException("INTERRUPTED", "the worker is stopping");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
