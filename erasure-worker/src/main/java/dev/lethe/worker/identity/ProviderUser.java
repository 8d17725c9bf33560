package dev.lethe.worker.identity;

import org.jspecify.annotations.Nullable;

/**
 * A user, as an identity provider knows users.
 *
 * @param id the provider's id of the user
 * @param tenantId the tenant (realm, organisation) that the user belongs to; null if nobody said
 */
public record ProviderUser(String id, @Nullable String tenantId) {
    /** Says nothing of whom it is about. */
    @Override
    public String toString() {
        return "ProviderUser[redacted]";
    }
}
