package dev.lethe.worker.identity.fusionauth;

import dev.lethe.config.Section;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.IdentityProviderFactory;
import java.util.function.Supplier;

/** Makes {@code fusionauth} providers. Public for {@link java.util.ServiceLoader} alone. */
public final class FusionAuthFactory implements IdentityProviderFactory {
    @Override
    public String type() {
        return "fusionauth";
    }

    @Override
    public Supplier<IdentityProvider> configure(Section section) {
        FusionAuthConfig config = FusionAuthConfig.read(section);
        return () -> new FusionAuth(config);
    }
}
