package dev.lethe.worker.store.s3;

import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Runs requests side by side: of all lanes together as many as the configuration allows. */
final class Requests implements AutoCloseable {
    private final ExecutorService threads;

    Requests(String store, int concurrency) {
        threads = Executors.newFixedThreadPool(
                concurrency,
                Thread.ofPlatform().daemon().name("store-" + store + "-", 0).factory());
    }

    /** One answer per question, in order. */
    <Q, A> List<A> all(Collection<Q> questions, Function<Q, A> request) throws StoreUnavailableException {
        List<Future<A>> pending = questions.stream()
                .map(question -> threads.submit(() -> request.apply(question)))
                .toList();
        var answers = new ArrayList<A>(pending.size());
        try {
            for (Future<A> answer : pending) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw S3Error.of(e.getCause() == null ? e : e.getCause()).refusal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("UNREACHABLE", "the requests were interrupted");
        } finally {
            pending.forEach(unfinished -> unfinished.cancel(true));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
