package dev.lethe.worker.reconcile;

import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.IdentityProvider.Proof;
import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.identity.ProviderUser;
import dev.lethe.worker.store.HolderListing;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through everybody whose data a store holds, a page at a time, and asks the identity provider which of them are gone. Each is
 * told once, whatever the number of places that still hold data of that person.
 */
public final class Reconciliation {
    /** As many as FusionAuth is asked for at once. */
    private static final int PAGE = 500;

    private final HolderListing store;
    private final IdentityProvider provider;
    private final @Nullable String tenantId;
    private final Set<String> orphans = new LinkedHashSet<>();
    private Optional<String> after;
    private boolean done;
    private long looked;

    /**
     * @param tenantId whose users they are; null if the provider's configuration says so
     * @param after where an earlier one stopped
     */
    public Reconciliation(
            HolderListing store, IdentityProvider provider, @Nullable String tenantId, Optional<String> after) {
        this.store = store;
        this.provider = provider;
        this.tenantId = tenantId;
        this.after = after;
    }

    /**
     * Looks at the next page.
     *
     * @return the user ids of those who are gone, and were not told before
     */
    public List<String> next() throws StoreUnavailableException, ProviderUnavailableException, InterruptedException {
        HolderListing.Page page = store.holders(after, PAGE);
        List<ProviderUser> users = page.userIds().stream()
                .distinct()
                .map(id -> new ProviderUser(id, tenantId))
                .toList();
        var found = new ArrayList<String>();
        if (!users.isEmpty()) {
            Set<ProviderUser> gone = provider.gone(users, Proof.LISTED);
            users.stream()
                    .filter(gone::contains)
                    .map(ProviderUser::id)
                    .filter(orphans::add)
                    .forEach(found::add);
        }
        looked += users.size();
        after = page.next();
        done = after.isEmpty();
        return found;
    }

    /** Whether there is no further page. */
    public boolean isDone() {
        return done;
    }

    /** Where the next page begins; may be an identifier. */
    public Optional<String> after() {
        return after;
    }

    /** How many ids it has looked at; one in several places counts for each. */
    public long looked() {
        return looked;
    }

    public int orphans() {
        return orphans.size();
    }
}
