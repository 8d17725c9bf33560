package dev.lethe.worker.identity;

import java.util.Collection;
import java.util.Set;

/**
 * Where users are. Asked by one thread at a time: by the confirm lane with a batch of those who are said to be deleted, and by
 * commands that look for what deleted users left behind.
 */
public interface IdentityProvider extends AutoCloseable {
    /** How much a user's presence has to be proven. Absence always has to be. */
    enum Proof {
        /** A list in which the user appears is enough: for many users, most of whom exist. */
        LISTED,
        /** The user's own record is looked at: before something final follows from its being there. */
        EXACT
    }

    /**
     * Which of these users do not exist any more. Never a guess: whoever is returned was asked for alone and not found, and the
     * provider has shown right before and right after, under the same credentials, that it finds users of that tenant. Whatever
     * keeps it from showing that is an exception. A user who is merely deactivated exists.
     *
     * @param users of any number of tenants; one whose id is none of this provider's is never gone
     * @return those of them that are gone
     * @throws ProviderUnavailableException if nothing can be said at the moment, of any of them
     */
    Set<ProviderUser> gone(Collection<ProviderUser> users, Proof proof)
            throws ProviderUnavailableException, InterruptedException;

    /**
     * Looks whether it can be asked at all: address, credentials, and what they let it see.
     *
     * @throws ProviderUnavailableException if not, with what to do
     */
    void check() throws ProviderUnavailableException, InterruptedException;

    @Override
    void close();
}
