package dev.lethe.worker.confirm;

import dev.lethe.config.Section;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.IdentityProviderFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * How deletions are confirmed.
 *
 * @param type the kind of the identity provider, such as {@code fusionauth}
 * @param opener opens the identity provider
 * @param after how long after an announcement the provider is asked first
 * @param again how long after each answer that the user is still there it is asked again
 * @param mostAgain how often it is asked again, before the deletion counts as withdrawn
 */
public record ConfirmConfig(
        String type, Supplier<IdentityProvider> opener, Duration after, Duration again, int mostAgain) {
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    /** Reads the section {@code confirmation} of the file; empty if there is none. */
    public static Optional<ConfirmConfig> read(Section file) {
        if (!file.has("confirmation")) {
            return Optional.empty();
        }
        Section section = file.section("confirmation");
        Map<String, IdentityProviderFactory> kinds = new TreeMap<>();
        ServiceLoader.load(IdentityProviderFactory.class).forEach(factory -> kinds.put(factory.type(), factory));
        var configured =
                kinds.values().stream().filter(kind -> section.has(kind.type())).toList();
        Duration after = section.duration("after", HALF_A_MINUTE);
        Section again = section.section("again");
        Duration every = again.duration("every", HALF_A_MINUTE);
        int most = again.integer("most", 10, 0, 1000);
        if (configured.size() != 1) {
            file.problem(
                    "confirmation",
                    "needs one who is asked whether a user is gone: " + String.join(" or ", kinds.keySet()));
            return Optional.empty();
        }
        IdentityProviderFactory kind = configured.getFirst();
        return Optional.of(
                new ConfirmConfig(kind.type(), kind.configure(section.section(kind.type())), after, every, most));
    }
}
