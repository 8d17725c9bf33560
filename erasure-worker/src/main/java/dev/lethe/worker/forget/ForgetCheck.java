package dev.lethe.worker.forget;

import dev.lethe.events.Subject;
import dev.lethe.worker.forget.StoreAnswer.Counted;
import dev.lethe.worker.forget.StoreAnswer.Unknown;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** Asks stores how much of a person is left: all at once, each once. */
public final class ForgetCheck {
    private ForgetCheck() {}

    /** One answer per store, in the stores' order. */
    public static List<StoreAnswer> ask(Map<String, ErasureStore> stores, Subject subject) {
        try (var threads = Executors.newCachedThreadPool()) {
            List<CompletableFuture<StoreAnswer>> answers = stores.entrySet().stream()
                    .map(store -> CompletableFuture.supplyAsync(
                            () -> ask(store.getKey(), store.getValue(), subject), threads))
                    .toList();
            return answers.stream().map(CompletableFuture::join).toList();
        }
    }

    private static StoreAnswer ask(String name, ErasureStore store, Subject subject) {
        try {
            Remaining remaining = store.count(List.of(subject)).getFirst();
            return new Counted(name, remaining.items(), remaining.retained());
        } catch (StoreUnavailableException e) {
            return new Unknown(name, e.code(), String.valueOf(e.getMessage()));
        } catch (StoreFailureException e) {
            return new Unknown(name, e.code(), meaning(e.code()));
        } catch (RuntimeException e) {
            // Its message may repeat an identifier.
            return new Unknown(name, "UNCLASSIFIED", e.getClass().getName() + "; please report it");
        }
    }

    private static String meaning(String code) {
        return switch (code) {
            case "UNRESOLVED" ->
                "it needs an identifier that is not known ('lethe check' says which); name it with --identifier"
                        + " NAME=VALUE";
            case "INVALID_IDENTIFIER" -> "one of the identifiers can't be what the store has";
            case "NO_READ_BACK" -> "it can't be asked what it holds: its configuration says readBack: none";
            default -> "it refuses to count this person; its own log may say why";
        };
    }
}
