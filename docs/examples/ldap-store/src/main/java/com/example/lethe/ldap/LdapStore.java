package com.example.lethe.ldap;

import com.example.lethe.ldap.LdapStoreConfig.Target;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchResultEntry;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deletes entries of a directory: one search per target for the whole batch, then one deletion per entry.
 *
 * <p>A server compares as its schema says, for {@code uid} without regard to case. Nobody else's data is touched all the
 * same: an entry that a search finds is somebody's only if it has the very value.
 */
final class LdapStore implements ErasureStore {
    private final LdapStoreConfig config;
    private final Directory directory;

    LdapStore(LdapStoreConfig config) {
        this.config = config;
        this.directory = new Directory(config);
    }

    private record Found(Target target, SearchResultEntry entry, List<Subject> owners) {}

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        List<Subject> resolved = subjects.stream().filter(this::isResolved).toList();
        var items = new HashMap<Subject, Map<String, Long>>();
        var failures = new HashMap<Subject, String>();
        // All searches come first: whatever makes one fail, nothing has happened yet.
        for (Found found : find(resolved)) {
            try {
                long deleted = directory.delete(found.entry()) ? 1 : 0;
                found.owners()
                        .forEach(owner -> items.computeIfAbsent(owner, none -> new HashMap<>())
                                .merge(found.target().base(), deleted, Long::sum));
            } catch (StoreFailureException e) {
                found.owners().forEach(owner -> failures.put(owner, e.code()));
            }
        }
        return subjects.stream()
                .map(subject -> {
                    if (!isResolved(subject)) {
                        return new StoreResult.Unresolved("UNRESOLVED");
                    }
                    if (failures.containsKey(subject)) {
                        return new StoreResult.Failed(failures.get(subject));
                    }
                    return settled(items.getOrDefault(subject, Map.of()));
                })
                .toList();
    }

    private List<Found> find(List<Subject> subjects) throws StoreUnavailableException {
        var all = new ArrayList<Found>();
        if (subjects.isEmpty()) {
            return all;
        }
        for (Target target : config.targets()) {
            Filter anybody = Filter.createORFilter(subjects.stream()
                    .flatMap(subject -> filters(target, subject).stream())
                    .toList());
            for (SearchResultEntry entry : directory.find(target, anybody)) {
                List<Subject> owners = subjects.stream()
                        .filter(subject -> isOf(subject, entry, target))
                        .toList();
                if (!owners.isEmpty()) {
                    all.add(new Found(target, entry, owners));
                }
            }
        }
        return all;
    }

    private static boolean isOf(Subject subject, SearchResultEntry entry, Target target) {
        return target.identifierByAttribute().entrySet().stream()
                .anyMatch(pair -> Directory.values(entry, pair.getKey()).stream()
                        .anyMatch(subject.values(pair.getValue())::contains));
    }

    private StoreResult settled(Map<String, Long> items) {
        return new StoreResult.Settled(config.targets().stream()
                .map(Target::base)
                .map(base -> new TargetOutcome(base, Action.DELETE, items.getOrDefault(base, 0L), null, null))
                .toList());
    }

    /** Asks for each value by itself, where an erasure asks for the whole batch. */
    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        var all = new ArrayList<Remaining>();
        for (Subject subject : subjects) {
            var items = new LinkedHashMap<String, Long>();
            for (Target target : config.targets()) {
                Set<String> names = new HashSet<>();
                for (Filter filter : filters(target, subject)) {
                    directory.find(target, filter).stream()
                            .filter(entry -> Directory.values(entry, filter.getAttributeName())
                                    .contains(filter.getAssertionValue()))
                            .forEach(entry -> names.add(entry.getDN()));
                }
                items.put(target.base(), (long) names.size());
            }
            all.add(new Remaining(items));
        }
        return all;
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        List<StorePlan.Step> steps = config.targets().stream()
                .map(target -> new StorePlan.Step(target.base(), Action.DELETE, path(target)))
                .toList();
        List<String> warnings =
                config.tls() ? List.of() : List.of("the password goes over the wire in the clear: use ldaps://");
        return new StorePlan(steps, directory.obstacles(), warnings);
    }

    private static String path(Target target) {
        return String.join(
                " or ",
                target.identifierByAttribute().entrySet().stream()
                        .map(pair -> pair.getKey() + " = " + pair.getValue())
                        .toList());
    }

    private boolean isResolved(Subject subject) {
        return config.targets().stream()
                .flatMap(target -> target.identifierByAttribute().values().stream())
                .noneMatch(identifier -> subject.values(identifier).isEmpty());
    }

    /** The SDK escapes the values: whatever is in one, to the server it is a value. */
    private static List<Filter> filters(Target target, Subject subject) {
        return target.identifierByAttribute().entrySet().stream()
                .flatMap(pair -> subject.values(pair.getValue()).stream()
                        .map(value -> Filter.createEqualityFilter(pair.getKey(), value)))
                .toList();
    }

    @Override
    public void close() {
        directory.close();
    }
}
