package com.example.lethe.ldap;

import com.example.lethe.ldap.LdapStoreConfig.Target;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.schema.AttributeTypeDefinition;
import com.unboundid.ldap.sdk.schema.Schema;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deletes entries of a directory: one search per target for the whole batch, then one deletion per entry.
 *
 * <p>A server compares as the schema says, for {@code uid} without regard to case. Nobody else's data is touched all the
 * same: what a search finds counts only if it has the very value.
 */
final class LdapStore implements ErasureStore {
    private final LdapStoreConfig config;
    private final Directory directory;
    private volatile boolean surveyed;

    LdapStore(LdapStoreConfig config) {
        this.config = config;
        this.directory = new Directory(config);
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        List<Subject> resolved = subjects.stream().filter(this::isResolved).toList();
        var items = new HashMap<Subject, Map<String, Long>>();
        var failures = new HashMap<Subject, String>();
        if (!resolved.isEmpty()) {
            requireSurvey();
            for (Target target : config.targets()) {
                erase(target, resolved, items, failures);
            }
        }
        return subjects.stream()
                .map(subject -> isResolved(subject)
                        ? result(items.getOrDefault(subject, Map.of()), failures.get(subject))
                        : new StoreResult.Unresolved("UNRESOLVED"))
                .toList();
    }

    private void erase(
            Target target, List<Subject> subjects, Map<Subject, Map<String, Long>> items, Map<Subject, String> failures)
            throws StoreUnavailableException {
        Filter anybody = Filter.createORFilter(
                subjects.stream().flatMap(subject -> filters(target, subject).stream()).toList());
        for (SearchResultEntry entry : find(target, anybody)) {
            List<Subject> owners =
                    subjects.stream().filter(subject -> belongsTo(entry, target, subject)).toList();
            if (owners.isEmpty()) {
                continue;
            }
            ResultCode code = directory.ask(pool -> {
                try {
                    return pool.delete(entry.getDN()).getResultCode();
                } catch (LDAPException e) {
                    if (isOfThisEntryAlone(e.getResultCode())) {
                        return e.getResultCode();
                    }
                    throw e;
                }
            });
            for (Subject owner : owners) {
                if (code.equals(ResultCode.SUCCESS)) {
                    items.computeIfAbsent(owner, none -> new HashMap<>()).merge(target.base(), 1L, Long::sum);
                } else if (!code.equals(ResultCode.NO_SUCH_OBJECT)) {
                    failures.put(owner, "LDAP_" + code.intValue());
                }
            }
        }
    }

    /** Somebody else was quicker, or the entry has others below it. */
    private static boolean isOfThisEntryAlone(ResultCode code) {
        return code.equals(ResultCode.NO_SUCH_OBJECT) || code.equals(ResultCode.NOT_ALLOWED_ON_NONLEAF);
    }

    private StoreResult result(Map<String, Long> items, String failure) {
        if (failure != null) {
            return new StoreResult.Failed(failure);
        }
        return new StoreResult.Settled(config.targets().stream()
                .map(Target::base)
                .map(base -> new TargetOutcome(base, Action.DELETE, items.getOrDefault(base, 0L), null, null))
                .toList());
    }

    /** Asks for every value by itself, where an erasure asks for the whole batch at once. */
    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        if (!subjects.isEmpty()) {
            requireSurvey();
        }
        var all = new ArrayList<Remaining>();
        for (Subject subject : subjects) {
            var items = new LinkedHashMap<String, Long>();
            for (Target target : config.targets()) {
                Set<String> found = new HashSet<>();
                for (Filter filter : filters(target, subject)) {
                    for (SearchResultEntry entry : find(target, filter)) {
                        if (values(entry, filter.getAttributeName()).contains(filter.getAssertionValue())) {
                            found.add(entry.getDN());
                        }
                    }
                }
                items.put(target.base(), (long) found.size());
            }
            all.add(new Remaining(items));
        }
        return all;
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return new StorePlan(
                config.targets().stream()
                        .map(target -> new StorePlan.Step(target.base(), Action.DELETE, path(target)))
                        .toList(),
                directory.ask(pool -> {
                    Schema schema = pool.getSchema();
                    var obstacles = new ArrayList<String>();
                    for (Target target : config.targets()) {
                        if (pool.getEntry(target.base(), "1.1") == null) {
                            obstacles.add(target.base() + " is not there, or " + config.bindDn() + " may not read it");
                        }
                        target.identifierByAttribute().keySet().stream()
                                .filter(attribute -> !isSearchable(attribute, schema))
                                .forEach(attribute -> obstacles.add("the schema has no attribute " + attribute
                                        + " that can be compared; a search by it would find nobody"));
                    }
                    return obstacles;
                }),
                config.tls() ? List.of() : List.of("the password goes over the wire in the clear: use ldaps://"));
    }

    private static boolean isSearchable(String attribute, Schema schema) {
        AttributeTypeDefinition type = schema == null ? null : schema.getAttributeType(attribute);
        return type != null && type.getEqualityMatchingRule(schema) != null;
    }

    private static String path(Target target) {
        return String.join(
                " or ",
                target.identifierByAttribute().entrySet().stream()
                        .map(pair -> pair.getKey() + " = " + pair.getValue())
                        .toList());
    }

    /** What a search finds in a directory that is not as configured is no answer: nothing, and no error. */
    private void requireSurvey() throws StoreUnavailableException {
        if (!surveyed) {
            List<String> obstacles = plan().obstacles();
            if (!obstacles.isEmpty()) {
                throw new StoreUnavailableException("MISCONFIGURED", obstacles.getFirst());
            }
            surveyed = true;
        }
    }

    private boolean isResolved(Subject subject) {
        return config.targets().stream()
                .flatMap(target -> target.identifierByAttribute().values().stream())
                .noneMatch(identifier -> subject.values(identifier).isEmpty());
    }

    /** The SDK escapes the values: for the server, each is nothing but a value. */
    private static List<Filter> filters(Target target, Subject subject) {
        return target.identifierByAttribute().entrySet().stream()
                .flatMap(pair -> subject.values(pair.getValue()).stream()
                        .map(value -> Filter.createEqualityFilter(pair.getKey(), value)))
                .toList();
    }

    private List<SearchResultEntry> find(Target target, Filter filter) throws StoreUnavailableException {
        String[] attributes = target.identifierByAttribute().keySet().toArray(String[]::new);
        List<SearchResultEntry> found = directory.ask(
                pool -> pool.search(target.base(), SearchScope.SUB, filter, attributes).getSearchEntries());
        if (found.stream().anyMatch(entry -> Arrays.stream(attributes).allMatch(name -> values(entry, name).isEmpty()))) {
            throw new StoreUnavailableException(
                    "MISCONFIGURED",
                    target.base() + " has entries that are found by " + String.join(", ", attributes) + " and don't show it: let "
                            + config.bindDn() + " read it, and name it as the schema does");
        }
        return found;
    }

    private static boolean belongsTo(SearchResultEntry entry, Target target, Subject subject) {
        return target.identifierByAttribute().entrySet().stream()
                .anyMatch(pair -> values(entry, pair.getKey()).stream().anyMatch(subject.values(pair.getValue())::contains));
    }

    private static List<String> values(SearchResultEntry entry, String attribute) {
        return entry.getAttributesWithOptions(attribute, null).stream()
                .map(Attribute::getValues)
                .flatMap(Arrays::stream)
                .toList();
    }

    @Override
    public void close() {
        directory.close();
    }
}
