package dev.lethe.worker.check;

import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * What a store would do.
 *
 * @param plan its plan; that it can't be asked is an obstacle
 */
public record StoreCheck(String store, StorePlan plan) {
    /** Asks all at once; one answer per store, in the stores' order. */
    public static List<StoreCheck> ask(Map<String, ErasureStore> stores) {
        try (var threads = Executors.newCachedThreadPool()) {
            List<CompletableFuture<StoreCheck>> answers = stores.entrySet().stream()
                    .map(store -> CompletableFuture.supplyAsync(
                            () -> new StoreCheck(store.getKey(), plan(store.getValue())), threads))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    private static StorePlan plan(ErasureStore store) {
        try {
            return store.plan();
        } catch (StoreUnavailableException e) {
            return unanswered(e.code() + ": " + e.getMessage());
        } catch (StoreFailureException e) {
            return unanswered(e.code());
        } catch (RuntimeException e) {
            // Its message may repeat what the store holds.
            return unanswered("UNCLASSIFIED: " + e.getClass().getName() + "; please report it");
        }
    }

    private static StorePlan unanswered(String reason) {
        return new StorePlan(List.of(), List.of("can't be asked: " + reason), List.of());
    }
}
