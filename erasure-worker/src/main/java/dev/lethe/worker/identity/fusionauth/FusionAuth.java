package dev.lethe.worker.identity.fusionauth;

import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.identity.ProviderUnavailableException;
import dev.lethe.worker.identity.ProviderUser;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/**
 * Asks FusionAuth, tenant by tenant: a search by ids finds those who exist, and the others are asked for one by one. Gone is who is
 * in neither, while others are found.
 */
final class FusionAuth implements IdentityProvider {
    private static final int SEARCHED_AT_ONCE = 100;
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final FusionAuthConfig config;
    private final Connection connection;
    private final ExecutorService crew;

    FusionAuth(FusionAuthConfig config) {
        this.config = config;
        this.connection = new Connection(config);
        this.crew = Executors.newFixedThreadPool(
                config.concurrency(),
                Thread.ofPlatform().daemon().name("fusionauth-", 1).factory());
    }

    @Override
    public Set<ProviderUser> gone(Collection<ProviderUser> users, Proof proof)
            throws ProviderUnavailableException, InterruptedException {
        Map<UUID, Map<UUID, List<ProviderUser>>> byTenant = new LinkedHashMap<>();
        for (ProviderUser user : users) {
            // FusionAuth has no user by any other id: nothing can be said of it.
            if (UUID_FORM.matcher(user.id()).matches()) {
                byTenant.computeIfAbsent(tenantOf(user), tenant -> new LinkedHashMap<>())
                        .computeIfAbsent(UUID.fromString(user.id()), id -> new ArrayList<>())
                        .add(user);
            }
        }
        var gone = new HashSet<ProviderUser>();
        for (var tenant : byTenant.entrySet()) {
            Map<UUID, List<ProviderUser>> asked = tenant.getValue();
            for (UUID id : gone(tenant.getKey(), asked.keySet(), proof)) {
                gone.addAll(asked.getOrDefault(id, List.of()));
            }
        }
        return gone;
    }

    private Set<UUID> gone(UUID tenant, Set<UUID> ids, Proof proof)
            throws ProviderUnavailableException, InterruptedException {
        var api = new UserApi(connection, Optional.of(tenant));
        Set<UUID> listed = listed(api, ids);
        var asked = new LinkedHashSet<>(ids);
        if (proof == Proof.LISTED) {
            asked.removeAll(listed);
        }
        if (asked.isEmpty()) {
            return Set.of();
        }
        // Before and after, so that nothing that changes on the way in between can make somebody disappear.
        var control = new Control(api, Optional.of(tenant));
        control.pass();
        Set<UUID> gone = missing(api, asked);
        if (gone.isEmpty()) {
            return gone;
        }
        control.pass();
        if (!Collections.disjoint(gone, listed)) {
            throw new ProviderUnavailableException(
                    "UNPROVEN",
                    "FusionAuth's search finds a user by its id whom GET /api/user does not: where that stays so, a proxy in"
                            + " front of FusionAuth answers some of the calls itself, or its search index is out of date");
        }
        return gone;
    }

    private static Set<UUID> listed(UserApi api, Set<UUID> ids)
            throws ProviderUnavailableException, InterruptedException {
        var all = new ArrayList<>(ids);
        var listed = new HashSet<UUID>();
        for (int i = 0; i < all.size(); i += SEARCHED_AT_ONCE) {
            listed.addAll(api.listed(all.subList(i, Math.min(all.size(), i + SEARCHED_AT_ONCE))));
        }
        return listed;
    }

    private Set<UUID> missing(UserApi api, Set<UUID> ids) throws ProviderUnavailableException, InterruptedException {
        Map<UUID, Future<Boolean>> answers = new LinkedHashMap<>();
        try {
            ids.forEach(id -> answers.put(id, crew.submit(() -> api.has(id))));
            var missing = new LinkedHashSet<UUID>();
            for (var answer : answers.entrySet()) {
                if (!answer.getValue().get()) {
                    missing.add(answer.getKey());
                }
            }
            return missing;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ProviderUnavailableException unavailable) {
                throw unavailable;
            }
            throw new IllegalStateException(
                    Objects.requireNonNullElse(e.getCause(), e).getClass().getName());
        } finally {
            answers.values().forEach(answer -> answer.cancel(true));
        }
    }

    private UUID tenantOf(ProviderUser user) throws ProviderUnavailableException {
        if (user.tenantId() != null && UUID_FORM.matcher(user.tenantId()).matches()) {
            return UUID.fromString(user.tenantId());
        }
        return config.tenant()
                .orElseThrow(() -> new ProviderUnavailableException(
                        "MISCONFIGURED",
                        "an event named no tenant, and without one FusionAuth can't be asked conclusively: set"
                                + " fusionauth.tenant to the tenant of those users"));
    }

    @Override
    public void check() throws ProviderUnavailableException, InterruptedException {
        new Control(new UserApi(connection, config.tenant()), config.tenant()).pass();
    }

    @Override
    public void close() {
        crew.shutdownNow();
        connection.close();
    }
}
