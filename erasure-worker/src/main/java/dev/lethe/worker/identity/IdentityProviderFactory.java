package dev.lethe.worker.identity;

import dev.lethe.config.Section;
import java.util.function.Supplier;

/** Makes identity providers of one kind. Found by {@link java.util.ServiceLoader}. */
public interface IdentityProviderFactory {
    /** The key that names this kind below {@code confirmation}, in lower case. */
    String type();

    /**
     * Reads the provider's configuration and reports what is wrong with it to the section.
     *
     * @return opens the provider; called only if the whole configuration is without problems. It does not wait for the provider
     *     to be there.
     */
    Supplier<IdentityProvider> configure(Section section);
}
