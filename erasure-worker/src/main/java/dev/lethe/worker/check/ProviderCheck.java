package dev.lethe.worker.check;

import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.ProviderUnavailableException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether an identity provider can be asked who is gone.
 *
 * @param type its kind, such as {@code fusionauth}
 * @param problem why it can't be asked, and what to do; absent if it can
 */
public record ProviderCheck(String type, @Nullable String problem) {
    public static ProviderCheck ask(String type, Supplier<IdentityProvider> opener) throws InterruptedException {
        try (IdentityProvider provider = opener.get()) {
            provider.check();
            return new ProviderCheck(type, null);
        } catch (ProviderUnavailableException e) {
            return new ProviderCheck(type, e.code() + ": " + e.getMessage());
        }
    }
}
