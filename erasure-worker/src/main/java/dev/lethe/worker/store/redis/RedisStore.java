package dev.lethe.worker.store.redis;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.HolderListing;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.redis.Batch.Trace;
import dev.lethe.worker.store.redis.Keyspace.Entry;
import dev.lethe.worker.store.redis.Target.Kind;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases keys, and members of containers. However many subjects a batch has: one round trip for the types of the containers and
 * one for all exact keys and members; then one pass over all keys if there are patterns, and one over each stream.
 */
final class RedisStore implements ErasureStore, HolderListing {
    private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);
    /** How many steps of a SCAN are a fair look at the keys. */
    private static final int SAMPLE = 100;

    private final String name;
    private final RedisStoreConfig config;
    private final List<Target> targets;
    private final Sessions sessions;

    RedisStore(String name, RedisStoreConfig config) {
        this(name, config, DefaultClientResources.builder());
    }

    RedisStore(String name, RedisStoreConfig config, ClientResources.Builder resources) {
        this.name = name;
        this.config = config;
        this.targets = config.targets();
        this.sessions = new Sessions(config, resources);
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(targets, subjects);
        if (!batch.isEmpty()) {
            sessions.doing(session -> {
                new Keyspace(session).requireTypes(targets);
                askExactly(session, batch, RedisStore::erasing);
                eraseFound(session, batch);
                eraseEntries(session, batch);
                return batch;
            });
        }
        return batch.results();
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        var batch = new Batch(targets, subjects);
        batch.requireFit();
        if (!batch.isEmpty()) {
            sessions.doing(session -> {
                new Keyspace(session).requireTypes(targets);
                askExactly(session, batch, RedisStore::looking);
                countFound(session, batch);
                countEntries(session, batch);
                return batch;
            });
        }
        return batch.remaining();
    }

    @Override
    public Page holders(Optional<String> after, int most) throws StoreUnavailableException {
        var holders = new Holders(targets, most);
        return sessions.doing(session -> {
            new Keyspace(session).requireTypes(targets);
            return holders.page(session, after);
        });
    }

    private interface Question {
        AsyncCommand<String, String, Long> of(Target target, String text);
    }

    private record Asked(int target, Trace trace, AsyncCommand<String, String, Long> command) {}

    private static void askExactly(Session session, Batch batch, Question question)
            throws ExecutionException, TimeoutException, InterruptedException {
        var asked = new ArrayList<Asked>();
        for (int target = 0; target < batch.targets().size(); target++) {
            Target place = batch.targets().get(target);
            if (place.kind() != Kind.PATTERN && place.kind() != Kind.STREAM) {
                for (Trace trace : batch.traces(target)) {
                    asked.add(new Asked(target, trace, question.of(place, trace.text())));
                }
            }
        }
        session.ask(asked.stream().map(Asked::command).toList());
        for (Asked answered : asked) {
            batch.found(
                    answered.target(),
                    batch.owners(answered.target(), answered.trace()),
                    Objects.requireNonNullElse(Session.value(answered.command()), 0L));
        }
    }

    private static AsyncCommand<String, String, Long> erasing(Target target, String text) {
        return switch (target.kind()) {
            case KEY, PATTERN -> number(CommandType.UNLINK, text);
            case HASH -> number(CommandType.HDEL, Bytes.of(target.name()), text);
            case SET -> number(CommandType.SREM, Bytes.of(target.name()), text);
            case SORTED_SET -> number(CommandType.ZREM, Bytes.of(target.name()), text);
            case STREAM -> number(CommandType.XDEL, Bytes.of(target.name()), text);
        };
    }

    private static AsyncCommand<String, String, Long> looking(Target target, String text) {
        return switch (target.kind()) {
            case KEY -> number(CommandType.EXISTS, text);
            case HASH -> number(CommandType.HEXISTS, Bytes.of(target.name()), text);
            case SET -> number(CommandType.SISMEMBER, Bytes.of(target.name()), text);
            case SORTED_SET -> number(CommandType.ZSCORE, Bytes.of(target.name()), text);
            case PATTERN, STREAM -> throw new IllegalArgumentException();
        };
    }

    private static AsyncCommand<String, String, Long> number(CommandType type, String key, String... values) {
        return Session.command(
                type,
                type == CommandType.ZSCORE ? new PresenceOutput() : new IntegerOutput<>(Bytes.CODEC),
                key,
                values);
    }

    private void eraseFound(Session session, Batch batch)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (batch.patterns().isEmpty()) {
            return;
        }
        new Keyspace(session).keys(batch.patterns().glob(), config.scanCount(), page -> {
            var unlinks = new LinkedHashMap<String, AsyncCommand<String, String, Long>>();
            for (String key : page) {
                if (!batch.patterns().targetBySubject(key).isEmpty()) {
                    unlinks.computeIfAbsent(key, found -> number(CommandType.UNLINK, found));
                }
            }
            session.ask(List.copyOf(unlinks.values()));
            for (var unlink : unlinks.entrySet()) {
                long erased = Objects.requireNonNullElse(Session.value(unlink.getValue()), 0L);
                batch.patterns()
                        .targetBySubject(unlink.getKey())
                        .forEach((subject, target) -> batch.found(target, Set.of(subject), erased));
            }
            return true;
        });
        if (batch.patterns().inDoubt() > 0) {
            LOG.warn(
                    "Store {} left {} keys alone that go on behind a separator where a * ends: if they are of the same"
                            + " person, add a template with one * more",
                    name,
                    batch.patterns().inDoubt());
        }
    }

    /** Asks for no identifier, so that what hides a key from an erase does not hide it here. */
    private void countFound(Session session, Batch batch)
            throws ExecutionException, TimeoutException, InterruptedException {
        if (batch.patterns().isEmpty()) {
            return;
        }
        var seen = new LinkedHashSet<String>();
        new Keyspace(session).keys(KeyPattern.commonGlob(targets), config.scanCount(), page -> {
            for (String key : page) {
                Map<Integer, Integer> found = batch.patterns().targetBySubject(key);
                if (!found.isEmpty() && seen.add(key)) {
                    found.forEach((subject, target) -> {
                        if (!batch.isExact(key, subject)) {
                            batch.found(target, Set.of(subject), 1);
                        }
                    });
                }
            }
            return true;
        });
    }

    private static void eraseEntries(Session session, Batch batch)
            throws ExecutionException, TimeoutException, InterruptedException {
        forEachStream(session, batch, CommandType.XRANGE, (target, entries) -> {
            var deletions = new LinkedHashMap<Entry, AsyncCommand<String, String, Long>>();
            entries.forEach(
                    entry -> deletions.put(entry, erasing(batch.targets().get(target), entry.id())));
            session.ask(List.copyOf(deletions.values()));
            for (var deletion : deletions.entrySet()) {
                batch.found(
                        target,
                        owners(batch, target, deletion.getKey()),
                        Objects.requireNonNullElse(Session.value(deletion.getValue()), 0L));
            }
        });
    }

    private static void countEntries(Session session, Batch batch)
            throws ExecutionException, TimeoutException, InterruptedException {
        forEachStream(
                session,
                batch,
                CommandType.XREVRANGE,
                (target, entries) -> entries.forEach(entry -> batch.found(target, owners(batch, target, entry), 1)));
    }

    private interface Entries {
        /** @param entries of some subject of the batch */
        void see(int target, List<Entry> entries) throws ExecutionException, TimeoutException, InterruptedException;
    }

    private static void forEachStream(Session session, Batch batch, CommandType range, Entries found)
            throws ExecutionException, TimeoutException, InterruptedException {
        for (int t = 0; t < batch.targets().size(); t++) {
            int target = t;
            if (!batch.traces(target).isEmpty() && batch.targets().get(target).kind() == Kind.STREAM) {
                new Keyspace(session)
                        .entries(range, Bytes.of(batch.targets().get(target).name()), page -> {
                            found.see(
                                    target,
                                    page.stream()
                                            .filter(entry -> !owners(batch, target, entry)
                                                    .isEmpty())
                                            .toList());
                            return true;
                        });
            }
        }
    }

    private static Set<Integer> owners(Batch batch, int target, Entry entry) {
        var owners = new LinkedHashSet<Integer>();
        entry.fields().forEach(field -> owners.addAll(batch.owners(target, field)));
        return owners;
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return sessions.doing(session -> {
            Map<Target, String> types = new Keyspace(session).types(targets);
            var obstacles = new ArrayList<>(Keyspace.problems(types));
            var warnings = new ArrayList<String>();
            if (!config.cluster() && isReplica(session)) {
                obstacles.add("this Redis is a replica and takes no changes: let the url lead to the primary");
            }
            types.forEach((target, type) -> {
                if (type.equals(Keyspace.NONE)) {
                    warnings.add("there is no \"" + target.name() + "\" at the moment: check its name");
                }
            });
            long keys = 0;
            for (Session primary : session.primaries()) {
                keys += Objects.requireNonNullElse(
                        primary.ask(Session.keyless(CommandType.DBSIZE, new IntegerOutput<>(Bytes.CODEC))), 0L);
            }
            if (targets.stream().anyMatch(target -> target.kind() == Kind.PATTERN)) {
                warnings.add("every batch goes over all keys, " + keys
                        + " at the moment, because of a * in keys; where the whole key can be said, say it");
            }
            warnings.addAll(unseen(session));
            return new StorePlan(
                    targets.stream()
                            .map(target -> new StorePlan.Step(target.name(), Action.DELETE, target.path()))
                            .toList(),
                    obstacles,
                    warnings);
        });
    }

    private static boolean isReplica(Session session)
            throws ExecutionException, TimeoutException, InterruptedException {
        var role = session.ask(Session.keyless(CommandType.ROLE, new NestedMultiOutput<>(Bytes.CODEC)));
        return role != null && !role.isEmpty() && "slave".equals(role.getFirst());
    }

    /** Templates that none of the first keys has the form of: they may be misspelt, and Redis can't tell. */
    private List<String> unseen(Session session) throws ExecutionException, TimeoutException, InterruptedException {
        List<Target> unseen = new ArrayList<>(
                targets.stream().filter(target -> !target.isContainer()).toList());
        var steps = new int[1];
        if (!unseen.isEmpty()) {
            new Keyspace(session).keys("*", config.scanCount(), page -> {
                unseen.removeIf(target -> page.stream().anyMatch(key -> KeyPattern.hasForm(target, key)));
                return !unseen.isEmpty() && ++steps[0] < SAMPLE;
            });
        }
        return unseen.stream()
                .map(target -> "no key that was looked at has the form \"" + target.name() + "\": check its spelling")
                .toList();
    }

    @Override
    public void close() {
        sessions.close();
    }
}
