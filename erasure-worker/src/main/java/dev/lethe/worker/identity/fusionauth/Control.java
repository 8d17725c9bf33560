package dev.lethe.worker.identity.fusionauth;

import dev.lethe.worker.identity.ProviderUnavailableException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The proof that FusionAuth, asked in the way in which a user of this tenant is asked for, finds those who are there: it finds
 * one. Without it, "not found" would also be the answer to a key of another tenant, to the address of another FusionAuth, and of a
 * proxy that answers so to everything.
 */
final class Control {
    /** A search may still list some who were deleted a moment ago. */
    private static final int CANDIDATES = 10;

    private final UserApi users;
    private final Optional<UUID> tenant;
    private @Nullable UUID witness;

    Control(UserApi users, Optional<UUID> tenant) {
        this.users = users;
        this.tenant = tenant;
    }

    /** @throws ProviderUnavailableException {@code UNPROVEN} if no user of the tenant can be found, and whatever else is wrong */
    void pass() throws ProviderUnavailableException, InterruptedException {
        if (witness != null && users.has(witness)) {
            return;
        }
        witness = null;
        for (UUID candidate : users.some(CANDIDATES)) {
            if (users.has(candidate)) {
                witness = candidate;
                return;
            }
        }
        throw new ProviderUnavailableException(
                "UNPROVEN",
                "FusionAuth shows no user of "
                        + tenant.map(id -> "tenant " + id).orElse("any tenant")
                        + ", so that \"not found\" proves nothing: check that fusionauth.url is the FusionAuth of that tenant,"
                        + " and fusionauth.apiKey a key for that tenant or for all; a tenant without any user needs one, such"
                        + " as a service account");
    }
}
