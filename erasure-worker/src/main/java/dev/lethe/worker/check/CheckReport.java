package dev.lethe.worker.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lethe.worker.forget.ForgetReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What would happen to whoever is erased, and what stands in the way: the JSON of {@code --json}.
 *
 * @param keys what is wrong with the key file; absent if nothing is
 * @param log the topics
 * @param identityProvider who is asked whether a user is really gone; absent if nobody is
 * @param stores store by store
 * @param sample what one person has; absent if nobody was asked for
 */
public record CheckReport(
        @Nullable String keys,
        LogCheck log,
        @Nullable ProviderCheck identityProvider,
        List<StoreCheck> stores,
        @Nullable ForgetReport sample) {
    /** All that would stop or stall an erasure, each with where. */
    @JsonProperty
    public List<String> hindrances() {
        var all = new ArrayList<String>();
        if (keys != null) {
            all.add("keys: " + keys);
        }
        log.problems().forEach(problem -> all.add("kafka: " + problem));
        if (identityProvider != null && identityProvider.problem() != null) {
            all.add(identityProvider.type() + ": " + identityProvider.problem());
        }
        for (StoreCheck store : stores) {
            store.plan().obstacles().forEach(obstacle -> all.add(store.store() + ": " + obstacle));
            store.plan().delays().forEach(delay -> all.add(store.store() + ": " + delay));
        }
        if (sample != null) {
            sample.unknown().forEach(unknown -> all.add("sample: " + unknown));
        }
        return all;
    }
}
